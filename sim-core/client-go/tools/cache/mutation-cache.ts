import { keyOf, type Lister, type Stored } from './store.ts';

/**
 * An informer's store together with what this client has written since: the answer to a write comes
 * before the watch event that tells of it, and whoever reads the older object runs into a conflict.
 *
 * Models k8s.io/client-go/tools/cache MutationCache.
 */
export class MutationCache<T extends Stored> {
  readonly #backing: Lister<T>;
  readonly #written = new Map<string, T>();

  constructor(backing: Lister<T>) {
    this.#backing = backing;
  }

  /** Remembers `object`, which a write answered with, until the informer shows it or a newer one. */
  mutation(object: T): T {
    this.#written.set(keyOf(object), object);
    return object;
  }

  /** The newest known state; undefined if the informer knows no such object. */
  getByKey(key: string): T | undefined {
    const object = this.#backing.getByKey(key);
    return object && this.newest(object);
  }

  /** The newer of `object`, which comes from the informer, and what was written to it. */
  newest(object: T): T {
    const key = keyOf(object);
    const written = this.#written.get(key);
    if (written === undefined) return object;
    if (written.metadata?.uid === object.metadata?.uid && versionOf(written) > versionOf(object))
      return written;
    this.#written.delete(key);
    return object;
  }
}

const versionOf = ({ metadata }: Stored): number => Number(metadata?.resourceVersion ?? 0);
