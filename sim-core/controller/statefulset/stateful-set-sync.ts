import type { ControllerRevision, StatefulSet, StatefulSetStatus } from 'kubernetes-types/apps/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { isReason } from '../../apimachinery/status.ts';
import { templateOf } from '../history/history.ts';
import { slowStartBatch } from '../util/slow-start.ts';
import type { StatefulClaims } from './claims.ts';
import {
  isHealthy,
  isInOrdinalRange,
  isRunningAndAvailable,
  isRunningAndReady,
  isTerminating,
  newStatefulSetPod,
  ordinalOf,
  ordinalsOf,
  revisionOf,
} from './identity.ts';
import type { StatefulPodControl } from './stateful-pod-control.ts';

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
  readonly #control: StatefulPodControl;
  readonly #claims: StatefulClaims;
  readonly #set: StatefulSet;
  readonly #revisions: Revisions;
  /** The set's own. */
  readonly #pods: readonly Pod[];
  readonly #now: number;
  readonly #counts: Counts = {
    replicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    currentReplicas: 0,
    updatedReplicas: 0,
  };

  constructor(
    control: StatefulPodControl,
    claims: StatefulClaims,
    set: StatefulSet,
    revisions: Revisions,
    pods: readonly Pod[],
    now: number,
  ) {
    this.#control = control;
    this.#claims = claims;
    this.#set = set;
    this.#revisions = revisions;
    this.#pods = pods;
    this.#now = now;
    for (const pod of pods) this.#count(pod);
  }

  async run(): Promise<void> {
    if (this.#set.metadata!.deletionTimestamp !== undefined) return;
    const { start, end } = ordinalsOf(this.#set);
    const byOrdinal = new Map(this.#pods.map((pod) => [ordinalOf(this.#set, pod), pod]));
    const replicas: Pod[] = [];
    for (let ordinal = start; ordinal < end; ordinal++) {
      replicas.push(byOrdinal.get(ordinal) ?? this.#newPod(ordinal));
    }
    const condemned = this.#pods
      .filter((pod) => !isInOrdinalRange(this.#set, pod))
      .sort((a, b) => ordinalOf(this.#set, b)! - ordinalOf(this.#set, a)!);
    const firstUnhealthy = [...replicas, ...condemned.toReversed()].find((pod) => !isHealthy(pod));
    const isOver =
      (await this.#forAll(replicas, (pod) => this.#processReplica(pod))) ||
      (await this.#forAll(condemned, (pod) => this.#fixClaims(pod))) ||
      (await this.#forAll(condemned, (pod) => this.#processCondemned(pod, firstUnhealthy)));
    if (!isOver && this.#set.spec!.updateStrategy?.type !== 'OnDelete') await this.#rollOut(replicas);
  }

  get #isOrdered(): boolean {
    return this.#set.spec!.podManagementPolicy !== 'Parallel';
  }

  /** `work` says whether the rest must wait; a Parallel set waits for nothing but an error. Models runForAll. */
  async #forAll(pods: readonly Pod[], work: (pod: Pod) => Promise<boolean>): Promise<boolean> {
    if (this.#isOrdered) {
      for (const pod of pods) if (await work(pod)) return true;
      return false;
    }
    let next = 0;
    const { error } = await slowStartBatch(pods.length, async () => void (await work(pods[next++]!)));
    if (error !== undefined) throw error as Error;
    return false;
  }

  #count(pod: Pod): void {
    const counts = this.#counts;
    counts.replicas++;
    if (isRunningAndReady(pod)) {
      counts.readyReplicas++;
      if (isRunningAndAvailable(this.#set, pod, this.#now)) counts.availableReplicas++;
    }
    if (isTerminating(pod)) return;
    const revision = revisionOf(pod);
    if (revision === this.#revisions.current.metadata!.name) counts.currentReplicas++;
    if (revision === this.#revisions.update.metadata!.name) counts.updatedReplicas++;
  }

  /** True if the rest must wait. Models processReplica. */
  async #processReplica(pod: Pod): Promise<boolean> {
    const phase = pod.status?.phase;
    if (phase === 'Failed' || phase === 'Succeeded') {
      // The next one is made when this one is gone.
      if (!isTerminating(pod)) await this.#control.delete(this.#set, pod);
      return true;
    }
    if (phase === undefined) {
      if (this.#claims.areStale(this.#set, pod)) return true;
      await this.#control.create(this.#set, pod);
      if (this.#isOrdered) return true;
    }
    if (phase === 'Pending') await this.#control.createMissingClaims(this.#set, pod);
    const isInTheWay = isTerminating(pod) || !isRunningAndAvailable(this.#set, pod, this.#now);
    if (this.#isOrdered && isInTheWay) return true;
    // A pod that was made just now is as it should be, but is not there as far as its claims know.
    if (phase !== undefined && !this.#control.isConsistent(this.#set, pod)) {
      await this.#control.update(this.#set, pod);
    }
    return false;
  }

  /** The claims of a pod that is to go may go with it. */
  async #fixClaims(pod: Pod): Promise<boolean> {
    if (!this.#claims.matchPolicy(this.#set, pod)) await this.#claims.updateOwners(this.#set, pod);
    return false;
  }

  /** True if the rest must wait. Models processCondemned. */
  async #processCondemned(pod: Pod, firstUnhealthy: Pod | undefined): Promise<boolean> {
    if (isTerminating(pod)) return true;
    const isReady = isRunningAndReady(pod) && isRunningAndAvailable(this.#set, pod, this.#now);
    if (this.#isOrdered && !isReady && pod !== firstUnhealthy) return true;
    await this.#control.delete(this.#set, pod);
    return true;
  }

  /** Replaces the last pod that has another template, down to the partition: so many pods keep theirs. */
  async #rollOut(replicas: readonly Pod[]): Promise<void> {
    const partition = this.#set.spec!.updateStrategy?.rollingUpdate?.partition ?? 0;
    for (const pod of replicas.slice(partition).reverse()) {
      if (revisionOf(pod) !== this.#revisions.update.metadata!.name && !isTerminating(pod)) {
        try {
          await this.#control.delete(this.#set, pod);
        } catch (error) {
          if (!isReason(error, 'NotFound')) throw error;
        }
        this.#counts.currentReplicas--;
        return;
      }
      if (!isHealthy(pod)) return;
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

  /** The status that the set has now: pods that were made just now are not part of it. */
  get status(): StatefulSetStatus {
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
    return {
      observedGeneration: this.#set.metadata!.generation!,
      replicas: counts.replicas,
      availableReplicas: counts.availableReplicas,
      ...(counts.readyReplicas > 0 && { readyReplicas: counts.readyReplicas }),
      ...(currentReplicas !== 0 && { currentReplicas }),
      ...(counts.updatedReplicas > 0 && { updatedReplicas: counts.updatedReplicas }),
      currentRevision: (isComplete ? update : current).metadata!.name!,
      updateRevision: update.metadata!.name!,
      collisionCount: this.#set.status?.collisionCount ?? 0,
    };
  }
}
