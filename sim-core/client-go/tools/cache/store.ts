/** What a store can hold: anything with metadata. Objects of kubernetes-types fit. */
export interface Stored {
  metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
}

/** Values under which an index finds `object`. */
export type IndexFunction<T> = (object: T) => readonly string[];

/** "default/web", or "node01" for a cluster-scoped object. Models MetaNamespaceKeyFunc. */
export function keyOf(object: Stored): string {
  const { namespace, name } = object.metadata ?? {};
  return namespace ? `${namespace}/${name}` : `${name}`;
}

/** The inverse of {@link keyOf}; the namespace of a cluster-scoped key is "". */
export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: '', name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** Reads from a store. What it gives out is shared: never change it. */
export interface Lister<T> {
  /** Every object, or those of one namespace, in the order in which they came. */
  list(namespace?: string): readonly T[];
  get(namespace: string, name: string): T | undefined;
  getByKey(key: string): T | undefined;
  /** The objects for which the index called `index` gives `value`; the same list until one of them changes. */
  byIndex(index: string, value: string): readonly T[];
  readonly size: number;
}

/**
 * Objects by key with any number of indices:
 *
 *     objects          default/web → {…}
 *     index "node"     node01 → { default/web → {…}, kube-system/kube-proxy-x → {…} }
 *
 * Models k8s.io/client-go/tools/cache ThreadSafeStore.
 */
export class Indexer<T extends Stored> implements Lister<T> {
  readonly #objects = new Map<string, T>();
  readonly #indices = new Map<string, Index<T>>();

  /** Adds an index; fills it if objects are there already. An index that exists is kept. */
  addIndex(name: string, valuesOf: IndexFunction<T>): void {
    if (this.#indices.has(name)) return;
    const index = new Index(valuesOf);
    this.#indices.set(name, index);
    for (const [key, object] of this.#objects) index.insert(key, object);
  }

  /** Stores `object` under its key, in the place of `old`. */
  replace(key: string, old: T | undefined, object: T): void {
    this.#objects.set(key, object);
    for (const index of this.#indices.values()) {
      if (old !== undefined) index.remove(key, old);
      index.insert(key, object);
    }
  }

  /** Removes the object with this key and gives it back. */
  delete(key: string): T | undefined {
    const old = this.#objects.get(key);
    if (old === undefined) return undefined;
    this.#objects.delete(key);
    for (const index of this.#indices.values()) index.remove(key, old);
    return old;
  }

  keys(): string[] {
    return [...this.#objects.keys()];
  }

  list(namespace?: string): readonly T[] {
    return namespace === undefined ? [...this.#objects.values()] : this.byIndex(NAMESPACE_INDEX, namespace);
  }

  get(namespace: string, name: string): T | undefined {
    return this.#objects.get(namespace === '' ? name : `${namespace}/${name}`);
  }

  getByKey(key: string): T | undefined {
    return this.#objects.get(key);
  }

  byIndex(index: string, value: string): readonly T[] {
    if (index === NAMESPACE_INDEX) this.addIndex(NAMESPACE_INDEX, namespaceOf);
    const found = this.#indices.get(index);
    if (found === undefined) throw new Error(`no index is called ${JSON.stringify(index)}`);
    return found.list(value);
  }

  get size(): number {
    return this.#objects.size;
  }
}

/** The index that {@link Lister.list} uses; made when it is first asked for. */
const NAMESPACE_INDEX = 'namespace';
const namespaceOf = (object: Stored) => [object.metadata?.namespace ?? ''];

const NONE: readonly never[] = [];

/** The objects under each value that a function gives for them, and there by key. */
class Index<T> {
  readonly #valuesOf: IndexFunction<T>;
  readonly #members = new Map<string, Map<string, T>>();
  /** Of values that somebody asked for since their objects changed. */
  readonly #lists = new Map<string, readonly T[]>();

  constructor(valuesOf: IndexFunction<T>) {
    this.#valuesOf = valuesOf;
  }

  list(value: string): readonly T[] {
    const members = this.#members.get(value);
    if (members === undefined) return NONE;
    let list = this.#lists.get(value);
    if (list === undefined) this.#lists.set(value, (list = [...members.values()]));
    return list;
  }

  insert(key: string, object: T): void {
    for (const value of this.#valuesOf(object)) {
      this.#lists.delete(value);
      const members = this.#members.get(value);
      if (members === undefined) this.#members.set(value, new Map([[key, object]]));
      else members.set(key, object);
    }
  }

  remove(key: string, object: T): void {
    for (const value of this.#valuesOf(object)) {
      this.#lists.delete(value);
      const members = this.#members.get(value);
      if (members?.delete(key) === true && members.size === 0) this.#members.delete(value);
    }
  }
}
