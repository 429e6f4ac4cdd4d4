import type { Container, ContainerStatus as ApiContainerStatus, Pod, Probe } from 'kubernetes-types/core/v1';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { ContainerStatus } from '../../cri/runtime-service.ts';
import type { RecordContainerEvent } from '../images/image-manager.ts';
import type { ProbeVerdicts } from '../kuberuntime/pod-actions.ts';
import { isDeleting, isSidecar, uidOf } from '../types.ts';
import type { Prober, ProbeType } from './prober.ts';

/** What a prober needs to know of the pod that it looks after. */
interface ProbedPod {
  readonly pod: Pod;
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
/** Of a container that is looked at for the first time: not ready, alive, not known to have started. */
const INITIAL: Readonly<Record<ProbeType, boolean | undefined>> = {
  startup: undefined,
  readiness: false,
  liveness: true,
};

/**
 * Looks after the probes of all pods of a node.
 *
 * Models pkg/kubelet/prober/prober_manager.go and worker.go.
 */
export class ProberManager implements ProbeVerdicts {
  readonly #clock: Clock;
  readonly #prober: Prober;
  readonly #hooks: ProberHooks;
  readonly #workers = new Map<string, Worker>();
  /** By container id and probe: what the probe found last. */
  readonly #results = new Map<string, boolean>();
  readonly #started: number;

  constructor(clock: Clock, prober: Prober, hooks: ProberHooks) {
    this.#clock = clock;
    this.#prober = prober;
    this.#hooks = hooks;
    this.#started = clock.now();
  }

  /** What was found of running containers before this process went on: it holds until a probe says otherwise. */
  recall(statuses: readonly ApiContainerStatus[]): void {
    for (const { containerID, state, ready, started } of statuses) {
      if (containerID === undefined || state?.running === undefined) continue;
      const id = containerID.replace(/^.*:\/\//, '');
      this.#results.set(resultKey(id, 'readiness'), ready);
      if (started === true) this.#results.set(resultKey(id, 'startup'), true);
    }
  }

  /** Starts workers for the pod's probes; those that run stay. */
  addPod(pod: Pod): void {
    for (const container of probedContainers(pod)) {
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

  /** Something happened to the pod's containers: nobody sleeps on an old answer. */
  podChanged(pod: Pod): void {
    for (const { name } of probedContainers(pod)) {
      for (const { type } of PROBE_TYPES) this.#workers.get(workerKey(uidOf(pod), name, type))?.wake();
    }
  }

  /** A pod that ends is asked for its readiness alone. */
  stopLivenessAndStartup(pod: Pod): void {
    for (const { name } of probedContainers(pod)) {
      for (const type of ['liveness', 'startup'] as const) this.#stop(workerKey(uidOf(pod), name, type));
    }
  }

  removePod(pod: Pod): void {
    for (const { name } of probedContainers(pod)) {
      for (const { type } of PROBE_TYPES) this.#stop(workerKey(uidOf(pod), name, type));
    }
  }

  stop(): void {
    for (const key of [...this.#workers.keys()]) this.#stop(key);
  }

  /** An instance of a container is gone for good. */
  forget(containerId: string): void {
    for (const { type } of PROBE_TYPES) this.#results.delete(resultKey(containerId, type));
  }

  liveness(containerId: string): boolean | undefined {
    return this.#results.get(resultKey(containerId, 'liveness'));
  }

  startup(containerId: string): boolean | undefined {
    return this.#results.get(resultKey(containerId, 'startup'));
  }

  /**
   * Whether a running container has started: its startup probe says so, or there is none. `before` is what
   * was known of the same instance before this kubelet began: it holds until a probe has spoken.
   */
  isStarted(container: Container, { id, startedAt }: ContainerStatus, before?: boolean): boolean {
    if (container.startupProbe === undefined) return true;
    const result = this.startup(id);
    if (result === undefined && before === true && startedAt < this.#started) return true;
    return result === true;
  }

  isReady(container: Container, instance: ContainerStatus, before?: boolean): boolean {
    if (!this.isStarted(container, instance, before)) return false;
    if (container.readinessProbe === undefined) return true;
    const result = this.#results.get(resultKey(instance.id, 'readiness'));
    if (result === undefined && before === true && instance.startedAt < this.#started) return true;
    return result === true;
  }

  #stop(key: string): void {
    this.#workers.get(key)?.stop();
    this.#workers.delete(key);
  }

  async #probe(worker: Worker, pod: Pod, container: Container, probe: Probe, type: ProbeType): Promise<void> {
    const observed = await this.#hooks.observe(uidOf(pod));
    const instance = observed?.container(container.name);
    if (worker.stopped || observed === undefined || instance === undefined) return;
    if (worker.containerId !== instance.id) {
      worker.reset(instance.id);
      // An instance that an earlier kubelet started keeps what was said of it until it is asked.
      const isAdopted = instance.startedAt < this.#started;
      const initial = INITIAL[type];
      if (initial !== undefined && !(isAdopted && type === 'readiness')) {
        this.#results.set(resultKey(instance.id, type), initial);
      }
    }
    if (worker.onHold) return worker.rest(UNTIL_WOKEN);
    if (instance.state !== 'CONTAINER_RUNNING') {
      this.#set(pod, container, type, instance.id, type === 'liveness');
      return;
    }
    // A pod that is being deleted is not to be restarted because of its probes.
    if (isDeleting(observed.pod) && type !== 'readiness') {
      this.#set(pod, container, type, instance.id, true);
      return;
    }
    if (this.#clock.now() - instance.startedAt < (probe.initialDelaySeconds ?? 0) * 1000) return;
    const started = this.isStarted(container, instance, type !== 'startup');
    if (type === 'startup' && this.startup(instance.id) === true) return worker.rest(UNTIL_WOKEN);
    if (type !== 'startup' && !started) return;

    const target = { containerId: instance.id, podIP: observed.podIP };
    const { ok, output, errored } = await this.#prober.probe(container, probe, target);
    if (worker.stopped || worker.containerId !== instance.id) return;
    if (!ok) {
      const how = errored === true ? 'probe errored and resulted in unknown state' : 'probe failed';
      this.#hooks.record(pod, container, 'Warning', 'Unhealthy', `${TITLES[type]} ${how}: ${output}`);
    }
    // What is not known changes nothing.
    if (errored === true) return;
    const threshold = ok ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
    if (worker.count(ok) < threshold) return;
    // A container that is to be restarted, or has started, is left alone until there is a new one.
    worker.onHold = type === 'startup' || (!ok && type === 'liveness');
    this.#set(pod, container, type, instance.id, ok);
    if (type === 'startup' && ok) this.#trigger(uidOf(pod), container.name);
    if (worker.onHold) worker.rest(UNTIL_WOKEN);
    else if (ok) worker.rest((changed) => this.#prober.onceChanged(container, probe, target, changed));
  }

  #set(pod: Pod, container: Container, type: ProbeType, id: string, ok: boolean): void {
    const key = resultKey(id, type);
    if (this.#results.get(key) === ok) return;
    this.#results.set(key, ok);
    this.#hooks.changed(pod, container, id, type);
  }

  /** A container that has just started need not wait a whole period to become ready. */
  #trigger(uid: string, container: string): void {
    for (const type of ['readiness', 'liveness'] as const) {
      this.#workers.get(workerKey(uid, container, type))?.trigger();
    }
  }
}

/** For {@link Worker.rest}: nothing but a change of the pod's containers makes another answer. */
const UNTIL_WOKEN = () => () => {};

/** Once every period, counted from its beginning, one probe of one container. */
class Worker {
  containerId = '';
  onHold = false;
  stopped = false;
  #lastOk: boolean | undefined;
  #runs = 0;
  #timer: Timer | undefined;
  /** The last instant at which the probe was due. */
  #due: number;
  #unwatch: (() => void) | undefined;
  readonly #clock: Clock;
  readonly #period: number;
  readonly #probe: () => Promise<void>;

  constructor(clock: Clock, probe: Probe, run: () => Promise<void>) {
    this.#clock = clock;
    this.#period = (probe.periodSeconds ?? 10) * 1000;
    this.#probe = run;
    this.#due = clock.now();
    this.#schedule(0);
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
    if (!this.stopped) this.#schedule(0);
  }

  stop(): void {
    this.stopped = true;
    this.#timer?.cancel();
    this.#unwatch?.();
  }

  /**
   * Asks no more until the answer may be another: nothing would come of it. `watch` says how to learn of
   * that, and gives nothing if there is no way.
   */
  rest(watch: (changed: () => void) => (() => void) | undefined): void {
    if (this.stopped || this.#unwatch !== undefined) return;
    this.#unwatch = watch(() => this.wake());
    if (this.#unwatch !== undefined) this.#timer?.cancel();
  }

  /** Goes on at the next instant at which it would have asked. */
  wake(): void {
    if (this.stopped || this.#unwatch === undefined) return;
    this.#unwatch();
    this.#unwatch = undefined;
    const now = this.#clock.now();
    const passed = now - this.#due;
    const wait = this.#period - (passed % this.#period);
    this.#due = now + wait - this.#period;
    this.#schedule(wait);
  }

  #schedule(delay: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.schedule(delay, () => this.#tick(), { periodic: true });
  }

  #tick(): void {
    this.#due = this.#clock.now();
    this.#schedule(this.#period);
    void this.#probe();
  }
}

/** Containers that are probed: sidecars and the main ones. */
function probedContainers(pod: Pod): readonly Container[] {
  return [...(pod.spec!.initContainers ?? []).filter(isSidecar), ...pod.spec!.containers];
}

function workerKey(uid: string, container: string, type: ProbeType): string {
  return `${uid}/${container}/${type}`;
}

function resultKey(containerId: string, type: ProbeType): string {
  return `${containerId}/${type}`;
}
