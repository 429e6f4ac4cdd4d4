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
  list(namespace?: string): T[];
  get(namespace: string, name: string): T | undefined;
  getByKey(key: string): T | undefined;
  /** The objects for which the index called `index` gives `value`. */
  byIndex(index: string, value: string): T[];
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
  readonly #functions = new Map<string, IndexFunction<T>>();
  readonly #indices = new Map<string, Map<string, Map<string, T>>>();

  /** Adds an index; fills it if objects are there already. An index that exists is kept. */
  addIndex(name: string, valuesOf: IndexFunction<T>): void {
    if (this.#functions.has(name)) return;
    this.#functions.set(name, valuesOf);
    const index = new Map<string, Map<string, T>>();
    this.#indices.set(name, index);
    for (const [key, object] of this.#objects) insert(index, valuesOf(object), key, object);
  }

  /** Stores `object` and gives what stood in its place. */
  set(object: T): T | undefined {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    this.#objects.set(key, object);
    for (const [name, valuesOf] of this.#functions) {
      const index = this.#indices.get(name)!;
      if (old !== undefined) remove(index, valuesOf(old), key);
      insert(index, valuesOf(object), key, object);
    }
    return old;
  }

  /** Removes the object with this key and gives it back. */
  delete(key: string): T | undefined {
    const old = this.#objects.get(key);
    if (old === undefined) return undefined;
    this.#objects.delete(key);
    for (const [name, valuesOf] of this.#functions) remove(this.#indices.get(name)!, valuesOf(old), key);
    return old;
  }

  keys(): string[] {
    return [...this.#objects.keys()];
  }

  list(namespace?: string): T[] {
    return namespace === undefined ? [...this.#objects.values()] : this.byIndex(NAMESPACE_INDEX, namespace);
  }

  get(namespace: string, name: string): T | undefined {
    return this.#objects.get(namespace === '' ? name : `${namespace}/${name}`);
  }

  getByKey(key: string): T | undefined {
    return this.#objects.get(key);
  }

  byIndex(index: string, value: string): T[] {
    if (index === NAMESPACE_INDEX) this.addIndex(NAMESPACE_INDEX, namespaceOf);
    const values = this.#indices.get(index);
    if (values === undefined) throw new Error(`no index is called ${JSON.stringify(index)}`);
    return [...(values.get(value)?.values() ?? [])];
  }

  get size(): number {
    return this.#objects.size;
  }
}

/** The index that {@link Lister.list} uses; made when it is first asked for. */
const NAMESPACE_INDEX = 'namespace';
const namespaceOf = (object: Stored) => [object.metadata?.namespace ?? ''];

function insert<T>(
  index: Map<string, Map<string, T>>,
  values: readonly string[],
  key: string,
  object: T,
): void {
  for (const value of values) {
    let members = index.get(value);
    if (members === undefined) index.set(value, (members = new Map()));
    members.set(key, object);
  }
}

function remove<T>(index: Map<string, Map<string, T>>, values: readonly string[], key: string): void {
  for (const value of values) {
    const members = index.get(value);
    if (members === undefined) continue;
    members.delete(key);
    if (members.size === 0) index.delete(value);
  }
}
