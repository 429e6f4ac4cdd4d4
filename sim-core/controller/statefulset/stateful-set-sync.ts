import type { ControllerRevision, StatefulSet, StatefulSetStatus } from 'kubernetes-types/apps/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { templateOf } from '../history/history.ts';
import { isServerError } from '../util/pod-control.ts';
import type { StatefulClaims } from './claims.ts';
import {
  isRunningAndAvailable,
  isRunningAndReady,
  isTerminating,
  newStatefulSetPod,
  ordinalOf,
  ordinalsOf,
  podName,
  revisionOf,
} from './identity.ts';

interface Revisions {
  /** The template that pods had so far. */
  readonly current: ControllerRevision;
  /** The template that they are to have. */
  readonly update: ControllerRevision;
}

type Counts = Record<
  'replicas' | 'readyReplicas' | 'availableReplicas' | 'currentReplicas' | 'updatedReplicas',
  number
>;

/**
 * One look at one StatefulSet: makes, deletes and replaces pods, one at a time and in order unless
 * the set is Parallel. Models pkg/controller/statefulset updateStatefulSet.
 */
export class StatefulSetSync {
  readonly #client: RestClient;
  readonly #recorder: EventRecorder;
  readonly #claims: StatefulClaims;
  readonly #set: StatefulSet;
  readonly #revisions: Revisions;
  readonly #now: number;
  readonly #counts: Counts = {
    replicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    currentReplicas: 0,
    updatedReplicas: 0,
  };

  constructor(
    client: RestClient,
    recorder: EventRecorder,
    claims: StatefulClaims,
    set: StatefulSet,
    revisions: Revisions,
    now: number,
  ) {
    this.#client = client;
    this.#recorder = recorder;
    this.#claims = claims;
    this.#set = set;
    this.#revisions = revisions;
    this.#now = now;
  }

  /** `pods` are the set's own. Resolves to the status that the set has then. */
  async run(pods: readonly Pod[]): Promise<StatefulSetStatus> {
    for (const pod of pods) this.#count(pod, 1);
    if (this.#set.metadata!.deletionTimestamp === undefined) await this.#reconcile(pods);
    return this.#status();
  }

  get #isOrdered(): boolean {
    return this.#set.spec!.podManagementPolicy !== 'Parallel';
  }

  #count(pod: Pod, sign: 1 | -1): void {
    const counts = this.#counts;
    counts.replicas += sign;
    if (isRunningAndReady(pod)) {
      counts.readyReplicas += sign;
      if (isRunningAndAvailable(this.#set, pod, this.#now)) counts.availableReplicas += sign;
    }
    if (!isTerminating(pod)) this.#countRevision(pod, sign);
  }

  #countRevision(pod: Pod, sign: 1 | -1): void {
    const revision = revisionOf(pod);
    if (revision === this.#revisions.current.metadata!.name) this.#counts.currentReplicas += sign;
    if (revision === this.#revisions.update.metadata!.name) this.#counts.updatedReplicas += sign;
  }

  async #reconcile(pods: readonly Pod[]): Promise<void> {
    const { start, end } = ordinalsOf(this.#set);
    const byOrdinal = new Map(pods.map((pod) => [ordinalOf(this.#set, pod), pod]));
    const condemned = pods
      .filter((pod) => {
        const ordinal = ordinalOf(this.#set, pod);
        return ordinal !== undefined && (ordinal < start || ordinal >= end);
      })
      .sort((a, b) => ordinalOf(this.#set, b)! - ordinalOf(this.#set, a)!);
    const isUnhealthy = (pod: Pod) => !isRunningAndReady(pod) || isTerminating(pod);
    const replicas: (Pod | undefined)[] = [];
    for (let ordinal = start; ordinal < end; ordinal++) replicas.push(byOrdinal.get(ordinal));
    const firstUnhealthy =
      replicas.find((pod) => pod === undefined || isUnhealthy(pod)) ??
      [...condemned].reverse().find(isUnhealthy);
    for (const pod of condemned) await this.#claims.updateOwners(this.#set, pod);
    for (const [index, pod] of replicas.entries()) {
      if (await this.#processReplica(start + index, pod)) return;
    }
    for (const pod of condemned) {
      if (await this.#processCondemned(pod, firstUnhealthy)) return;
    }
    if (this.#set.spec!.updateStrategy?.type !== 'OnDelete') await this.#rollOut(replicas, start);
  }

  /** True if the rest must wait. Models processReplica. */
  async #processReplica(ordinal: number, pod: Pod | undefined): Promise<boolean> {
    if (pod === undefined) {
      await this.#create(ordinal);
      return this.#isOrdered;
    }
    const { phase } = pod.status ?? {};
    if (phase === 'Failed' || phase === 'Succeeded') {
      if (isTerminating(pod)) return this.#isOrdered;
      const { namespace, name } = this.#set.metadata!;
      const [type, reason, word] =
        phase === 'Failed'
          ? (['Warning', 'RecreatingFailedPod', 'failed'] as const)
          : (['Normal', 'RecreatingTerminatedPod', 'terminated'] as const);
      const message = `StatefulSet ${namespace}/${name} is recreating ${word} Pod ${pod.metadata!.name}`;
      this.#event(type, reason, message);
      await this.#delete(pod);
      return true;
    }
    if (phase === 'Pending') await this.#claims.createMissing(this.#set, ordinal);
    if (this.#isOrdered && (isTerminating(pod) || !isRunningAndAvailable(this.#set, pod, this.#now))) {
      return true;
    }
    await this.#claims.updateOwners(this.#set, pod);
    return false;
  }

  /** True if the rest must wait. Models processCondemned. */
  async #processCondemned(pod: Pod, firstUnhealthy: Pod | undefined): Promise<boolean> {
    if (isTerminating(pod)) return this.#isOrdered;
    if (this.#isOrdered && !isRunningAndReady(pod) && pod !== firstUnhealthy) return true;
    await this.#delete(pod);
    return this.#isOrdered;
  }

  /** Replaces the last pod that has another template, down to the partition. */
  async #rollOut(replicas: readonly (Pod | undefined)[], start: number): Promise<void> {
    const partition = this.#set.spec!.updateStrategy?.rollingUpdate?.partition ?? 0;
    for (let index = replicas.length - 1; index >= Math.max(0, partition - start); index--) {
      const pod = replicas[index];
      if (pod === undefined) return;
      if (revisionOf(pod) !== this.#revisions.update.metadata!.name && !isTerminating(pod)) {
        await this.#delete(pod);
        return;
      }
      if (isTerminating(pod) || !isRunningAndAvailable(this.#set, pod, this.#now)) return;
    }
  }

  /** Models newVersionedStatefulSetPod. */
  #newPod(ordinal: number): Pod {
    const { type, rollingUpdate } = this.#set.spec!.updateStrategy ?? {};
    const { start } = ordinalsOf(this.#set);
    const { current, update } = this.#revisions;
    const keepsCurrent =
      type !== 'OnDelete' && rollingUpdate === undefined
        ? ordinal < start + (this.#set.status?.currentReplicas ?? 0)
        : ordinal < start + (rollingUpdate?.partition ?? 0);
    const revision = keepsCurrent ? current : update;
    return newStatefulSetPod(this.#set, templateOf(revision), revision.metadata!.name!, ordinal);
  }

  async #create(ordinal: number): Promise<void> {
    await this.#claims.createMissing(this.#set, ordinal);
    const { namespace, name: setName } = this.#set.metadata!;
    const pod = this.#newPod(ordinal);
    const what = `create Pod ${podName(this.#set, ordinal)} in StatefulSet ${setName}`;
    try {
      await this.#client.create(RESOURCES.pods, pod, { namespace });
    } catch (error) {
      // It is there, but the informer has not shown it yet; or another has its name.
      if (isReason(error, 'AlreadyExists')) return;
      if (isServerError(error))
        this.#event('Warning', 'FailedCreate', `${what} failed error: ${error.message}`);
      throw error;
    }
    this.#event('Normal', 'SuccessfulCreate', `${what} successful`);
    this.#counts.replicas++;
    this.#countRevision(pod, 1);
  }

  async #delete(pod: Pod): Promise<void> {
    const { namespace, name } = pod.metadata!;
    const what = `delete Pod ${name} in StatefulSet ${this.#set.metadata!.name}`;
    try {
      await this.#client.delete(RESOURCES.pods, name!, { namespace });
    } catch (error) {
      if (isReason(error, 'NotFound')) return;
      if (isServerError(error))
        this.#event('Warning', 'FailedDelete', `${what} failed error: ${error.message}`);
      throw error;
    }
    this.#event('Normal', 'SuccessfulDelete', `${what} successful`);
    this.#countRevision(pod, -1);
  }

  #status(): StatefulSetStatus {
    const { current, update } = this.#revisions;
    const counts = this.#counts;
    const wanted = this.#set.spec!.replicas ?? 1;
    // Models completeRollingUpdate.
    const isComplete =
      this.#set.spec!.updateStrategy?.type !== 'OnDelete' &&
      counts.updatedReplicas === wanted &&
      counts.readyReplicas === wanted &&
      counts.replicas === wanted;
    const currentReplicas = isComplete ? counts.updatedReplicas : counts.currentReplicas;
    const { conditions, collisionCount = 0 } = this.#set.status ?? {};
    return {
      observedGeneration: this.#set.metadata!.generation!,
      replicas: counts.replicas,
      availableReplicas: counts.availableReplicas,
      ...(counts.readyReplicas > 0 && { readyReplicas: counts.readyReplicas }),
      ...(currentReplicas > 0 && { currentReplicas }),
      ...(counts.updatedReplicas > 0 && { updatedReplicas: counts.updatedReplicas }),
      currentRevision: (isComplete ? update : current).metadata!.name!,
      updateRevision: update.metadata!.name!,
      collisionCount,
      ...(conditions !== undefined && { conditions }),
    };
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#recorder.event(subjectOf(this.#set, RESOURCES.statefulSets), type, reason, message);
  }
}
