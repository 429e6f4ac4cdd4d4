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
  /** The same by group and resource: every request asks for several, and no text is made for that. */
  readonly #byGroup = new Map<string, Map<string, GenericStore>>();

  /** Adds a resource; `store` is undefined for one that is not stored. */
  add(definition: ResourceDefinition, store: GenericStore | undefined): void {
    const name = groupResourceText(definition);
    this.#definitions.set(`${name}/${definition.version}`, definition);
    if (store === undefined || this.#stores.has(name)) return;
    this.#stores.set(name, store);
    const { group, resource } = definition;
    const inGroup = this.#byGroup.get(group);
    if (inGroup === undefined) this.#byGroup.set(group, new Map([[resource, store]]));
    else inGroup.set(resource, store);
  }

  /** Takes a resource away; its store is another version's from now on, or nobody's. */
  remove(definition: ResourceDefinition): void {
    const name = groupResourceText(definition);
    this.#definitions.delete(`${name}/${definition.version}`);
    const isServed = [...this.#definitions.values()].some((other) => groupResourceText(other) === name);
    if (isServed) return;
    this.#stores.delete(name);
    this.#byGroup.get(definition.group)?.delete(definition.resource);
  }

  definitions(): readonly ResourceDefinition[] {
    return [...this.#definitions.values()];
  }

  stores(): readonly GenericStore[] {
    return [...this.#stores.values()];
  }

  #find({ group, resource }: GroupResource): GenericStore | undefined {
    return this.#byGroup.get(group)?.get(resource);
  }

  revisionOf(resource: GroupResource): number {
    return this.#find(resource)?.cacher.ownRevision ?? -1;
  }

  storeFor(resource: GroupResource): GenericStore {
    const store = this.#find(resource);
    if (store === undefined) throw new Error(`${groupResourceText(resource)} is not stored by this server`);
    return store;
  }

  async get(resource: GroupResource, namespace: string, name: string): Promise<KubeObject | undefined> {
    const store = this.#find(resource);
    // Nothing has a name that is none.
    if (store === undefined || nameIsPathSegment(name, false).length > 0) return undefined;
    return store.cacher.get(store.key(namespace, name));
  }

  async list(resource: GroupResource, namespace = '', trigger?: string): Promise<readonly KubeObject[]> {
    const store = this.#find(resource);
    return store === undefined ? [] : store.cacher.list({ prefix: store.prefix(namespace), trigger });
  }

  has(resource: GroupResource): Promise<boolean> {
    return this.#find(resource)?.cacher.hasAny() ?? Promise.resolve(false);
  }
}
