import { deepCopy } from '../../../apimachinery/copy.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import type { Context } from '../../../clock/context.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { API_SERVER_USER, SYSTEM_PRIVILEGED_GROUP } from '../../authentication/user.ts';
import type { GenericStore } from '../../registry/generic/store.ts';
import type { RequestContext } from '../../registry/rest/object-store.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import { setCondition } from '../customresourcedefinition/conditions.ts';
import { definitionStatusStrategy } from '../customresourcedefinition/row.ts';
import { resourceDefinitionsOf } from '../customresource/definition.ts';
import type { CustomResourceDefinition } from '../types.ts';
import { CLEANUP_FINALIZER, hasRules, isConditionTrue } from '../types.ts';
import { deleteInstances } from './finalizer.ts';
import type { CustomResourceHost } from './host.ts';
import { acceptNames, isAccepted } from './naming.ts';

/** A definition that is being served. */
interface Served {
  /** What the serving depends on; when it changes, watches end and all begins anew. */
  readonly key: string;
  readonly resources: readonly ResourceDefinition[];
  readonly stores: readonly GenericStore[];
  readonly context: Context;
  readonly state: { terminating: boolean };
}

/**
 * Brings definitions to life: accepts their names, serves their objects, cleans up after them.
 * One definition is worked on at a time.
 *
 * Models k8s.io/apiextensions-apiserver/pkg/controller/{status,establish,finalizer} and
 * pkg/apiserver/customresource_handler.go.
 */
export class CustomResourceDefinitionController {
  readonly #host: CustomResourceHost;
  readonly #served = new Map<string, Served>();
  readonly #finalizing = new Set<string>();
  readonly #rules = new LazyModule(() => import('../cel/rules.ts'));

  constructor(host: CustomResourceHost) {
    this.#host = host;
  }

  /**
   * Does what the definition of this name needs now. Returns the definitions to look at next: those that
   * may want a name which this one gave up. Rejects when etcd is away.
   */
  async sync(name: string): Promise<readonly string[]> {
    const all = await this.#all();
    const crd = all.find(({ metadata }) => metadata.name === name);
    if (crd === undefined) {
      this.#stopServing(name);
      const group = name.slice(name.indexOf('.') + 1);
      return all.filter(({ spec }) => spec.group === group).map(({ metadata }) => metadata.name!);
    }
    await this.#establish(crd, all);
    await this.#serve(await this.#current(name));
    if (crd.metadata.deletionTimestamp !== undefined) this.#startFinalizing(name);
    return [];
  }

  async #all(): Promise<readonly CustomResourceDefinition[]> {
    const { definitions } = this.#host;
    return (await definitions.cacher.list({
      prefix: definitions.prefix(undefined),
    })) as CustomResourceDefinition[];
  }

  async #current(name: string): Promise<CustomResourceDefinition | undefined> {
    const { definitions } = this.#host;
    return (await definitions.cacher.get(definitions.key('', name))) as CustomResourceDefinition | undefined;
  }

  /** Models the naming and the establishing controller. */
  async #establish(crd: CustomResourceDefinition, all: readonly CustomResourceDefinition[]): Promise<void> {
    const name = crd.metadata.name!;
    const others = all.filter((other) => other.spec.group === crd.spec.group && other.metadata.name !== name);
    const naming = acceptNames(crd, others);
    let current = crd;
    if (!isAccepted(crd, naming)) {
      current = await this.#updateStatus(name, (next, now) => {
        next.status.acceptedNames = naming.acceptedNames;
        setCondition(next, naming.namesAccepted, now);
        setCondition(next, naming.established, now);
      });
    }
    if (!isConditionTrue(current, 'NamesAccepted') || isConditionTrue(current, 'Established')) return;
    await this.#updateStatus(name, (next, now) => {
      setCondition(
        next,
        {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
        now,
      );
    });
  }

  async #serve(crd: CustomResourceDefinition | undefined): Promise<void> {
    if (crd === undefined || !isConditionTrue(crd, 'Established')) return;
    const name = crd.metadata.name!;
    const { acceptedNames } = crd.status;
    const key = JSON.stringify([crd.metadata.uid, crd.spec, acceptedNames]);
    const terminating = isConditionTrue(crd, 'Terminating');
    const served = this.#served.get(name);
    if (served?.key === key) {
      served.state.terminating = terminating;
      return;
    }
    const rules = hasRules(crd) ? await this.#rules.load(this.#host.clock) : undefined;
    this.#stopServing(name);
    const state = { terminating };
    const resources = resourceDefinitionsOf(
      crd,
      rules?.rulesOf ?? (() => undefined),
      () => state.terminating,
    );
    const context = this.#host.context.child();
    const stores = this.#host.serve(resources, context);
    this.#served.set(name, { key, resources, stores, context, state });
  }

  #stopServing(name: string): void {
    const served = this.#served.get(name);
    if (served === undefined) return;
    this.#served.delete(name);
    this.#host.withdraw(served.resources);
    served.context.cancel();
  }

  #startFinalizing(name: string): void {
    if (this.#finalizing.has(name)) return;
    this.#finalizing.add(name);
    void this.#finalize(name).finally(() => this.#finalizing.delete(name));
  }

  /** Models pkg/controller/finalizer/crd_finalizer.go. */
  async #finalize(name: string): Promise<void> {
    const { clock, context } = this.#host;
    while (!context.cancelled) {
      try {
        const crd = await this.#current(name);
        if (crd?.metadata.finalizers?.includes(CLEANUP_FINALIZER) !== true) return;
        await this.#updateStatus(name, (next, now) => {
          setCondition(
            next,
            {
              type: 'Terminating',
              status: 'True',
              reason: 'InstanceDeletionInProgress',
              message: 'CustomResource deletion is in progress',
            },
            now,
          );
        });
        const store = this.#served.get(name)?.stores[0];
        const condition =
          store === undefined
            ? {
                type: 'Terminating',
                status: 'False',
                reason: 'NeverEstablished',
                message: 'resource was never established',
              }
            : await deleteInstances(store, clock, this.#serverContext());
        const isDone = condition.status === 'False';
        await this.#updateStatus(name, (next, now) => {
          setCondition(next, condition, now);
          if (!isDone) return;
          const left = (next.metadata.finalizers ?? []).filter(
            (finalizer) => finalizer !== CLEANUP_FINALIZER,
          );
          if (left.length > 0) next.metadata.finalizers = left;
          else delete next.metadata.finalizers;
        });
        if (isDone) return;
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        if (error.code === 404) return;
      }
      await clock.sleep(1000, { context });
    }
  }

  /** Changes status and finalizers of a definition, whatever others write in between. */
  async #updateStatus(
    name: string,
    change: (crd: CustomResourceDefinition, now: number) => void,
  ): Promise<CustomResourceDefinition> {
    const context = this.#serverContext();
    const { object } = await this.#host.definitions.updateWith(
      name,
      async (existing) => {
        if (existing === undefined) throw gone(name);
        const next = deepCopy(existing) as CustomResourceDefinition;
        change(next, context.now);
        await this.#host.trackStatus(existing, next, context.now);
        return next;
      },
      context,
      { strategy: definitionStatusStrategy },
    );
    return object as CustomResourceDefinition;
  }

  #serverContext(): RequestContext {
    return {
      user: { name: API_SERVER_USER, groups: [SYSTEM_PRIVILEGED_GROUP] },
      namespace: '',
      now: this.#host.clock.now(),
      warn: () => {},
      requestId: undefined,
      dryRun: false,
    };
  }
}

const gone = (name: string) =>
  new StatusError(
    404,
    'NotFound',
    `customresourcedefinitions.apiextensions.k8s.io ${JSON.stringify(name)} not found`,
  );
