import type { ReplicaSet, StatefulSet } from 'kubernetes-types/apps/v1';
import type {
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ReplicationController,
  Service,
} from 'kubernetes-types/core/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import type { StorageClass } from 'kubernetes-types/storage/v1';
import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Rand } from '../clock/rand.ts';
import { type BuiltInResource, RESOURCES } from '../client-go/kubernetes/resources.ts';
import type { RestClient } from '../client-go/rest/client.ts';
import { SharedInformer } from '../client-go/tools/cache/shared-informer.ts';
import type { Stored } from '../client-go/tools/cache/store.ts';

/**
 * What the scheduler follows: pods, nodes and what makes pods from the start; claims, budgets and
 * namespaces from when a pod first calls for them.
 */
export class SchedulerInformers {
  readonly pods: SharedInformer<Pod>;
  readonly nodes: SharedInformer<Node>;
  readonly services: SharedInformer<Service>;
  readonly replicationControllers: SharedInformer<ReplicationController>;
  readonly replicaSets: SharedInformer<ReplicaSet>;
  readonly statefulSets: SharedInformer<StatefulSet>;
  readonly claims: SharedInformer<PersistentVolumeClaim>;
  readonly volumes: SharedInformer<PersistentVolume>;
  readonly storageClasses: SharedInformer<StorageClass>;
  readonly namespaces: SharedInformer<Namespace>;
  readonly budgets: SharedInformer<PodDisruptionBudget>;
  readonly #context: Context;
  readonly #byResource = new Map<string, SharedInformer<Stored>>();
  readonly #running = new Set<SharedInformer<Stored>>();
  readonly #fail: (error: unknown) => void;

  /** `fail` is told of a fault in a handler. */
  constructor(
    client: RestClient,
    clock: Clock,
    rand: Rand,
    context: Context,
    fail: (error: unknown) => void,
  ) {
    this.#context = context;
    this.#fail = fail;
    // A process that goes on where it was knows what every pod calls for; the rest is new to it.
    const { resumeFrom } = client.config;
    const of = <T extends Stored>(
      resource: BuiltInResource,
      more: { readonly fieldSelector?: string; readonly resumeFrom?: string | undefined } = {},
    ): SharedInformer<T> => {
      const own = rand.fork(resource.resource);
      const informer = new SharedInformer<T>(client, clock, own, { resource, ...more });
      this.#byResource.set(resource.resource, informer as unknown as SharedInformer<Stored>);
      return informer;
    };
    this.nodes = of(RESOURCES.nodes, { resumeFrom });
    this.pods = of(RESOURCES.pods, {
      fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed',
      resumeFrom,
    });
    this.services = of(RESOURCES.services, { resumeFrom });
    this.replicationControllers = of(RESOURCES.replicationControllers, { resumeFrom });
    this.replicaSets = of(RESOURCES.replicaSets, { resumeFrom });
    this.statefulSets = of(RESOURCES.statefulSets, { resumeFrom });
    this.claims = of(RESOURCES.persistentVolumeClaims);
    this.volumes = of(RESOURCES.persistentVolumes);
    this.storageClasses = of(RESOURCES.storageClasses);
    this.namespaces = of(RESOURCES.namespaces);
    this.budgets = of(RESOURCES.podDisruptionBudgets);
  }

  /** Follows what every pod calls for; resolves when it is known. */
  start(): Promise<void> {
    return this.need([
      RESOURCES.nodes,
      RESOURCES.pods,
      RESOURCES.services,
      RESOURCES.replicationControllers,
      RESOURCES.replicaSets,
      RESOURCES.statefulSets,
    ]);
  }

  /** True if all of these are known. */
  has(resources: readonly BuiltInResource[]): boolean {
    return resources.every(({ resource }) => this.#byResource.get(resource)!.hasSynced);
  }

  /** Resolves when these are known, or the scheduler stops. */
  async need(resources: readonly BuiltInResource[]): Promise<void> {
    const informers = resources.map(({ resource }) => this.#byResource.get(resource)!);
    for (const informer of informers) {
      if (this.#running.has(informer)) continue;
      this.#running.add(informer);
      informer.run(this.#context).catch(this.#fail);
    }
    for (const informer of informers) await informer.synced(this.#context);
  }
}
