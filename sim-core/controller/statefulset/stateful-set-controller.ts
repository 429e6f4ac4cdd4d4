import type { ControllerRevision, StatefulSet, StatefulSetStatus } from 'kubernetes-types/apps/v1';
import type { PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { labelSelectorAsSelector } from '../../apimachinery/labels/selector.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { cleanupHistory, constructHistory, hashOfData, type HistoryKind } from '../history/history.ts';
import { claimObjects } from '../util/controller-ref-manager.ts';
import { controllerOf } from '../util/owner.ts';
import { indexPodsByOwner, podsToClaim } from '../util/pods-by-owner.ts';
import { isPodReady } from '../util/pods.ts';
import { StatefulClaims } from './claims.ts';
import { ordinalOf, revisionOf } from './identity.ts';
import { StatefulPodControl } from './stateful-pod-control.ts';
import { StatefulSetSync } from './stateful-set-sync.ts';

const WORKERS = 5;
const HISTORY: HistoryKind = {
  resource: RESOURCES.statefulSets,
  hashLabel: 'controller.kubernetes.io/hash',
  hash: hashOfData,
};

/** Keeps pods with names, an order and claims of their own. Models pkg/controller/statefulset StatefulSetController. */
export class StatefulSetController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #sets: Lister<StatefulSet>;
  readonly #newest: MutationCache<StatefulSet>;
  readonly #pods: Lister<Pod>;
  readonly #revisions: Lister<ControllerRevision>;
  readonly #claims: StatefulClaims;
  readonly #control: StatefulPodControl;

  constructor(context: ControllerContext) {
    const { client, informers } = context;
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    const recorder = recorderFor(context, 'statefulset-controller');
    const sets = informers.for<StatefulSet>(RESOURCES.statefulSets);
    const pods = informers.for<Pod>(RESOURCES.pods);
    indexPodsByOwner(pods);
    this.#sets = sets.lister;
    this.#newest = new MutationCache(sets.lister);
    this.#pods = pods.lister;
    this.#revisions = informers.for<ControllerRevision>(RESOURCES.controllerRevisions).lister;
    const claims = informers.for<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims);
    this.#claims = new StatefulClaims(client, recorder, claims.lister);
    this.#control = new StatefulPodControl(client, recorder, this.#claims);
    sets.addHandler({
      onAdd: (set) => this.#queue.add(keyOf(set)),
      onUpdate: (_, set) => this.#queue.add(keyOf(set)),
      onDelete: (set) => this.#queue.add(keyOf(set)),
    });
    pods.addHandler({
      onAdd: (pod) => this.#onPod(pod),
      onUpdate: (old, pod) => {
        if (controllerOf(old)?.uid !== controllerOf(pod)?.uid) this.#onPod(old);
        this.#onPod(pod, old);
      },
      onDelete: (pod) => this.#onPod(pod),
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, WORKERS, (key) => this.#sync(key));
  }

  #onPod(pod: Pod, old?: Pod): void {
    const reference = controllerOf(pod);
    const { namespace, labels } = pod.metadata!;
    if (reference === undefined) {
      for (const set of this.#sets.list(namespace)) {
        if (labelSelectorAsSelector(set.spec?.selector).matches(labels)) this.#queue.addSettled(keyOf(set));
      }
      return;
    }
    if (reference.kind !== 'StatefulSet') return;
    const set = this.#sets.get(namespace!, reference.name);
    if (set?.metadata?.uid !== reference.uid) return;
    this.#queue.addSettled(keyOf(set));
    const minReadySeconds = set.spec!.minReadySeconds ?? 0;
    if (minReadySeconds > 0 && old !== undefined && !isPodReady(old) && isPodReady(pod)) {
      this.#queue.addAfter(keyOf(set), minReadySeconds * 1000 + 1000);
    }
  }

  async #sync(key: string): Promise<void> {
    const set = this.#newest.getByKey(key);
    if (set === undefined) return;
    const { client, clock } = this.#context;
    const { namespace } = set.metadata!;
    const selector = labelSelectorAsSelector(set.spec!.selector);
    const { resource } = HISTORY;
    const pods = await claimObjects(
      client,
      set,
      resource,
      RESOURCES.pods,
      selector,
      podsToClaim(this.#pods, set),
      { eligible: (pod) => ordinalOf(set, pod) !== undefined },
    );
    const { current: update, old } = await constructHistory(
      client,
      HISTORY,
      set,
      selector,
      this.#revisions.list(namespace),
    );
    const current = old.find(({ metadata }) => metadata!.name === set.status?.currentRevision) ?? update;
    const revisions = { current, update };
    const sync = new StatefulSetSync(this.#control, this.#claims, set, revisions, pods, clock.now());
    try {
      await sync.run();
    } finally {
      // What a refusal interrupts is written down, and old revisions go all the same.
      await this.#writeStatus(set, sync.status);
      const live = new Set([current.metadata!.name, update.metadata!.name, ...pods.map(revisionOf)]);
      await cleanupHistory(client, set, old, ({ metadata }) => live.has(metadata!.name));
    }
    const { minReadySeconds = 0, replicas } = set.spec!;
    if (minReadySeconds > 0 && sync.status.availableReplicas !== replicas) {
      this.#queue.addAfter(key, minReadySeconds * 1000);
    }
  }

  /** Writes the status if it says anything else. Models inconsistentStatus and updateStatefulSetStatus. */
  async #writeStatus(set: StatefulSet, status: StatefulSetStatus): Promise<void> {
    const { conditions: _, ...known } = set.status ?? {};
    if (semanticEqual(known, status)) return;
    const body = { ...set, status };
    this.#newest.mutation(
      await this.#context.client.update<StatefulSet>(
        RESOURCES.statefulSets,
        body as { metadata: { name: string } },
        { namespace: set.metadata!.namespace, subresource: 'status' },
      ),
    );
  }
}
