import type { Container, Node, Pod } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../apimachinery/http.ts';
import { StatusError } from '../apimachinery/status.ts';
import type { EventType } from '../client-go/tools/record/event-recorder.ts';
import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { RuntimeService } from '../cri/runtime-service.ts';
import type { Machine } from '../node/machine.ts';
import type { AllocationManager } from './allocation/allocation-manager.ts';
import { BACK_OFF_PERIOD_MS, SyncError } from './kuberuntime/errors.ts';
import { findContainer } from './kuberuntime/pod-status.ts';
import type { RuntimePodStatus } from './kuberuntime/pod-status.ts';
import type { ReasonCache } from './kuberuntime/reason-cache.ts';
import { linuxResources } from './kuberuntime/resources.ts';
import type { RuntimeManager } from './kuberuntime/runtime-manager.ts';
import type { ActiveDeadlines } from './lifecycle/active-deadline.ts';
import { DEADLINE_EXCEEDED } from './lifecycle/active-deadline.ts';
import { runtimeProblem } from './nodestatus/setters.ts';
import type { MirrorClient } from './pod/mirror-client.ts';
import { isMirrorPodOf } from './pod/mirror-client.ts';
import type { PodManager } from './pod/pod-manager.ts';
import type { PodSyncer } from './pod-workers.ts';
import type { ProberManager } from './prober/prober-manager.ts';
import { apiPodStatus } from './status/api-pod-status.ts';
import type { StatusManager } from './status/status-manager.ts';
import { terminationMessage } from './status/termination-message.ts';
import { isDeleting, isFinished, isStaticPod, namespaceOf, uidOf } from './types.ts';
import type { ObjectCache } from './volumemanager/object-cache.ts';
import type { VolumeManager } from './volumemanager/volume-manager.ts';

/** What a sync works with. */
export interface PodSyncerParts {
  readonly clock: Clock;
  readonly machine: Machine;
  readonly runtime: RuntimeService;
  readonly runtimeManager: RuntimeManager;
  readonly statuses: StatusManager;
  readonly pods: PodManager;
  readonly probes: ProberManager;
  readonly volumes: VolumeManager;
  readonly objects: ObjectCache;
  readonly mirrors: MirrorClient;
  readonly reasons: ReasonCache;
  readonly allocations: AllocationManager;
  readonly deadlines: ActiveDeadlines;
  readonly node: () => Node | undefined;
  readonly record: (pod: Pod, type: EventType, reason: string, message: string) => void;
  /** Asks for another sync of the pod. */
  readonly again: (uid: string) => void;
}

/** Why the kubelet itself ends a pod. */
export interface PodFailure {
  readonly reason: string;
  readonly message: string;
}

/** A pod that waits for the network looks again this often. */
const NETWORK_RETRY_MS = 1000;

/**
 * The three kinds of sync of a pod: run it, end it, and take away what is left of it.
 *
 * Models pkg/kubelet/kubelet.go SyncPod, SyncTerminatingPod and SyncTerminatedPod.
 */
export class KubeletPodSyncer implements PodSyncer {
  readonly #parts: PodSyncerParts;
  readonly #failures = new Map<string, PodFailure>();
  /** Pods whose mirror pod is tried again soon: however often such a pod is synced, it is asked for once. */
  readonly #mirrorRetries = new Set<string>();

  constructor(parts: PodSyncerParts) {
    this.#parts = parts;
  }

  /** The pod is to be told as failed from now on. */
  fail(uid: string, failure: PodFailure): void {
    this.#failures.set(uid, failure);
  }

  async syncPod(pod: Pod, context: Context): Promise<boolean> {
    const { runtimeManager, statuses, volumes, probes, deadlines, machine } = this.#parts;
    const uid = uidOf(pod);
    this.#resize(pod);
    const runtime = await runtimeManager.podStatus(uid);
    if (!this.#failures.has(uid) && deadlines.exceeded(pod, statuses.status(uid) ?? pod.status)) {
      this.#parts.record(pod, 'Normal', DEADLINE_EXCEEDED.reason, DEADLINE_EXCEEDED.message);
      this.fail(uid, DEADLINE_EXCEEDED);
    }
    const status = apiPodStatus(pod, this.#sources(pod, runtime, false));
    statuses.set(pod, status);
    deadlines.exceeded(pod, statuses.status(uid));
    if (isFinished(status)) return true;

    await this.#checkNetwork(pod);
    if (isStaticPod(pod)) await this.#ensureMirror(pod);
    await volumes.waitForMount(pod, machine.address, context);
    if (context.cancelled) return false;
    await this.#checkPullSecrets(pod, context);
    probes.addPod(pod);
    await this.#actuateResources(pod, runtime);
    await runtimeManager.syncPod(this.#parts.allocations.allocatedPod(pod), runtime, probes, context);
    return false;
  }

  async syncTerminatingPod(pod: Pod, gracePeriodSeconds: number | undefined): Promise<void> {
    const { runtimeManager, statuses, probes, deadlines } = this.#parts;
    const uid = uidOf(pod);
    deadlines.forget(uid);
    const before = await runtimeManager.podStatus(uid);
    statuses.set(pod, apiPodStatus(pod, this.#sources(pod, before, false)));
    probes.stopLivenessAndStartup(pod);
    await runtimeManager.killPod(pod, before, gracePeriodSeconds);
    probes.removePod(pod);
    const after = await runtimeManager.podStatus(uid);
    if (after.containers.some(({ state }) => state === 'CONTAINER_RUNNING')) {
      throw new SyncError(`the pod ${uid} still has running containers`, BACK_OFF_PERIOD_MS);
    }
    statuses.set(pod, apiPodStatus(pod, this.#sources(pod, after, false)));
  }

  async syncTerminatedPod(pod: Pod, removed: boolean): Promise<void> {
    const { runtimeManager, statuses, volumes, pods, mirrors } = this.#parts;
    const uid = uidOf(pod);
    const runtime = await runtimeManager.podStatus(uid);
    statuses.set(pod, apiPodStatus(pod, this.#sources(pod, runtime, true)));
    await volumes.waitForUnmount(pod);
    statuses.terminate(pod);
    if (removed || isDeleting(pod)) await runtimeManager.removePod(uid);
    if (!removed) return;
    this.#failures.delete(uid);
    statuses.remove(uid);
    const mirror = pods.mirrorOf(pod);
    if (mirror !== undefined && pods.podOfMirror(mirror) === undefined) await mirrors.deleteQuietly(mirror);
  }

  #sources(pod: Pod, runtime: RuntimePodStatus, podIsTerminal: boolean) {
    const { reasons, probes, machine, statuses, allocations, pods } = this.#parts;
    return {
      runtime,
      reasons,
      probes,
      hostIP: machine.address,
      known: statuses.status(uidOf(pod)) ?? (pods.mirrorOf(pod) ?? pod).status,
      podIsTerminal,
      failure: this.#failures.get(uidOf(pod)),
      terminationMessage: (container: Container, instance: Parameters<typeof terminationMessage>[2]) =>
        terminationMessage(machine.files, container, instance),
      resourcesOf: (container: Container) => allocations.resources(pod, container),
      resizeConditions: allocations.conditions(pod),
    };
  }

  async #checkNetwork(pod: Pod): Promise<void> {
    if (pod.spec?.hostNetwork === true) return;
    const network = (await this.#parts.runtime.status()).find(({ type }) => type === 'NetworkReady');
    if (network === undefined || network.status) return;
    const message = `network is not ready: ${runtimeProblem(network)}`;
    this.#parts.record(pod, 'Warning', 'NetworkNotReady', message);
    throw new SyncError(message, NETWORK_RETRY_MS);
  }

  /** Makes the mirror pod of a static pod, again if it is deleted or stands for an older file. Models kubelet.go SyncPod. */
  async #ensureMirror(pod: Pod): Promise<void> {
    const { pods, mirrors, clock, again } = this.#parts;
    const mirror = pods.mirrorOf(pod);
    try {
      const isOld = mirror !== undefined && (isDeleting(mirror) || !isMirrorPodOf(mirror, pod));
      if (isOld) await mirrors.delete(mirror);
      // At once: of an etcd that was restored from a backup the watch may say nothing of what was deleted.
      if (mirror === undefined || isOld) await mirrors.create(pod);
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
      // The container must run whether the apiserver answers or not: it may be the apiserver.
      const uid = uidOf(pod);
      if (this.#mirrorRetries.has(uid)) return;
      this.#mirrorRetries.add(uid);
      const retry = () => {
        this.#mirrorRetries.delete(uid);
        again(uid);
      };
      clock.schedule(BACK_OFF_PERIOD_MS, retry, { periodic: true });
    }
  }

  /** Models getPullSecretsForPod: the lab's registries ask nobody who he is, so it only says what is missing. */
  async #checkPullSecrets(pod: Pod, context: Context): Promise<void> {
    const missing: string[] = [];
    for (const { name = '' } of pod.spec?.imagePullSecrets ?? []) {
      const found = await this.#parts.objects.get('secrets', namespaceOf(pod), name, context);
      if (found === undefined) missing.push(name);
    }
    if (missing.length === 0 || context.cancelled) return;
    this.#parts.record(
      pod,
      'Warning',
      'FailedToRetrieveImagePullSecret',
      `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`,
    );
  }

  /** Decides whether the node has room for changed resources of a running pod. */
  #resize(pod: Pod): void {
    const { allocations, pods, node } = this.#parts;
    allocations.retry(pod, node(), () =>
      pods
        .list()
        .filter((other) => uidOf(other) !== uidOf(pod) && !isFinished(other.status))
        .map((other) => allocations.allocatedPod(other)),
    );
  }

  /** Gives running containers the resources that are set aside for them. Models doPodResizeAction. */
  async #actuateResources(pod: Pod, status: RuntimePodStatus): Promise<void> {
    const { allocations, runtime, machine, record, again } = this.#parts;
    for (const container of allocations.unactuated(pod)) {
      const instance = findContainer(status, container.name);
      const { allocated } = allocations.resources(pod, container);
      if (instance?.state !== 'CONTAINER_RUNNING') {
        allocations.actuated(pod, container.name, allocated);
        continue;
      }
      const own = { ...container, resources: allocated };
      await runtime.updateContainerResources(instance.id, linuxResources(pod, own, machine.memoryKiB * 1024));
      if (needsRestart(container, allocations.resources(pod, container))) {
        await runtime.stopContainer(instance.id, pod.spec?.terminationGracePeriodSeconds ?? 30);
      }
      allocations.actuated(pod, container.name, allocated);
      record(
        pod,
        'Normal',
        'ResizeCompleted',
        `Pod resize completed: ${JSON.stringify({ containers: [{ name: container.name, resources: allocated }] })}`,
      );
      again(uidOf(pod));
    }
  }
}

type Resources = NonNullable<Container['resources']>;

/** Whether a changed resource wants a new process: resizePolicy. */
function needsRestart(
  container: Container,
  { actual, allocated }: { readonly actual: Resources; readonly allocated: Resources },
): boolean {
  const policies =
    (container as { resizePolicy?: readonly { resourceName: string; restartPolicy: string }[] })
      .resizePolicy ?? [];
  return policies.some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === 'RestartContainer' &&
      (actual.limits?.[resourceName] !== allocated.limits?.[resourceName] ||
        actual.requests?.[resourceName] !== allocated.requests?.[resourceName]),
  );
}
