import type { ControllerRevision, DaemonSet } from 'kubernetes-types/apps/v1';
import type { Node, Pod } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { labelSelectorAsSelector } from '../../apimachinery/labels/selector.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { KeyedBackoff } from '../../client-go/util/flowcontrol/backoff.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { cleanupHistory, constructHistory, hashOfTemplate, type HistoryKind } from '../history/history.ts';
import { claimObjects } from '../util/controller-ref-manager.ts';
import { Expectations } from '../util/expectations.ts';
import { controllerOf, controllerRef } from '../util/owner.ts';
import { isNamespaceTerminating, PodControl } from '../util/pod-control.ts';
import { indexPodsByOwner, podsToClaim } from '../util/pods-by-owner.ts';
import { isPodReady, isPodTerminal } from '../util/pods.ts';
import { slowStartBatch } from '../util/slow-start.ts';
import { updateStatus } from '../util/update-status.ts';
import { HASH_LABEL, nodeShouldRun, targetNode, templateForNode } from './daemon-pods.ts';
import { podsShouldBeOnNode } from './pods-on-node.ts';
import { rollingUpdate, type RollingView } from './rolling-update.ts';
import { daemonSetStatus } from './status.ts';

const WORKERS = 2;
/** At most so many pods are made, and deleted, in one sync. Models BurstReplicas. */
const BURST = 250;
const FAILED_PODS_BACKOFF = { initial: 1000, max: 900_000 };
const HISTORY: HistoryKind = {
  resource: RESOURCES.daemonSets,
  hashLabel: HASH_LABEL,
  hash: hashOfTemplate,
};

/** Keeps one pod on every fitting node. Models pkg/controller/daemon DaemonSetsController. */
export class DaemonSetController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #podControl: PodControl;
  readonly #expectations: Expectations;
  readonly #failures: KeyedBackoff;
  readonly #sets: Lister<DaemonSet>;
  readonly #newest: MutationCache<DaemonSet>;
  readonly #pods: Lister<Pod>;
  readonly #nodes: Lister<Node>;
  readonly #revisions: Lister<ControllerRevision>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    this.#recorder = recorderFor(context, 'daemonset-controller');
    this.#podControl = new PodControl(context.client, this.#recorder);
    this.#expectations = new Expectations(context.clock);
    this.#failures = new KeyedBackoff(context.clock, FAILED_PODS_BACKOFF);
    const sets = context.informers.for<DaemonSet>(RESOURCES.daemonSets);
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    const nodes = context.informers.for<Node>(RESOURCES.nodes);
    indexPodsByOwner(pods);
    this.#sets = sets.lister;
    this.#newest = new MutationCache(sets.lister);
    this.#pods = pods.lister;
    this.#nodes = nodes.lister;
    this.#revisions = context.informers.for<ControllerRevision>(RESOURCES.controllerRevisions).lister;
    sets.addHandler({
      onAdd: (set) => this.#queue.add(keyOf(set)),
      onUpdate: (_, set) => this.#queue.add(keyOf(set)),
      onDelete: (set) => this.#expectations.forget(keyOf(set)),
    });
    pods.addHandler({
      onAdd: (pod) => this.#onPodAdd(pod),
      onUpdate: (old, pod) => this.#onPodUpdate(old, pod),
      onDelete: (pod) => this.#onPodDelete(pod),
    });
    nodes.addHandler({
      onAdd: (node) => this.#onNode(undefined, node),
      onUpdate: (old, node) => this.#onNode(old, node),
      onDelete: () => {
        for (const set of this.#sets.list()) this.#queue.add(keyOf(set));
      },
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, WORKERS, (key) => this.#sync(key));
  }

  #ownerKey(pod: Pod): string | undefined {
    const reference = controllerOf(pod);
    if (reference?.kind !== 'DaemonSet') return undefined;
    const set = this.#sets.get(pod.metadata!.namespace!, reference.name);
    return set?.metadata?.uid === reference.uid ? keyOf(set) : undefined;
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
    const becameReady = !isPodReady(old) && isPodReady(pod);
    if (becameReady && minReadySeconds > 0) this.#queue.addAfter(key, minReadySeconds * 1000 + 1000);
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
      if (labelSelectorAsSelector(set.spec!.selector).matches(pod.metadata!.labels)) {
        this.#queue.addSettled(keyOf(set));
      }
    }
  }

  /** A heartbeat changes no answer; labels, taints and a new node may. */
  #onNode(old: Node | undefined, node: Node): void {
    for (const set of this.#sets.list()) {
      const now = nodeShouldRun(set, node);
      if (old === undefined ? now.run : !semanticEqual(now, nodeShouldRun(set, old))) {
        this.#queue.add(keyOf(set));
      }
    }
  }

  async #sync(key: string): Promise<void> {
    const set = this.#newest.getByKey(key);
    if (set === undefined) {
      this.#expectations.forget(key);
      return;
    }
    const selector = labelSelectorAsSelector(set.spec!.selector);
    if (selector.empty) {
      this.#recorder.event(
        subjectOf(set, RESOURCES.daemonSets),
        'Warning',
        'SelectingAll',
        'This daemon set is selecting all pods. A non-empty selector is required.',
      );
      return;
    }
    if (set.metadata!.deletionTimestamp !== undefined) return;
    const { client } = this.#context;
    const { namespace } = set.metadata!;
    const history = await constructHistory(client, HISTORY, set, selector, this.#revisions.list(namespace));
    const hash = history.current.metadata!.labels![HASH_LABEL]!;
    if (!this.#expectations.satisfied(key)) return this.#updateStatus(key, set, hash, false);
    try {
      await this.#manage(key, set, hash);
      if (this.#expectations.satisfied(key)) await this.#rollOut(key, set, hash);
      const live = new Set((await this.#podsOf(set)).map(({ metadata }) => metadata!.labels?.[HASH_LABEL]));
      await cleanupHistory(client, set, history.old, ({ metadata }) =>
        live.has(metadata!.labels?.[HASH_LABEL]),
      );
    } finally {
      await this.#updateStatus(key, set, hash, true);
    }
  }

  #podsOf(set: DaemonSet): Promise<Pod[]> {
    return claimObjects(
      this.#context.client,
      set,
      RESOURCES.daemonSets,
      RESOURCES.pods,
      labelSelectorAsSelector(set.spec!.selector),
      podsToClaim(this.#pods, set),
    );
  }

  async #view(set: DaemonSet, hash: string): Promise<RollingView> {
    const podsByNode = new Map<string, Pod[]>();
    for (const pod of await this.#podsOf(set)) {
      // What ended and is on its way out is the kubelet's to finish.
      if (isPodTerminal(pod) && pod.metadata!.deletionTimestamp !== undefined) continue;
      const node = targetNode(pod);
      if (node !== undefined) podsByNode.set(node, [...(podsByNode.get(node) ?? []), pod]);
    }
    return { set, nodes: this.#nodes.list(), podsByNode, hash, now: this.#context.clock.now() };
  }

  /** Makes the pods that are missing and deletes those too many. Models manage. */
  async #manage(key: string, set: DaemonSet, hash: string): Promise<void> {
    const { nodes, podsByNode, now } = await this.#view(set, hash);
    const tools = { recorder: this.#recorder, failures: this.#failures, now };
    const missing: string[] = [];
    const excess: Pod[] = [];
    for (const node of nodes) {
      const name = node.metadata!.name!;
      const work = podsShouldBeOnNode(set, node, podsByNode.get(name), hash, tools);
      if (work.create) missing.push(name);
      excess.push(...work.excess);
      if (work.retryAfter !== undefined) this.#queue.addAfter(key, work.retryAfter);
    }
    const known = new Set(nodes.map((node) => node.metadata!.name!));
    for (const [node, pods] of podsByNode) {
      // Nobody else would collect a pod that waits for a node that is gone.
      if (!known.has(node)) excess.push(...pods.filter(({ spec }) => !spec?.nodeName));
    }
    await this.#apply(key, set, hash, missing, excess);
  }

  async #rollOut(key: string, set: DaemonSet, hash: string): Promise<void> {
    if ((set.spec!.updateStrategy?.type ?? 'RollingUpdate') !== 'RollingUpdate') return;
    const { surge, excess } = rollingUpdate(await this.#view(set, hash));
    await this.#apply(key, set, hash, surge, excess);
  }

  async #apply(
    key: string,
    set: DaemonSet,
    hash: string,
    allMissing: readonly string[],
    allExcess: readonly Pod[],
  ): Promise<void> {
    if (allMissing.length === 0 && allExcess.length === 0) return;
    const missing = allMissing.slice(0, BURST);
    const excess = allExcess.slice(0, BURST);
    this.#expectations.expect(key, missing.length, excess.map(keyOf));
    const subject = subjectOf(set, RESOURCES.daemonSets);
    const reference = controllerRef(set, RESOURCES.daemonSets);
    const nodes = missing[Symbol.iterator]();
    const { successes, error } = await slowStartBatch(missing.length, async () => {
      try {
        await this.#podControl.create(subject, templateForNode(set, hash, nodes.next().value!), reference);
      } catch (refusal) {
        // A namespace that is going takes no pods; that is no failure.
        if (!isNamespaceTerminating(refusal)) throw refusal;
      }
    });
    for (let lost = successes; lost < missing.length; lost++) this.#expectations.creationObserved(key);
    const deletions = await Promise.allSettled(
      excess.map((pod) =>
        this.#podControl.delete(subject, pod).catch((reason: unknown) => {
          this.#expectations.deletionObserved(key, keyOf(pod));
          if (!isReason(reason, 'NotFound')) throw reason;
        }),
      ),
    );
    if (error !== undefined) throw error;
    for (const result of deletions) if (result.status === 'rejected') throw result.reason;
  }

  async #updateStatus(key: string, set: DaemonSet, hash: string, observed: boolean): Promise<void> {
    const status = daemonSetStatus(await this.#view(set, hash), observed);
    const { conditions, ...known } = set.status ?? {};
    if (!semanticEqual(known, status)) {
      const withStatus = (current: DaemonSet) => ({
        ...current,
        status: { ...status, ...(conditions && { conditions }) },
      });
      this.#newest.mutation(await updateStatus(this.#context.client, RESOURCES.daemonSets, set, withStatus));
    }
    const minReadySeconds = set.spec!.minReadySeconds ?? 0;
    if (minReadySeconds > 0 && status.numberReady !== (status.numberAvailable ?? 0)) {
      this.#queue.addAfter(key, minReadySeconds * 1000);
    }
  }
}
