import type { ControllerRevision, DaemonSet } from 'kubernetes-types/apps/v1';
import type { Node, Pod } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { labelSelectorAsSelector } from '../../apimachinery/labels/selector.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { cleanupHistory, constructHistory, type HistoryKind } from '../history/history.ts';
import { claimObjects } from '../util/controller-ref-manager.ts';
import { Expectations } from '../util/expectations.ts';
import { controllerOf, controllerRef } from '../util/owner.ts';
import { PodControl } from '../util/pod-control.ts';
import { indexPodsByOwner, podsToClaim } from '../util/pods-by-owner.ts';
import { slowStartBatch } from '../util/slow-start.ts';
import { HASH_LABEL, nodeShouldRun, targetNode, templateForNode } from './daemon-pods.ts';
import { podsToReplace } from './rolling-update.ts';
import { byCreation, daemonSetStatus } from './status.ts';

const WORKERS = 2;
const HISTORY: HistoryKind = {
  resource: RESOURCES.daemonSets,
  hashLabel: HASH_LABEL,
  notCopied: ['kubectl.kubernetes.io/last-applied-configuration'],
};

/** Keeps one pod on every fitting node. Models pkg/controller/daemon DaemonSetsController. */
export class DaemonSetController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #podControl: PodControl;
  readonly #expectations: Expectations;
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
      onUpdate: (_, pod) => this.#onPodUpdate(pod),
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
    const key = this.#ownerKey(pod);
    if (key === undefined) return;
    this.#expectations.creationObserved(key);
    this.#queue.addSettled(key);
  }

  #onPodUpdate(pod: Pod): void {
    if (pod.metadata!.deletionTimestamp !== undefined) return this.#onPodDelete(pod);
    const key = this.#ownerKey(pod);
    if (key === undefined) return;
    this.#queue.addSettled(key);
    const minReadySeconds = this.#sets.getByKey(key)?.spec?.minReadySeconds ?? 0;
    if (minReadySeconds > 0) this.#queue.addAfter(key, minReadySeconds * 1000 + 1000);
  }

  #onPodDelete(pod: Pod): void {
    const key = this.#ownerKey(pod);
    if (key === undefined) return;
    this.#expectations.deletionObserved(key, keyOf(pod));
    this.#queue.addSettled(key);
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
    if (this.#expectations.satisfied(key)) {
      await this.#manage(key, set, hash);
      if (this.#expectations.satisfied(key)) await this.#rollOut(key, set, hash);
      const live = new Set((await this.#podsOf(set)).map(({ metadata }) => metadata!.labels?.[HASH_LABEL]));
      await cleanupHistory(client, set, history.old, ({ metadata }) =>
        live.has(metadata!.labels?.[HASH_LABEL]),
      );
    }
    await this.#updateStatus(set, hash);
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

  async #podsByNode(set: DaemonSet): Promise<Map<string, Pod[]>> {
    const byNode = new Map<string, Pod[]>();
    for (const pod of await this.#podsOf(set)) {
      const node = targetNode(pod) ?? '';
      byNode.set(node, [...(byNode.get(node) ?? []), pod]);
    }
    return byNode;
  }

  /** Makes the pods that are missing and deletes those too many. Models manage and syncNodes. */
  async #manage(key: string, set: DaemonSet, hash: string): Promise<void> {
    const byNode = await this.#podsByNode(set);
    const missing: string[] = [];
    const excess: Pod[] = [];
    for (const node of this.#nodes.list()) {
      const name = node.metadata!.name!;
      const { run, keep } = nodeShouldRun(set, node);
      const pods = byNode.get(name) ?? [];
      const alive = pods.filter((pod) => pod.metadata!.deletionTimestamp === undefined);
      if (!run) {
        if (!keep) excess.push(...alive);
        continue;
      }
      const failed = alive.filter((pod) => this.#isOver(set, pod, name));
      const running = alive.filter((pod) => !failed.includes(pod)).sort(byCreation);
      excess.push(...failed, ...running.slice(1));
      if (pods.length === 0) missing.push(name);
    }
    const known = new Set(this.#nodes.list().map((node) => node.metadata!.name!));
    for (const [node, pods] of byNode) {
      const isLost = node !== '' && !known.has(node) && pods.every((pod) => !pod.spec?.nodeName);
      if (isLost) excess.push(...pods);
    }
    await this.#apply(key, set, hash, missing, excess);
  }

  /** A pod that ended is replaced, with an event that says so. */
  #isOver(set: DaemonSet, pod: Pod, node: string): boolean {
    const phase = pod.status?.phase;
    if (phase !== 'Failed' && phase !== 'Succeeded') return false;
    const { namespace, name } = pod.metadata!;
    const subject = subjectOf(set, RESOURCES.daemonSets);
    const [type, word] =
      phase === 'Failed' ? (['Warning', 'failed'] as const) : (['Normal', 'succeeded'] as const);
    this.#recorder.event(
      subject,
      type,
      phase === 'Failed' ? 'FailedDaemonPod' : 'SucceededDaemonPod',
      `Found ${word} daemon pod ${namespace}/${name} on node ${node}, will try to ${phase === 'Failed' ? 'kill' : 'delete'} it`,
    );
    return true;
  }

  async #rollOut(key: string, set: DaemonSet, hash: string): Promise<void> {
    if ((set.spec!.updateStrategy?.type ?? 'RollingUpdate') !== 'RollingUpdate') return;
    const byNode = await this.#podsByNode(set);
    const old = podsToReplace(set, this.#nodes.list(), byNode, hash, this.#context.clock.now());
    await this.#apply(key, set, hash, [], old);
  }

  async #apply(
    key: string,
    set: DaemonSet,
    hash: string,
    missing: readonly string[],
    excess: readonly Pod[],
  ): Promise<void> {
    if (missing.length === 0 && excess.length === 0) return;
    this.#expectations.expect(key, missing.length, excess.map(keyOf));
    const subject = subjectOf(set, RESOURCES.daemonSets);
    const reference = controllerRef(set, RESOURCES.daemonSets);
    const nodes = missing[Symbol.iterator]();
    const { successes, error } = await slowStartBatch(missing.length, () =>
      this.#podControl.create(subject, templateForNode(set, hash, nodes.next().value!), reference),
    );
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

  async #updateStatus(set: DaemonSet, hash: string): Promise<void> {
    const byNode = await this.#podsByNode(set);
    const status = daemonSetStatus(set, this.#nodes.list(), byNode, hash, this.#context.clock.now());
    const { conditions, ...known } = set.status ?? {};
    if (semanticEqual(known, status)) return;
    const body = { ...set, status: { ...status, ...(conditions && { conditions }) } };
    const written = await this.#context.client.update<DaemonSet>(
      RESOURCES.daemonSets,
      body as { metadata: { name: string } },
      { namespace: set.metadata!.namespace, subresource: 'status' },
    );
    this.#newest.mutation(written);
  }
}
