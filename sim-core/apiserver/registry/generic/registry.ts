import type { GroupResource, KubeObject } from '../../../apimachinery/object.ts';
import { groupResourceText } from '../../../apimachinery/object.ts';
import { nameIsPathSegment } from '../../../apimachinery/validation/names.ts';
import type { Registry, RevisionedReader } from '../rest/object-store.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import type { GenericStore } from './store.ts';

/** The stores of all resources, and what their watch caches hold. */
export class StoreRegistry implements Registry, RevisionedReader {
  readonly #definitions = new Map<string, ResourceDefinition>();
  readonly #stores = new Map<string, GenericStore>();

  /** Adds a resource; `store` is undefined for one that is not stored. */
  add(definition: ResourceDefinition, store: GenericStore | undefined): void {
    const name = groupResourceText(definition);
    this.#definitions.set(`${name}/${definition.version}`, definition);
    if (store !== undefined && !this.#stores.has(name)) this.#stores.set(name, store);
  }

  /** Takes a resource away; its store is another version's from now on, or nobody's. */
  remove(definition: ResourceDefinition): void {
    const name = groupResourceText(definition);
    this.#definitions.delete(`${name}/${definition.version}`);
    const isServed = [...this.#definitions.values()].some((other) => groupResourceText(other) === name);
    if (!isServed) this.#stores.delete(name);
  }

  definitions(): readonly ResourceDefinition[] {
    return [...this.#definitions.values()];
  }

  stores(): readonly GenericStore[] {
    return [...this.#stores.values()];
  }

  revisionOf(resource: GroupResource): number {
    return this.#stores.get(groupResourceText(resource))?.cacher.ownRevision ?? -1;
  }

  storeFor(resource: GroupResource): GenericStore {
    const store = this.#stores.get(groupResourceText(resource));
    if (store === undefined) throw new Error(`${groupResourceText(resource)} is not stored by this server`);
    return store;
  }

  async get(resource: GroupResource, namespace: string, name: string): Promise<KubeObject | undefined> {
    const store = this.#stores.get(groupResourceText(resource));
    // Nothing has a name that is none.
    if (store === undefined || nameIsPathSegment(name, false).length > 0) return undefined;
    return store.cacher.get(store.key(namespace, name));
  }

  async list(resource: GroupResource, namespace = '', trigger?: string): Promise<readonly KubeObject[]> {
    const store = this.#stores.get(groupResourceText(resource));
    return store === undefined ? [] : store.cacher.list({ prefix: store.prefix(namespace), trigger });
  }

  has(resource: GroupResource): Promise<boolean> {
    return this.#stores.get(groupResourceText(resource))?.cacher.hasAny() ?? Promise.resolve(false);
  }
}
