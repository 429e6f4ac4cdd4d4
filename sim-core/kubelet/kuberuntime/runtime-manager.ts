import type { Container, Pod } from 'kubernetes-types/core/v1';
import type { Clock } from '../../clock/clock.ts';
import { Context } from '../../clock/context.ts';
import type {
  ContainerStatus,
  DnsConfig,
  ImageStatus,
  PodSandboxConfig,
  RuntimeService,
} from '../../cri/runtime-service.ts';
import { CriError } from '../../cri/runtime-service.ts';
import type { ImageManager, RecordContainerEvent } from '../images/image-manager.ts';
import type { HookRunner } from '../lifecycle/hook-runner.ts';
import { HookError } from '../lifecycle/hook-runner.ts';
import { allContainersOf, gracePeriodOf, isSidecar, nameOf, namespaceOf, podText, uidOf } from '../types.ts';
import { KeyedBackoff } from '../../client-go/util/flowcontrol/backoff.ts';
import type { ContainerEnvironment } from './container-config.ts';
import { containerConfig, podLogsDirectory, verifyRunAsNonRoot } from './container-config.ts';
import { BACK_OFF_PERIOD_MS, StartError, SyncError } from './errors.ts';
import type { KillReason, ProbeVerdicts } from './pod-actions.ts';
import { computePodActions, containerHash } from './pod-actions.ts';
import type { RuntimePodStatus } from './pod-status.ts';
import { findContainer, podLabels, restartCountOf, runtimePodStatus } from './pod-status.ts';
import type { ReasonCache } from './reason-cache.ts';

/** CrashLoopBackOff: from 10 s to 5 min. */
const RESTART_BACKOFF = { initial: 10_000, max: 300_000 };
/** Every container gets at least so long to stop. */
const MINIMUM_GRACE_SECONDS = 2;

type RecordPodEvent = (pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string) => void;

export interface RuntimeManagerHelper {
  /** Environment and mounts of a container; rejects with a StartError (CreateContainerConfigError). */
  containerEnvironment(pod: Pod, container: Container, podIP: string): Promise<ContainerEnvironment>;
  dnsOf(pod: Pod): DnsConfig;
  /** The pod's host name, cut to 63 characters. */
  hostnameOf(pod: Pod): string;
  imageStatus(image: string): Promise<ImageStatus | undefined>;
  /** The container runs and has a log. */
  logBegan(pod: Pod, container: Container, id: string, restartCount: number): void;
  /** The machine's own address, for pods on its network. */
  readonly hostIP: string;
  readonly memoryCapacity: number;
}

/**
 * Makes the runtime have what a pod says.
 *
 * Models pkg/kubelet/kuberuntime/kuberuntime_manager.go and kuberuntime_container.go.
 */
export class RuntimeManager {
  readonly #clock: Clock;
  readonly #runtime: RuntimeService;
  readonly #images: ImageManager;
  readonly #hooks: HookRunner;
  readonly #helper: RuntimeManagerHelper;
  readonly #record: RecordContainerEvent;
  readonly #recordPod: RecordPodEvent;
  readonly #reasons: ReasonCache;
  readonly #backoff: KeyedBackoff;

  constructor(
    clock: Clock,
    runtime: RuntimeService,
    images: ImageManager,
    hooks: HookRunner,
    helper: RuntimeManagerHelper,
    events: { readonly container: RecordContainerEvent; readonly pod: RecordPodEvent },
    reasons: ReasonCache,
  ) {
    this.#clock = clock;
    this.#runtime = runtime;
    this.#images = images;
    this.#hooks = hooks;
    this.#helper = helper;
    this.#record = events.container;
    this.#recordPod = events.pod;
    this.#reasons = reasons;
    this.#backoff = new KeyedBackoff(clock, RESTART_BACKOFF);
  }

  podStatus(uid: string): Promise<RuntimePodStatus> {
    return runtimePodStatus(this.#runtime, uid);
  }

  /**
   * One round: kills what must go, makes the sandbox, starts what is missing. Stops early when
   * `context` is cancelled. Rejects with a SyncError if something is left to do.
   */
  async syncPod(
    pod: Pod,
    status: RuntimePodStatus,
    verdicts: ProbeVerdicts,
    context: Context,
  ): Promise<void> {
    const actions = computePodActions(pod, status, verdicts);
    if (actions.killPod) {
      if (actions.createSandbox && status.sandboxes.length > 0) {
        this.#recordPod(
          pod,
          'Normal',
          'SandboxChanged',
          'Pod sandbox changed, it will be killed and re-created.',
        );
      }
      await this.killPod(pod, status, undefined);
      if (!actions.createSandbox) return;
    } else {
      const ip = podAddress(status, this.#helper.hostIP);
      await Promise.all(
        actions.containersToKill.map(({ container, status: instance, message, reason }) =>
          this.#killContainer(pod, container, instance, ip, { message, reason }),
        ),
      );
    }
    if (context.cancelled) return;
    await this.#pruneInitContainers(pod, status);

    let sandboxId = actions.sandboxId;
    let ip = status.sandboxes[0]?.ip ?? '';
    if (sandboxId === undefined) {
      sandboxId = await this.#createSandbox(pod, actions.attempt);
      ip = (await this.#runtime.podSandboxStatus(sandboxId)).ip;
    }
    const podIP = ip === '' ? this.#helper.hostIP : ip;
    const problems: { readonly text: string; readonly retryAfter: number }[] = [];
    /** False if the container did not start. */
    const start = async (container: Container): Promise<boolean> => {
      if (context.cancelled) return false;
      try {
        await this.#startContainer(pod, container, sandboxId, podIP, status, context);
        this.#reasons.delete(uidOf(pod), container.name);
        return true;
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        this.#reasons.set(uidOf(pod), container.name, { reason: error.reason, message: error.message });
        problems.push({
          text: `failed to "StartContainer" for ${JSON.stringify(container.name)} with ${error.reason}: ${JSON.stringify(error.message)}`,
          retryAfter: error.retryAfter ?? BACK_OFF_PERIOD_MS,
        });
        return false;
      }
    };
    for (const container of actions.ephemeralContainersToStart) await start(container);
    let mayGoOn = true;
    for (const container of actions.initContainersToStart) {
      if ((await start(container)) || isSidecar(container)) continue;
      mayGoOn = false;
      break;
    }
    if (mayGoOn) for (const container of actions.containersToStart) await start(container);
    if (problems.length === 0) return;
    const texts = problems.map(({ text }) => text);
    throw new SyncError(
      texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`,
      Math.min(...problems.map(({ retryAfter }) => retryAfter)),
    );
  }

  /**
   * Stops containers, sidecars after the others and the last of them first, then the sandboxes.
   * `gracePeriodSeconds` overrides the pod's own.
   */
  async killPod(pod: Pod, status: RuntimePodStatus, gracePeriodSeconds: number | undefined): Promise<void> {
    const ip = podAddress(status, this.#helper.hostIP);
    const running = status.containers.filter(({ state }) => state === 'CONTAINER_RUNNING');
    const sidecars = (pod.spec!.initContainers ?? []).filter(isSidecar).map(({ name }) => name);
    const started = this.#clock.now();
    const kill = (instance: ContainerStatus) => {
      const container = allContainersOf(pod).find(({ name }) => name === instance.metadata.name);
      const passed = Math.floor((this.#clock.now() - started) / 1000);
      const grace = (gracePeriodSeconds ?? gracePeriodOf(pod)) - passed;
      return this.#killContainer(pod, container, instance, ip, { gracePeriodSeconds: grace });
    };
    const isLast = ({ metadata }: ContainerStatus) => sidecars.includes(metadata.name);
    await Promise.all(running.filter((instance) => !isLast(instance)).map(kill));
    const last = running.filter(isLast);
    last.sort((a, b) => sidecars.indexOf(b.metadata.name) - sidecars.indexOf(a.metadata.name));
    for (const instance of last) await kill(instance);
    for (const sandbox of status.sandboxes) {
      if (sandbox.state === 'SANDBOX_READY') await this.#runtime.stopPodSandbox(sandbox.id);
    }
  }

  /** Removes everything of a pod that is gone. Models the garbage collector and deleteContainersInPod. */
  async removePod(uid: string): Promise<void> {
    const status = await this.podStatus(uid);
    for (const container of status.containers) await this.#runtime.removeContainer(container.id);
    for (const sandbox of status.sandboxes) await this.#runtime.removePodSandbox(sandbox.id);
    this.#reasons.deletePod(uid);
  }

  /** Keeps one dead instance of each container. Models pod_container_deletor.go. */
  async pruneContainers(uid: string): Promise<void> {
    const status = await this.podStatus(uid);
    const seen = new Set<string>();
    for (const { id, state, metadata } of status.containers) {
      if (state !== 'CONTAINER_EXITED') continue;
      if (seen.has(metadata.name)) await this.#runtime.removeContainer(id);
      seen.add(metadata.name);
    }
  }

  async #createSandbox(pod: Pod, attempt: number): Promise<string> {
    try {
      return await this.#runtime.runPodSandbox(this.#sandboxConfig(pod, attempt));
    } catch (error) {
      if (!(error instanceof CriError)) throw error;
      this.#recordPod(
        pod,
        'Warning',
        'FailedCreatePodSandBox',
        `Failed to create pod sandbox: ${error.message}`,
      );
      throw new SyncError(
        `failed to "CreatePodSandbox" for ${JSON.stringify(podText(pod))} with CreatePodSandboxError: ${JSON.stringify(`Failed to create sandbox for pod ${JSON.stringify(podText(pod))}: ${error.message}`)}`,
        BACK_OFF_PERIOD_MS,
      );
    }
  }

  async #startContainer(
    pod: Pod,
    container: Container,
    sandboxId: string,
    podIP: string,
    status: RuntimePodStatus,
    context: Context,
  ): Promise<void> {
    const last = findContainer(status, container.name);
    this.#checkBackOff(pod, container, status);
    const fail = (error: unknown, reason: 'CreateContainerConfigError' | 'CreateContainerError') => {
      if (!(error instanceof CriError || error instanceof StartError)) throw error;
      const message = error instanceof CriError ? error.description : error.message;
      this.#record(pod, container, 'Warning', 'Failed', `Error: ${message}`);
      return error instanceof StartError ? error : new StartError(reason, message);
    };
    try {
      await this.#images.ensureImageExists(pod, container);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      this.#record(pod, container, 'Warning', 'Failed', `Error: ${error.reason}`);
      throw error;
    }
    const restartCount = last === undefined ? 0 : restartCountOf(last) + 1;
    let id: string;
    try {
      const { imageStatus, memoryCapacity } = this.#helper;
      const target = targetOf(container);
      const targetId = target === undefined ? undefined : findContainer(status, target)?.id;
      if (target !== undefined && targetId === undefined) {
        throw new StartError('CreateContainerConfigError', `unable to find target container ${target}`);
      }
      const environment = await this.#helper.containerEnvironment(pod, container, podIP);
      verifyRunAsNonRoot(pod, container, await imageStatus(container.image ?? ''));
      if (context.cancelled) return;
      id = await this.#runtime.createContainer(
        sandboxId,
        containerConfig(pod, container, restartCount, environment, memoryCapacity, targetId),
      );
    } catch (error) {
      throw fail(error, 'CreateContainerError');
    }
    this.#record(pod, container, 'Normal', 'Created', 'Container created');
    try {
      await this.#runtime.startContainer(id);
    } catch (error) {
      if (!(error instanceof CriError)) throw error;
      this.#record(pod, container, 'Warning', 'Failed', `Error: ${error.description}`);
      throw new StartError('RunContainerError', error.description);
    }
    this.#record(pod, container, 'Normal', 'Started', 'Container started');
    this.#helper.logBegan(pod, container, id, restartCount);
    await this.#postStart(pod, container, id, podIP, context);
  }

  async #postStart(
    pod: Pod,
    container: Container,
    id: string,
    podIP: string,
    context: Context,
  ): Promise<void> {
    const handler = container.lifecycle?.postStart;
    if (handler === undefined) return;
    try {
      await this.#hooks.run(pod, container, id, podIP, handler, context);
    } catch (error) {
      if (!(error instanceof HookError)) throw error;
      this.#record(pod, container, 'Warning', 'FailedPostStartHook', 'PostStartHook failed');
      const instance = await this.#runtime.containerStatus(id);
      await this.#killContainer(pod, container, instance, podIP, {
        message: 'FailedPostStartHook',
        reason: 'postStart',
      });
      throw new StartError('PostStartHookError', error.message);
    }
  }

  /** Models kuberuntime doBackOff. */
  #checkBackOff(pod: Pod, container: Container, status: RuntimePodStatus): void {
    const last = status.containers.find(
      ({ metadata, state }) => metadata.name === container.name && state === 'CONTAINER_EXITED',
    );
    if (last === undefined) return;
    const key = `${podText(pod)}/${containerHash(container)}`;
    const wait = this.#backoff.remaining(key, last.finishedAt);
    if (wait === 0) {
      this.#backoff.next(key, last.finishedAt);
      return;
    }
    this.#record(
      pod,
      container,
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${container.name} in pod ${podText(pod)}`,
    );
    throw new StartError(
      'CrashLoopBackOff',
      `back-off ${secondsText(this.#backoff.get(key))} restarting failed container=${container.name} pod=${podText(pod)}`,
      wait,
    );
  }

  /** Models killContainer: the hook first, then SIGTERM, then SIGKILL, all within one grace period. */
  async #killContainer(
    pod: Pod,
    container: Container | undefined,
    instance: ContainerStatus,
    podIP: string,
    how: {
      readonly message?: string;
      readonly reason?: KillReason;
      readonly gracePeriodSeconds?: number;
    },
  ): Promise<void> {
    const { name } = instance.metadata;
    if (container !== undefined) {
      this.#record(pod, container, 'Normal', 'Killing', how.message ?? `Stopping container ${name}`);
    }
    let grace = how.gracePeriodSeconds ?? gracePeriodFor(pod, container, how.reason);
    const handler = container?.lifecycle?.preStop;
    if (container !== undefined && handler !== undefined && grace > 0) {
      grace -= await this.#preStop(pod, container, instance.id, podIP, grace);
    }
    await this.#runtime.stopContainer(instance.id, Math.max(grace, MINIMUM_GRACE_SECONDS));
  }

  /**
   * Runs the hook; resolves to the whole seconds that it took, at the end of the grace period at the latest. A hook that
   * is not through by then goes on until its container ends, and has failed. Models executePreStopHook.
   */
  async #preStop(pod: Pod, container: Container, id: string, podIP: string, grace: number): Promise<number> {
    const started = this.#clock.now();
    const handler = container.lifecycle!.preStop!;
    const hook = this.#hooks
      .run(pod, container, id, podIP, handler, new Context())
      .catch((error: unknown) => {
        if (!(error instanceof HookError)) throw error;
        this.#record(pod, container, 'Warning', 'FailedPreStopHook', 'PreStopHook failed');
      });
    const patience = new Context();
    await Promise.race([hook, this.#clock.sleep(grace * 1000, { context: patience })]);
    patience.cancel();
    return Math.floor((this.#clock.now() - started) / 1000);
  }

  async #pruneInitContainers(pod: Pod, status: RuntimePodStatus): Promise<void> {
    for (const { name } of pod.spec!.initContainers ?? []) {
      const dead = status.containers.filter(
        ({ metadata, state }) => metadata.name === name && state === 'CONTAINER_EXITED',
      );
      for (const { id } of dead.slice(1)) await this.#runtime.removeContainer(id);
    }
  }

  #sandboxConfig(pod: Pod, attempt: number): PodSandboxConfig {
    const { hostNetwork = false, hostPID = false, shareProcessNamespace = false } = pod.spec!;
    return {
      metadata: { name: nameOf(pod), uid: uidOf(pod), namespace: namespaceOf(pod), attempt },
      hostname: hostNetwork ? '' : this.#helper.hostnameOf(pod),
      logDirectory: podLogsDirectory(pod),
      labels: podLabels(pod),
      annotations: pod.metadata?.annotations ?? {},
      hostNetwork,
      sharesProcesses: hostPID || shareProcessNamespace,
      ...(hostPID && { hostProcesses: true }),
      dns: this.#helper.dnsOf(pod),
    };
  }
}

/** Models setTerminationGracePeriod: a probe may have a grace period of its own. */
function gracePeriodFor(pod: Pod, container: Container | undefined, reason: KillReason): number {
  if (pod.metadata?.deletionGracePeriodSeconds !== undefined) return pod.metadata.deletionGracePeriodSeconds;
  const probe = reason === 'startupProbe' || reason === 'livenessProbe' ? container?.[reason] : undefined;
  return probe?.terminationGracePeriodSeconds ?? gracePeriodOf(pod);
}

/** The container that an ephemeral one looks into. */
function targetOf(container: Container): string | undefined {
  return (container as { targetContainerName?: string }).targetContainerName || undefined;
}

function podAddress(status: RuntimePodStatus, hostIP: string): string {
  return status.sandboxes[0]?.ip || hostIP;
}

/** "10s", "1m20s", "5m0s": how Go prints whole seconds. */
function secondsText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
