import type { Container, ContainerStatus as ApiContainerStatus, Pod, Probe } from 'kubernetes-types/core/v1';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { ContainerStatus } from '../../cri/runtime-service.ts';
import type { MachineNetwork } from '../../node/network.ts';
import type { RecordContainerEvent } from '../images/image-manager.ts';
import { isSidecar, uidOf } from '../types.ts';
import type { ProbeType } from './prober.ts';
import { runProbe } from './prober.ts';

/** What a prober needs to know of the pod that it looks after. */
interface ProbedPod {
  /** The newest instance of a container. */
  container(name: string): ContainerStatus | undefined;
  readonly podIP: string;
}

export interface ProberHooks {
  /** The pod as it is now; undefined if it is gone. */
  observe(uid: string): Promise<ProbedPod | undefined>;
  /** A result changed. */
  changed(pod: Pod, container: Container, containerId: string, type: ProbeType): void;
  readonly record: RecordContainerEvent;
}

const PROBE_TYPES: readonly { readonly type: ProbeType; readonly field: `${ProbeType}Probe` }[] = [
  { type: 'startup', field: 'startupProbe' },
  { type: 'readiness', field: 'readinessProbe' },
  { type: 'liveness', field: 'livenessProbe' },
];
const TITLES = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' } as const;
/** Of a container that is looked at for the first time: not ready, alive, not yet started. */
const INITIAL: Readonly<Record<ProbeType, boolean>> = { startup: false, readiness: false, liveness: true };

/**
 * Looks after the probes of all pods of a node.
 *
 * Models pkg/kubelet/prober/prober_manager.go and worker.go.
 */
export class ProberManager {
  readonly #clock: Clock;
  readonly #network: MachineNetwork;
  readonly #hooks: ProberHooks;
  readonly #workers = new Map<string, Worker>();
  /** By container id and probe: what the probe found last. */
  readonly #results = new Map<string, boolean>();
  /** Container ids whose startup probe has used up its tries. */
  readonly #failedStartups = new Set<string>();

  constructor(clock: Clock, network: MachineNetwork, hooks: ProberHooks) {
    this.#clock = clock;
    this.#network = network;
    this.#hooks = hooks;
  }

  /** What was found of running containers before this process went on: it holds until a probe says otherwise. */
  recall(statuses: readonly ApiContainerStatus[]): void {
    for (const { containerID, state, ready, started } of statuses) {
      if (containerID === undefined || state?.running === undefined) continue;
      const id = containerID.replace(/^.*:\/\//, '');
      this.#results.set(resultKey(id, 'readiness'), ready);
      this.#results.set(resultKey(id, 'startup'), started ?? false);
    }
  }

  /** Starts workers for the pod's probes; those that run stay. */
  addPod(pod: Pod): void {
    const spec = pod.spec!;
    for (const container of [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers]) {
      for (const { type, field } of PROBE_TYPES) {
        const probe = container[field];
        const key = workerKey(uidOf(pod), container.name, type);
        if (probe === undefined || this.#workers.has(key)) continue;
        const worker: Worker = new Worker(this.#clock, probe, () =>
          this.#probe(worker, pod, container, probe, type),
        );
        this.#workers.set(key, worker);
      }
    }
  }

  /** A pod that ends is asked for its readiness alone. */
  stopLivenessAndStartup(pod: Pod): void {
    for (const { name } of pod.spec!.containers) {
      for (const type of ['liveness', 'startup'] as const) this.#stop(workerKey(uidOf(pod), name, type));
    }
  }

  removePod(pod: Pod): void {
    const spec = pod.spec!;
    for (const { name } of [...(spec.initContainers ?? []), ...spec.containers]) {
      for (const { type } of PROBE_TYPES) this.#stop(workerKey(uidOf(pod), name, type));
    }
  }

  stop(): void {
    for (const key of [...this.#workers.keys()]) this.#stop(key);
  }

  /** Undefined if the probe has not said anything of this container. */
  result(containerId: string, type: ProbeType): boolean | undefined {
    return this.#results.get(resultKey(containerId, type));
  }

  /** Whether a running container has started: its startup probe says so, or there is none. */
  isStarted(container: Container, containerId: string): boolean {
    return container.startupProbe === undefined || this.result(containerId, 'startup') === true;
  }

  isReady(container: Container, containerId: string): boolean {
    if (!this.isStarted(container, containerId)) return false;
    return container.readinessProbe === undefined || this.result(containerId, 'readiness') === true;
  }

  #stop(key: string): void {
    this.#workers.get(key)?.stop();
    this.#workers.delete(key);
  }

  async #probe(worker: Worker, pod: Pod, container: Container, probe: Probe, type: ProbeType): Promise<void> {
    const observed = await this.#hooks.observe(uidOf(pod));
    const instance = observed?.container(container.name);
    if (observed === undefined || instance?.state !== 'CONTAINER_RUNNING') return;
    if (worker.containerId !== instance.id) {
      worker.reset(instance.id);
      const result = resultKey(instance.id, type);
      if (!this.#results.has(result)) this.#results.set(result, INITIAL[type]);
    }
    if (worker.onHold) return;
    if (this.#clock.now() - instance.startedAt < (probe.initialDelaySeconds ?? 0) * 1000) return;
    const started = this.isStarted(container, instance.id);
    if (type === 'startup' ? started : !started) return;

    const { ok, output } = await runProbe(this.#network, container, probe, observed.podIP);
    if (worker.stopped || worker.containerId !== instance.id) return;
    if (!ok) {
      this.#hooks.record(pod, container, 'Warning', 'Unhealthy', `${TITLES[type]} probe failed: ${output}`);
    }
    const threshold = ok ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
    if (worker.count(ok) < threshold) return;
    const key = resultKey(instance.id, type);
    const before = this.#results.get(key);
    this.#results.set(key, ok);
    // A container that is to be restarted is left alone until there is a new one.
    if (!ok && type !== 'readiness') worker.onHold = true;
    if (type === 'startup' && !ok) this.#failedStartups.add(instance.id);
    if (before !== ok || worker.onHold) this.#hooks.changed(pod, container, instance.id, type);
    if (type === 'startup' && ok) this.#trigger(uidOf(pod), container.name);
  }

  failedStartup(containerId: string): boolean {
    return this.#failedStartups.has(containerId);
  }

  failedLiveness(containerId: string): boolean {
    return this.result(containerId, 'liveness') === false;
  }

  /** A container that has just started need not wait a whole period to become ready. */
  #trigger(uid: string, container: string): void {
    for (const type of ['readiness', 'liveness'] as const) {
      this.#workers.get(workerKey(uid, container, type))?.trigger();
    }
  }
}

/** One probe of one container, at its period. */
class Worker {
  containerId = '';
  onHold = false;
  stopped = false;
  #lastOk: boolean | undefined;
  #runs = 0;
  #timer: Timer;
  readonly #clock: Clock;
  readonly #period: number;
  readonly #probe: () => Promise<void>;

  constructor(clock: Clock, probe: Probe, run: () => Promise<void>) {
    this.#clock = clock;
    this.#period = (probe.periodSeconds ?? 10) * 1000;
    this.#probe = run;
    this.#timer = clock.schedule(0, () => this.#tick(), { periodic: true });
  }

  reset(containerId: string): void {
    this.containerId = containerId;
    this.onHold = false;
    this.#lastOk = undefined;
    this.#runs = 0;
  }

  /** How often this outcome came in a row, this one included. */
  count(ok: boolean): number {
    this.#runs = this.#lastOk === ok ? this.#runs + 1 : 1;
    this.#lastOk = ok;
    return this.#runs;
  }

  trigger(): void {
    if (this.stopped) return;
    this.#timer.cancel();
    this.#timer = this.#clock.schedule(0, () => this.#tick(), { periodic: true });
  }

  stop(): void {
    this.stopped = true;
    this.#timer.cancel();
  }

  #tick(): void {
    this.#timer = this.#clock.schedule(this.#period, () => this.#tick(), { periodic: true });
    void this.#probe();
  }
}

function workerKey(uid: string, container: string, type: ProbeType): string {
  return `${uid}/${container}/${type}`;
}

function resultKey(containerId: string, type: ProbeType): string {
  return `${containerId}/${type}`;
}
