import type { ReplicaSet } from 'kubernetes-types/apps/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { labelSelectorAsSelector, type Selector } from '../../apimachinery/labels/selector.ts';
import { isReason } from '../../apimachinery/status.ts';
import { type BuiltInResource, RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { keyOf } from '../../client-go/tools/cache/store.ts';
import { subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { claimObjects } from '../util/controller-ref-manager.ts';
import { Expectations } from '../util/expectations.ts';
import { controllerOf, controllerRef } from '../util/owner.ts';
import { isNamespaceTerminating, PodControl } from '../util/pod-control.ts';
import { indexPodsByOwner, podsControlledBy, podsToClaim } from '../util/pods-by-owner.ts';
import { isPodActive, isPodReady } from '../util/pods.ts';
import { slowStartBatch } from '../util/slow-start.ts';
import { podsToDelete } from './pods-to-delete.ts';
import { calculateStatus, updateStatus } from './status.ts';

const WORKERS = 5;
/** The most pods that one sync makes or deletes. */
const BURST_REPLICAS = 500;

/** Which of the two kinds of sets to look after. */
export interface ReplicaSetKind {
  readonly resource: BuiltInResource;
  /** In whose name events are written. */
  readonly component: string;
  selectorOf(set: ReplicaSet): Selector;
}

const REPLICA_SETS: ReplicaSetKind = {
  resource: RESOURCES.replicaSets,
  component: 'replicaset-controller',
  selectorOf: ({ spec }) => labelSelectorAsSelector(spec!.selector),
};

/** A ReplicationController is the same thing with a simpler selector. Models pkg/controller/replication. */
export const REPLICATION_CONTROLLERS: ReplicaSetKind = {
  resource: RESOURCES.replicationControllers,
  component: 'replication-controller',
  selectorOf: ({ spec }) =>
    labelSelectorAsSelector({ matchLabels: spec!.selector as unknown as Record<string, string> }),
};

/**
 * Keeps as many pods as each ReplicaSet wants. Models pkg/controller/replicaset ReplicaSetController.
 */
export class ReplicaSetController implements Controller {
  readonly #context: ControllerContext;
  readonly #kind: ReplicaSetKind;
  readonly #queue: WorkQueue;
  readonly #sets: Lister<ReplicaSet>;
  readonly #newest: MutationCache<ReplicaSet>;
  readonly #pods: Lister<Pod>;
  readonly #podControl: PodControl;
  readonly #expectations: Expectations;
  /** Sets that have all that they want: their version, and their pods, all of which were claimed. */
  readonly #content = new Map<string, { readonly version: string; readonly pods: readonly Pod[] }>();

  constructor(context: ControllerContext, kind: ReplicaSetKind = REPLICA_SETS) {
    this.#context = context;
    this.#kind = kind;
    this.#queue = new WorkQueue(context.clock, context.context);
    this.#expectations = new Expectations(context.clock);
    this.#podControl = new PodControl(context.client, recorderFor(context, kind.component));
    const sets = context.informers.for<ReplicaSet>(kind.resource);
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    indexPodsByOwner(pods);
    this.#sets = sets.lister;
    this.#newest = new MutationCache(sets.lister);
    this.#pods = pods.lister;
    sets.addHandler({
      onAdd: (set) => this.#queue.add(keyOf(set)),
      onUpdate: (_, set) => this.#queue.add(keyOf(set)),
      onDelete: (set) => {
        this.#expectations.forget(keyOf(set));
        this.#queue.add(keyOf(set));
      },
    });
    pods.addHandler({
      onAdd: (pod) => this.#onPodAdd(pod),
      onUpdate: (old, pod) => this.#onPodUpdate(old, pod),
      onDelete: (pod) => this.#onPodDelete(pod),
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, WORKERS, (key) => this.#sync(key));
  }

  #ownerKey(pod: Pod): string | undefined {
    const reference = controllerOf(pod);
    if (reference?.kind !== this.#kind.resource.kind) return undefined;
    const key = `${pod.metadata!.namespace}/${reference.name}`;
    return this.#sets.getByKey(key)?.metadata?.uid === reference.uid ? key : undefined;
  }

  #onPodAdd(pod: Pod): void {
    if (pod.metadata!.deletionTimestamp !== undefined) return this.#onPodDelete(pod);
    if (controllerOf(pod) === undefined) return this.#enqueueMatching(pod);
    const key = this.#ownerKey(pod);
    if (key === undefined) return;
    this.#expectations.creationObserved(key);
    this.#queue.addSettled(key);
  }

  #onPodUpdate(old: Pod, pod: Pod): void {
    if (pod.metadata!.deletionTimestamp !== undefined) return this.#onPodDelete(pod);
    const before = this.#ownerKey(old);
    const key = this.#ownerKey(pod);
    if (before !== undefined && before !== key) this.#queue.addSettled(before);
    if (controllerOf(pod) === undefined) return this.#enqueueMatching(pod);
    if (key === undefined) return;
    this.#queue.addSettled(key);
    const minReadySeconds = this.#sets.getByKey(key)?.spec?.minReadySeconds ?? 0;
    if (minReadySeconds > 0 && !isPodReady(old) && isPodReady(pod)) {
      this.#queue.addAfter(key, minReadySeconds * 1000 + 1000);
    }
  }

  #onPodDelete(pod: Pod): void {
    const key = this.#ownerKey(pod);
    if (key === undefined) return;
    this.#expectations.deletionObserved(key, keyOf(pod));
    this.#queue.addSettled(key);
  }

  /** An orphan: every set whose selector it matches may want it. */
  #enqueueMatching(pod: Pod): void {
    for (const set of this.#sets.list(pod.metadata!.namespace)) {
      if (this.#kind.selectorOf(set).matches(pod.metadata!.labels)) {
        this.#queue.addSettled(keyOf(set));
      }
    }
  }

  async #sync(key: string): Promise<void> {
    const set = this.#newest.getByKey(key);
    if (set === undefined) {
      this.#expectations.forget(key);
      this.#content.delete(key);
      return;
    }
    const candidates = podsToClaim(this.#pods, set);
    const content = this.#content.get(key);
    // Its own write of the status comes back: neither the set nor any pod is another than it left them.
    if (content?.version === set.metadata!.resourceVersion && content?.pods === candidates) return;
    const isFree = this.#expectations.satisfied(key);
    const selector = this.#kind.selectorOf(set);
    const pods = await claimObjects(
      this.#context.client,
      set,
      this.#kind.resource,
      RESOURCES.pods,
      selector,
      candidates,
      { among: isPodActive },
    );
    let failure: unknown;
    if (isFree && set.metadata!.deletionTimestamp === undefined) {
      failure = await this.#manageReplicas(key, set, pods);
    }
    const status = calculateStatus(set, pods, this.#context.clock.now(), failure);
    const updated = this.#newest.mutation(
      await updateStatus(this.#context.client, this.#kind.resource, set, status),
    );
    if (failure !== undefined) throw failure;
    const { minReadySeconds = 0, replicas } = updated.spec!;
    if (minReadySeconds === 0 && pods.length === replicas && pods.length === candidates.length) {
      this.#content.set(key, { version: updated.metadata!.resourceVersion!, pods: candidates });
    }
    if (
      minReadySeconds > 0 &&
      updated.status?.readyReplicas === replicas &&
      updated.status?.availableReplicas !== replicas
    ) {
      this.#queue.addAfter(key, minReadySeconds * 1000);
    }
  }

  /** Makes or deletes pods; gives the error that stopped it. */
  async #manageReplicas(key: string, set: ReplicaSet, pods: readonly Pod[]): Promise<unknown> {
    const subject = subjectOf(set, this.#kind.resource);
    const difference = pods.length - (set.spec!.replicas ?? 1);
    if (difference < 0) {
      const count = Math.min(-difference, BURST_REPLICAS);
      this.#expectations.expect(key, count);
      const reference = controllerRef(set, this.#kind.resource);
      const { successes, error } = await slowStartBatch(count, async () => {
        try {
          await this.#podControl.create(subject, set.spec!.template!, reference);
        } catch (refusal) {
          // A namespace that is going takes no pods; that is no failure.
          if (!isNamespaceTerminating(refusal)) throw refusal;
        }
      });
      for (let missing = successes; missing < count; missing++) this.#expectations.creationObserved(key);
      return error;
    }
    if (difference > 0) {
      const related = this.#relatedPods(set);
      const victims = podsToDelete(
        pods,
        related,
        Math.min(difference, BURST_REPLICAS),
        this.#context.clock.now(),
      );
      this.#expectations.expect(key, 0, victims.map(keyOf));
      const results = await Promise.allSettled(
        victims.map((pod) =>
          this.#podControl.delete(subject, pod).catch((error: unknown) => {
            this.#expectations.deletionObserved(key, keyOf(pod));
            if (!isReason(error, 'NotFound')) throw error;
          }),
        ),
      );
      return results.find((result) => result.status === 'rejected')?.reason;
    }
    return undefined;
  }

  /** Pods of all sets with the same owner: a set gives up those first that crowd a node. */
  #relatedPods(set: ReplicaSet): Pod[] {
    const owner = controllerOf(set);
    const related =
      owner === undefined
        ? [set]
        : this.#sets.list(set.metadata!.namespace).filter((other) => controllerOf(other)?.uid === owner.uid);
    return related.flatMap((other) => podsControlledBy(this.#pods, other)).filter(isPodActive);
  }
}
