import type { Deployment, ReplicaSet } from 'kubernetes-types/apps/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { labelSelectorAsSelector } from '../../apimachinery/labels/selector.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { claimObjects } from '../util/controller-ref-manager.ts';
import { controllerOf } from '../util/owner.ts';
import { isNamespaceTerminating } from '../util/pod-control.ts';
import { indexPodsByOwner, podsControlledBy } from '../util/pods-by-owner.ts';
import { DeploymentSync } from './sync.ts';

const WORKERS = 5;

/** Rolls Deployments out by their ReplicaSets. Models pkg/controller/deployment DeploymentController. */
export class DeploymentController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  /** Deployments of type Recreate that lost a pod. */
  readonly #shrunk: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #deployments: Lister<Deployment>;
  readonly #sets: Lister<ReplicaSet>;
  readonly #pods: Lister<Pod>;
  readonly #newestDeployments: MutationCache<Deployment>;
  readonly #newestSets: MutationCache<ReplicaSet>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    this.#shrunk = new WorkQueue(context.clock, context.context);
    this.#recorder = recorderFor(context, 'deployment-controller');
    const deployments = context.informers.for<Deployment>(RESOURCES.deployments);
    const sets = context.informers.for<ReplicaSet>(RESOURCES.replicaSets);
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    indexPodsByOwner(pods);
    this.#deployments = deployments.lister;
    this.#sets = sets.lister;
    this.#pods = pods.lister;
    this.#newestDeployments = new MutationCache(deployments.lister);
    this.#newestSets = new MutationCache(sets.lister);
    deployments.addHandler({
      onAdd: (deployment) => this.#queue.add(keyOf(deployment)),
      onUpdate: (_, deployment) => this.#queue.add(keyOf(deployment)),
      onDelete: (deployment) => this.#queue.add(keyOf(deployment)),
    });
    sets.addHandler({
      onAdd: (set) => this.#onSet(set),
      onUpdate: (old, set) => {
        if (controllerOf(old)?.uid !== controllerOf(set)?.uid) this.#enqueueOwner(old);
        this.#onSet(set);
      },
      onDelete: (set) => this.#enqueueOwner(set),
    });
    pods.addHandler({ onDelete: (pod) => this.#onPodDelete(pod) });
  }

  async run(): Promise<void> {
    const sync = async (key: string) => {
      try {
        await this.#sync(key);
      } catch (error) {
        if (!isNamespaceTerminating(error)) throw error;
      }
    };
    await Promise.all([
      runWorkers(this.#queue, WORKERS, sync),
      runWorkers(this.#shrunk, 1, (key) => this.#syncShrunk(key)),
    ]);
  }

  #onSet(set: ReplicaSet): void {
    if (controllerOf(set) !== undefined) return this.#enqueueOwner(set);
    for (const deployment of this.#deployments.list(set.metadata!.namespace)) {
      const selector = labelSelectorAsSelector(deployment.spec!.selector);
      if (!selector.empty && selector.matches(set.metadata!.labels))
        this.#queue.addSettled(keyOf(deployment));
    }
  }

  #ownerOf(set: ReplicaSet): Deployment | undefined {
    const reference = controllerOf(set);
    if (reference?.kind !== 'Deployment') return undefined;
    const deployment = this.#deployments.get(set.metadata!.namespace!, reference.name);
    return deployment?.metadata?.uid === reference.uid ? deployment : undefined;
  }

  #enqueueOwner(set: ReplicaSet): void {
    const deployment = this.#ownerOf(set);
    if (deployment !== undefined) this.#queue.addSettled(keyOf(deployment));
  }

  /** A Deployment of type Recreate goes on when the last old pod is gone. */
  #onPodDelete(pod: Pod): void {
    const reference = controllerOf(pod);
    if (reference?.kind !== 'ReplicaSet') return;
    const set = this.#sets.get(pod.metadata!.namespace!, reference.name);
    const deployment = set && this.#ownerOf(set);
    if (deployment?.spec?.strategy?.type !== 'Recreate') return;
    this.#shrunk.add(keyOf(deployment));
  }

  /** Goes on if no pod is left; the server itself is asked for the sets. Models deletePod. */
  async #syncShrunk(key: string): Promise<void> {
    const deployment = this.#deployments.getByKey(key);
    if (deployment === undefined) return;
    const { namespace, uid } = deployment.metadata!;
    const labelSelector = labelSelectorAsSelector(deployment.spec!.selector).toString();
    const { client } = this.#context;
    const { items } = await client.list<ReplicaSet>(RESOURCES.replicaSets, { namespace, labelSelector });
    const own = items.filter((set) => controllerOf(set)?.uid === uid);
    if (this.#podsOf(own).length === 0) this.#queue.addSettled(key);
  }

  #podsOf(sets: readonly ReplicaSet[]): Pod[] {
    return sets.flatMap((set) => podsControlledBy(this.#pods, set));
  }

  async #sync(key: string): Promise<void> {
    const deployment = this.#newestDeployments.getByKey(key);
    if (deployment === undefined) return;
    const selector = labelSelectorAsSelector(deployment.spec!.selector);
    if (selector.empty) {
      this.#recorder.event(
        subjectOf(deployment, RESOURCES.deployments),
        'Warning',
        'SelectingAll',
        'This deployment is selecting all pods. A non-empty selector is required.',
      );
      return;
    }
    const sets = await claimObjects(
      this.#context.client,
      deployment,
      RESOURCES.deployments,
      RESOURCES.replicaSets,
      selector,
      this.#sets.list(deployment.metadata!.namespace).map((set) => this.#newestSets.newest(set)),
    );
    const { client, clock } = this.#context;
    const sync = new DeploymentSync(client, clock, this.#recorder, deployment, sets, {
      pods: () => this.#podsOf(sets),
      wroteDeployment: (written) => this.#newestDeployments.mutation(written),
      wroteSet: (written) => this.#newestSets.mutation(written),
    });
    const recheck = await sync.run();
    if (recheck !== undefined) this.#queue.addAfter(key, recheck, { periodic: true });
  }
}
