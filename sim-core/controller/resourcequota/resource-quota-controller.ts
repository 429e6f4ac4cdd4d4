import type { ResourceQuota } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { groupResourceText } from '../../apimachinery/object.ts';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';
import { matchesScopes, usageOf } from '../../client-go/component-helpers/quota/usage.ts';
import {
  type DiscoveredResource,
  serverPreferredResources,
} from '../../client-go/discovery/discovery-client.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';
import { isServerError } from '../util/pod-control.ts';

/** --resource-quota-sync-period */
const RESYNC = 300_000;
/** How often it asks which kinds there are. */
const DISCOVERY_PERIOD = 30_000;
/** "gold.storageclass.storage.k8s.io/requests.storage": the claims of one class. */
const OF_STORAGE_CLASS = /\.storageclass\.storage\.k8s\.io\/(?:requests\.storage|persistentvolumeclaims)$/;
/** Models podResources, hugePages and extended resources of pkg/quota/v1/evaluator/core. */
const OF_PODS =
  /^(?:pods|(?:(?:requests|limits)\.)?(?:cpu|memory|ephemeral-storage)|(?:requests\.)?hugepages-.+|requests\..+\/.+)$/;
/** What other names in a quota are about, apart from "count/…". */
const NAMED: Readonly<Record<string, string>> = {
  services: 'services',
  'services.loadbalancers': 'services',
  'services.nodeports': 'services',
  persistentvolumeclaims: 'persistentvolumeclaims',
  'requests.storage': 'persistentvolumeclaims',
  configmaps: 'configmaps',
  secrets: 'secrets',
  replicationcontrollers: 'replicationcontrollers',
  resourcequotas: 'resourcequotas',
};

/** Counts what namespaces use of their quotas. Models pkg/controller/resourcequota Controller. */
export class ResourceQuotaController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #quotas: Lister<ResourceQuota>;
  readonly #newest: MutationCache<ResourceQuota>;
  /** By "pods", "deployments.apps". */
  readonly #kinds = new Map<
    string,
    { readonly resource: DiscoveredResource; readonly lister: Lister<KubeObject> }
  >();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    const quotas = context.informers.for<ResourceQuota>(RESOURCES.resourceQuotas);
    this.#quotas = quotas.lister;
    this.#newest = new MutationCache(quotas.lister);
    quotas.addHandler({
      onAdd: (quota) => this.#queue.add(keyOf(quota)),
      onUpdate: (old, quota) => {
        if (!semanticEqual(old.spec, quota.spec)) this.#queue.add(keyOf(quota));
      },
    });
  }

  async run(): Promise<void> {
    const { client, informers, context } = this.#context;
    for (const resource of await serverPreferredResources(client)) this.#follow(resource);
    const running = informers.run(context);
    await informers.synced(context);
    await Promise.all([
      running,
      runWorkers(this.#queue, 5, (key) => this.#sync(key)),
      this.#resync(),
      this.#rediscover(),
    ]);
  }

  /** Follows kinds that came since. Models Sync. */
  async #rediscover(): Promise<void> {
    const { client, clock, informers, context } = this.#context;
    const running: Promise<void>[] = [];
    for (;;) {
      await clock.sleep(DISCOVERY_PERIOD, { periodic: true, context });
      if (context.cancelled) break;
      try {
        for (const resource of await serverPreferredResources(client)) this.#follow(resource);
      } catch (error) {
        if (!isServerError(error)) throw error;
        continue;
      }
      running.push(informers.run(context));
    }
    await Promise.all(running);
  }

  #follow(resource: DiscoveredResource): void {
    const { verbs, namespaced } = resource;
    const kind = groupResourceText(resource);
    if (!namespaced || !['create', 'list', 'watch', 'delete'].every((verb) => verbs.includes(verb))) return;
    if (resource.resource === 'events' || this.#kinds.has(kind)) return;
    const informer = this.#context.informers.for<KubeObject>(resource);
    this.#kinds.set(kind, { resource, lister: informer.lister });
    const replenish = ({ metadata }: KubeObject) => this.#replenish(metadata.namespace!, kind);
    informer.addHandler({
      onDelete: replenish,
      // A pod that ends gives back what it had.
      onUpdate: (old, object) => {
        if (kind === 'pods' && !isOver(old) && isOver(object)) replenish(object);
        if (kind === 'services' && !semanticEqual(old.spec, object.spec)) replenish(object);
      },
    });
  }

  /** Something was given back: the quotas that count it look again. */
  #replenish(namespace: string, kind: string): void {
    for (const quota of this.#quotas.list(namespace)) {
      if (kindsOf(quota).has(kind)) this.#queue.add(keyOf(quota));
    }
  }

  async #resync(): Promise<void> {
    const { clock, context } = this.#context;
    for (;;) {
      await clock.sleep(RESYNC, { periodic: true, context });
      if (context.cancelled) return;
      for (const quota of this.#quotas.list()) this.#queue.add(keyOf(quota));
    }
  }

  async #sync(key: string): Promise<void> {
    const quota = this.#newest.getByKey(key);
    if (quota === undefined) return;
    const { hard = {} } = quota.spec ?? {};
    const used = this.#usedBy(quota);
    const status = { hard, used };
    if (semanticEqual(status, quota.status)) return;
    const { namespace } = quota.metadata!;
    const body = { ...quota, status };
    this.#newest.mutation(
      await this.#context.client.update<ResourceQuota>(
        RESOURCES.resourceQuotas,
        body as { metadata: { name: string } },
        { namespace, subresource: 'status' },
      ),
    );
  }

  /** Models k8s.io/apiserver/pkg/quota/v1 CalculateUsage. */
  #usedBy(quota: ResourceQuota): Record<string, string> {
    const { namespace } = quota.metadata!;
    const sums = new Map<string, Quantity>();
    for (const kind of kindsOf(quota)) {
      const known = this.#kinds.get(kind);
      if (known === undefined) continue;
      for (const object of known.lister.list(namespace)) {
        if (!matchesScopes(quota as unknown as KubeObject, known.resource, object)) continue;
        for (const [name, amount] of usageOf(known.resource, object)) {
          sums.set(name, sums.get(name)?.add(amount) ?? amount);
        }
      }
    }
    // What nobody measures has no usage.
    const names = Object.keys(quota.spec?.hard ?? {}).filter((name) => this.#kinds.has(kindOf(name) ?? ''));
    return Object.fromEntries(
      names.sort().map((name) => [name, (sums.get(name) ?? Quantity.of(0)).toString()]),
    );
  }
}

const isOver = ({ status }: KubeObject): boolean => ['Succeeded', 'Failed'].includes(status?.phase);

/** The kinds that a quota counts. */
function kindsOf({ spec }: ResourceQuota): Set<string> {
  return new Set(Object.keys(spec?.hard ?? {}).flatMap((name) => kindOf(name) ?? []));
}

/** What a name in a quota is about; undefined: nothing that anybody measures. */
function kindOf(name: string): string | undefined {
  if (name.startsWith('count/')) return name.slice('count/'.length);
  if (OF_STORAGE_CLASS.test(name)) return 'persistentvolumeclaims';
  return NAMED[name] ?? (OF_PODS.test(name) ? 'pods' : undefined);
}
