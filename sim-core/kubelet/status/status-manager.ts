import type { ContainerStatus, Pod, PodCondition, PodStatus } from 'kubernetes-types/core/v1';
import { deepCopy, semanticEqual } from '../../apimachinery/copy.ts';
import { ConnectionError } from '../../apimachinery/http.ts';
import { formatTime } from '../../apimachinery/object.ts';
import { StatusError, isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import type { PodManager } from '../pod/pod-manager.ts';
import { isDeleting, isStaticPod, nameOf, namespaceOf, uidOf } from '../types.ts';
import { KUBELET_CONDITIONS } from './generate.ts';
import { podStatusPatch } from '../../client-go/component-helpers/pod/status-patch.ts';

/** Statuses that could not be written are tried again this often. */
const SYNC_PERIOD_MS = 10_000;
/** A status goes through a channel before it is written: what changes meanwhile is written with it. */
const HANDOVER_MS = 1;

interface Cached {
  pod: Pod;
  status: PodStatus;
  version: number;
  /** The pod's containers are gone and its volumes unmounted: the apiserver may forget it. */
  isFinished: boolean;
}

/**
 * Tells the apiserver how the pods of this node are: reads the pod, patches pods/status, and deletes
 * the pod when it is through.
 *
 * Models pkg/kubelet/status/status_manager.go.
 */
export class StatusManager {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #pods: PodManager;
  readonly #statuses = new Map<string, Cached>();
  /** By the uid that the apiserver knows: the last version that it has. */
  readonly #written = new Map<string, number>();
  readonly #pending = new Set<string>();
  #context: Context | undefined;
  #working = false;
  #knowsMirrors = false;
  #retry: Timer | undefined;

  constructor(client: RestClient, clock: Clock, pods: PodManager) {
    this.#client = client;
    this.#clock = clock;
    this.#pods = pods;
  }

  /** Writes until `context` is cancelled. */
  run(context: Context): void {
    this.#context = context;
    context.onCancel(() => this.#retry?.cancel());
    for (const uid of this.#statuses.keys()) this.#enqueue(uid);
  }

  /**
   * The mirror pods are known now, if there are any. Until then nothing is written of static pods: a kubelet that
   * starts again does not know yet what was said of them. Made anew, their statuses go on from there.
   */
  mirrorsKnown(): void {
    this.#knowsMirrors = true;
    for (const [uid, { pod }] of this.#statuses) if (isStaticPod(pod)) this.#statuses.delete(uid);
  }

  status(uid: string): PodStatus | undefined {
    return this.#statuses.get(uid)?.status;
  }

  /** Takes a new status over; times of conditions that did not change are kept. */
  set(pod: Pod, status: PodStatus): void {
    this.#update(pod, status, false);
  }

  /** A probe came to another result. `isReady` and `isStarted` change what they say alone. */
  setContainer(
    pod: Pod,
    containerId: string,
    change: (status: ContainerStatus) => void,
    conditions: (status: PodStatus) => PodCondition[],
  ): void {
    const cached = this.#statuses.get(uidOf(pod));
    if (cached === undefined) return;
    const status = deepCopy(cached.status);
    const own = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(
      (candidate) => candidate.containerID === containerId,
    );
    if (own === undefined) return;
    change(own);
    const fresh = conditions(status);
    status.conditions = (status.conditions ?? []).map(
      (old) => fresh.find(({ type }) => type === old.type) ?? old,
    );
    this.#update(pod, status, cached.isFinished);
  }

  /** The pod will not run again: containers that are not known to have ended count as lost. */
  terminate(pod: Pod): void {
    const cached = this.#statuses.get(uidOf(pod));
    const status = deepCopy(cached?.status ?? pod.status ?? {});
    for (const own of [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]) {
      if (own.state?.terminated !== undefined) continue;
      if (
        own.state?.waiting !== undefined &&
        own.lastState?.terminated === undefined &&
        own.containerID === undefined
      ) {
        if (!isDeleting(pod)) continue;
      }
      own.state = {
        terminated: {
          exitCode: 137,
          reason: 'ContainerStatusUnknown',
          message: 'The container could not be located when the pod was terminated',
          ...UNKNOWN_TIMES,
        },
      };
      own.ready = false;
      own.started = false;
    }
    this.#update(pod, status, true);
  }

  /** Forgets a pod that has left the node. */
  remove(uid: string): void {
    this.#statuses.delete(uid);
    this.#written.delete(uid);
    this.#pending.delete(uid);
  }

  /** Writes again what the apiserver has differently, e.g. after somebody else wrote the status. */
  reconcile(pod: Pod): void {
    const cached = this.#statuses.get(uidOf(pod));
    const apiPod = isStaticPod(pod) ? this.#pods.mirrorOf(pod) : pod;
    if (cached === undefined || apiPod === undefined) return;
    const merged = mergedStatus(apiPod.status ?? {}, cached.status);
    if (!semanticEqual(merged, apiPod.status ?? {})) {
      this.#written.delete(uidOf(apiPod));
      this.#enqueue(uidOf(pod));
    }
  }

  /** The mirror pod is there now (or is another one): its status is to be written. */
  mirrorChanged(pod: Pod): void {
    if (this.#statuses.has(uidOf(pod))) this.#enqueue(uidOf(pod));
  }

  /** Completes `status`, which is ours alone. */
  #update(pod: Pod, status: PodStatus, isFinished: boolean): void {
    const uid = uidOf(pod);
    const cached = this.#statuses.get(uid);
    const old = cached?.status ?? (this.#pods.mirrorOf(pod) ?? pod).status ?? {};
    const now = formatTime(this.#clock.now());
    for (const condition of status.conditions ?? []) {
      const known = old.conditions?.find(({ type }) => type === condition.type);
      condition.lastTransitionTime =
        known?.status === condition.status ? (known.lastTransitionTime ?? now) : now;
    }
    status.startTime = old.startTime ?? now;
    const finished = isFinished || (cached?.isFinished ?? false);
    if (cached !== undefined && cached.isFinished === finished && semanticEqual(cached.status, status)) {
      cached.pod = pod;
      if (this.#mayDelete(cached)) this.#enqueue(uid);
      return;
    }
    this.#statuses.set(uid, { pod, status, version: (cached?.version ?? 0) + 1, isFinished: finished });
    this.#enqueue(uid);
  }

  #enqueue(uid: string): void {
    this.#pending.add(uid);
    if (this.#working || this.#context === undefined || this.#context.cancelled) return;
    this.#working = true;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    await this.#clock.sleep(HANDOVER_MS, { context: this.#context! });
    const failed = new Set<string>();
    for (let [uid] = this.#pending; uid !== undefined; [uid] = this.#pending) {
      this.#pending.delete(uid);
      if (this.#context!.cancelled) break;
      if (!(await this.#sync(uid))) failed.add(uid);
    }
    this.#working = false;
    if (failed.size === 0 || this.#context!.cancelled) return;
    for (const uid of failed) this.#pending.add(uid);
    this.#retry?.cancel();
    this.#retry = this.#clock.schedule(
      SYNC_PERIOD_MS,
      () => {
        const [uid] = this.#pending;
        if (uid !== undefined) this.#enqueue(uid);
      },
      { periodic: true },
    );
  }

  /** False if the write is to be tried again. Models syncPod. */
  async #sync(uid: string): Promise<boolean> {
    const cached = this.#statuses.get(uid);
    if (cached === undefined) return true;
    const { pod } = cached;
    const apiUid = this.#pods.apiUid(this.#pods.byUid(uid) ?? pod);
    // A static pod without a mirror pod: the write comes when the mirror pod does.
    if (apiUid === undefined || (isStaticPod(pod) && !this.#knowsMirrors)) return true;
    if (this.#written.get(apiUid) === cached.version && !this.#mayDelete(cached)) return true;
    const options = { namespace: namespaceOf(pod) };
    try {
      const current = await this.#client.get<Pod>(RESOURCES.pods, nameOf(pod), options);
      if (uidOf(current) !== apiUid) {
        this.remove(uid);
        return true;
      }
      const { version, status } = this.#statuses.get(uid) ?? cached;
      const merged = mergedStatus(current.status ?? {}, status);
      const patch = podStatusPatch(apiUid, current.status ?? {}, merged);
      if (patch !== undefined) {
        await this.#client.patch(RESOURCES.pods, nameOf(pod), 'strategic', patch, {
          ...options,
          subresource: 'status',
        });
      }
      this.#written.set(apiUid, version);
      const latest = this.#statuses.get(uid) ?? cached;
      if (isDeleting(current) && latest.isFinished && latest.version === version && !isStaticPod(pod)) {
        await this.#client.delete(RESOURCES.pods, nameOf(pod), {
          ...options,
          gracePeriodSeconds: 0,
          preconditions: { uid: apiUid },
        });
        this.remove(uid);
      }
      return true;
    } catch (error) {
      if (isReason(error, 'NotFound')) return true;
      if (error instanceof StatusError || error instanceof ConnectionError) return false;
      throw error;
    }
  }

  #mayDelete({ pod, isFinished }: Cached): boolean {
    return isFinished && !isStaticPod(pod) && isDeleting(this.#pods.byUid(uidOf(pod)) ?? pod);
  }
}

const UNKNOWN_TIMES = { startedAt: '1970-01-01T00:00:00Z', finishedAt: '1970-01-01T00:00:00Z' };

/**
 * What the apiserver should have: its conditions that are not the kubelet's, then the kubelet's;
 * fields that the kubelet does not set stay. Models mergePodStatus.
 */
function mergedStatus(old: PodStatus, status: PodStatus): PodStatus {
  const own = status.conditions ?? [];
  const others = (old.conditions ?? []).filter(
    ({ type }) => !KUBELET_CONDITIONS.includes(type!) && !own.some((condition) => condition.type === type),
  );
  const conditions = own.map((condition) => {
    const known = old.conditions?.find(({ type }) => type === condition.type);
    return known?.status === condition.status && known.lastTransitionTime != null
      ? { ...condition, lastTransitionTime: known.lastTransitionTime }
      : condition;
  });
  return {
    ...status,
    // A kubelet that starts again does not make its pods start again.
    ...(old.startTime !== undefined && { startTime: old.startTime }),
    conditions: [...others, ...conditions],
  };
}
