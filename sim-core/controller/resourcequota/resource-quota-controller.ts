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

/** --resource-quota-sync-period */
const RESYNC = 300_000;
/** What names in a quota are about, apart from pods and "count/…". */
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
    await Promise.all([running, runWorkers(this.#queue, 5, (key) => this.#sync(key)), this.#resync()]);
  }

  #follow(resource: DiscoveredResource): void {
    const { verbs, namespaced } = resource;
    if (!namespaced || !['create', 'list', 'watch', 'delete'].every((verb) => verbs.includes(verb))) return;
    if (resource.resource === 'events') return;
    const informer = this.#context.informers.for<KubeObject>(resource);
    const kind = groupResourceText(resource);
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
    const names = Object.keys(quota.spec?.hard ?? {}).sort();
    return Object.fromEntries(names.map((name) => [name, (sums.get(name) ?? Quantity.of(0)).toString()]));
  }
}

const isOver = ({ status }: KubeObject): boolean => ['Succeeded', 'Failed'].includes(status?.phase);

/** The kinds that a quota counts. */
function kindsOf({ spec }: ResourceQuota): Set<string> {
  return new Set(
    Object.keys(spec?.hard ?? {}).map((name) =>
      name.startsWith('count/') ? name.slice('count/'.length) : (NAMED[name] ?? 'pods'),
    ),
  );
}
