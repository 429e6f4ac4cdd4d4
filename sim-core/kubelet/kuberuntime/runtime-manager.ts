import type { Container, Pod } from 'kubernetes-types/core/v1';
import type { Clock } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import type { ContainerStatus, PodSandboxConfig, RuntimeService } from '../../cri/runtime-service.ts';
import { CriError } from '../../cri/runtime-service.ts';
import type { ImageManager, RecordContainerEvent } from '../images/image-manager.ts';
import { gracePeriodOf, isSidecar, nameOf, namespaceOf, podText, uidOf } from '../types.ts';
import { KeyedBackoff } from './backoff.ts';
import type { ContainerEnvironment } from './container-config.ts';
import { containerConfig, podLogsDirectory } from './container-config.ts';
import { BACK_OFF_PERIOD_MS, StartError, SyncError } from './errors.ts';
import type { ProbeVerdicts } from './pod-actions.ts';
import { computePodActions, containerHash } from './pod-actions.ts';
import type { RuntimePodStatus } from './pod-status.ts';
import { findContainer, podLabels, restartCountOf, runtimePodStatus } from './pod-status.ts';
import type { ReasonCache } from './reason-cache.ts';

/** CrashLoopBackOff: from 10 s to 5 min. */
const RESTART_BACKOFF = { initial: 10_000, max: 300_000 };
/** How long a container that failed its probe or changed may take to stop, if its pod says nothing. */
const MINIMUM_GRACE_SECONDS = 2;

export interface RuntimeManagerHelper {
  /** Environment and mounts of a container; rejects with a StartError (CreateContainerConfigError). */
  containerEnvironment(pod: Pod, container: Container, podIP: string): Promise<ContainerEnvironment>;
  /** The machine's own address, for pods on its network. */
  readonly hostIP: string;
  /** Called before a running container is stopped. */
  containerStopping(pod: Pod, container: string): void;
}

/**
 * Makes the runtime have what a pod says.
 *
 * Models pkg/kubelet/kuberuntime/kuberuntime_manager.go.
 */
export class RuntimeManager {
  readonly #runtime: RuntimeService;
  readonly #images: ImageManager;
  readonly #helper: RuntimeManagerHelper;
  readonly #record: RecordContainerEvent;
  readonly #recordPod: (pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string) => void;
  readonly #reasons: ReasonCache;
  readonly #backoff: KeyedBackoff;

  constructor(
    clock: Clock,
    runtime: RuntimeService,
    images: ImageManager,
    helper: RuntimeManagerHelper,
    events: {
      readonly container: RecordContainerEvent;
      readonly pod: (pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string) => void;
    },
    reasons: ReasonCache,
  ) {
    this.#runtime = runtime;
    this.#images = images;
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
    }
    for (const { container, status: instance, message } of actions.containersToKill) {
      await this.#killContainer(pod, container.name, instance, message, undefined);
    }
    if (context.cancelled) return;

    let sandboxId = actions.sandboxId;
    let ip = status.sandboxes[0]?.ip ?? '';
    if (sandboxId === undefined) {
      const config = sandboxConfig(pod, actions.attempt);
      try {
        sandboxId = await this.#runtime.runPodSandbox(config);
      } catch (error) {
        if (!(error instanceof CriError)) throw error;
        const message = `Failed to create pod sandbox: ${error.message}`;
        this.#recordPod(pod, 'Warning', 'FailedCreatePodSandBox', message);
        throw new SyncError(message, BACK_OFF_PERIOD_MS);
      }
      ip = (await this.#runtime.podSandboxStatus(sandboxId)).ip;
    }
    const podIP = ip === '' ? this.#helper.hostIP : ip;
    let retryAfter: number | undefined;
    const problems: string[] = [];
    for (const container of [...actions.initContainersToStart, ...actions.containersToStart]) {
      if (context.cancelled) return;
      try {
        await this.#startContainer(pod, container, sandboxId, podIP, status);
        this.#reasons.delete(uidOf(pod), container.name);
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        this.#reasons.set(uidOf(pod), container.name, { reason: error.reason, message: error.message });
        problems.push(
          `failed to "StartContainer" for ${JSON.stringify(container.name)} with ${error.reason}: ${JSON.stringify(error.message)}`,
        );
        retryAfter = Math.min(retryAfter ?? Infinity, error.retryAfter ?? BACK_OFF_PERIOD_MS);
      }
    }
    if (retryAfter !== undefined) throw new SyncError(problems.join(', '), retryAfter);
  }

  /** Stops containers and sandboxes; `gracePeriodSeconds` overrides the pod's own. */
  async killPod(pod: Pod, status: RuntimePodStatus, gracePeriodSeconds: number | undefined): Promise<void> {
    const running = status.containers.filter(({ state }) => state === 'CONTAINER_RUNNING');
    await Promise.all(
      running.map((instance) => {
        const { name } = instance.metadata;
        return this.#killContainer(pod, name, instance, `Stopping container ${name}`, gracePeriodSeconds);
      }),
    );
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

  async #startContainer(
    pod: Pod,
    container: Container,
    sandboxId: string,
    podIP: string,
    status: RuntimePodStatus,
  ): Promise<void> {
    const last = findContainer(status, container.name);
    this.#checkBackOff(pod, container, status);
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
      const environment = await this.#helper.containerEnvironment(pod, container, podIP);
      id = await this.#runtime.createContainer(
        sandboxId,
        containerConfig(pod, container, restartCount, environment),
      );
    } catch (error) {
      if (!(error instanceof CriError || error instanceof StartError)) throw error;
      this.#record(pod, container, 'Warning', 'Failed', `Error: ${error.message}`);
      throw error instanceof StartError ? error : new StartError('CreateContainerError', error.message);
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

  async #killContainer(
    pod: Pod,
    name: string,
    instance: ContainerStatus,
    message: string,
    gracePeriodSeconds: number | undefined,
  ): Promise<void> {
    const container = [...(pod.spec!.initContainers ?? []), ...pod.spec!.containers].find(
      (candidate) => candidate.name === name,
    );
    if (container !== undefined) this.#record(pod, container, 'Normal', 'Killing', message);
    this.#helper.containerStopping(pod, name);
    const grace = gracePeriodSeconds ?? gracePeriodOf(pod);
    await this.#runtime.stopContainer(
      instance.id,
      container !== undefined && isSidecar(container) && grace > 0
        ? Math.max(grace, MINIMUM_GRACE_SECONDS)
        : grace,
    );
  }
}

function sandboxConfig(pod: Pod, attempt: number): PodSandboxConfig {
  const hostNetwork = pod.spec?.hostNetwork ?? false;
  return {
    metadata: { name: nameOf(pod), uid: uidOf(pod), namespace: namespaceOf(pod), attempt },
    hostname: hostNetwork ? '' : (pod.spec?.hostname ?? nameOf(pod)),
    logDirectory: podLogsDirectory(pod),
    labels: podLabels(pod),
    annotations: pod.metadata?.annotations ?? {},
    hostNetwork,
  };
}

/** "10s", "1m20s", "5m0s": how Go prints whole seconds. */
function secondsText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
