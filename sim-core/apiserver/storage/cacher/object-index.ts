import type { KubeObject } from '../../../apimachinery/object.ts';

/** The value of an object by which it is to be found; undefined for none. */
export type ValueOf = (object: KubeObject) => string | undefined;

/** Keys of objects by a value of theirs. Models client-go/tools/cache Indexer, as the watch cache has it. */
export class ObjectIndex {
  readonly #valueOf: ValueOf;
  readonly #keys = new Map<string, Set<string>>();

  constructor(valueOf: ValueOf) {
    this.#valueOf = valueOf;
  }

  /** Takes in that the object at `key` was made (no `previous`), changed, or deleted (no `object`). */
  move(key: string, previous: KubeObject | undefined, object: KubeObject | undefined): void {
    const before = previous && this.#valueOf(previous);
    const now = object && this.#valueOf(object);
    if (before === now) return;
    if (before !== undefined) {
      const keys = this.#keys.get(before);
      if (keys?.delete(key) === true && keys.size === 0) this.#keys.delete(before);
    }
    if (now === undefined) return;
    const keys = this.#keys.get(now);
    if (keys === undefined) this.#keys.set(now, new Set([key]));
    else keys.add(key);
  }

  /** The keys of the objects that have the value, those that begin with `prefix` alone; in no order. */
  keysOf(value: string, prefix: string): string[] {
    return [...(this.#keys.get(value) ?? [])].filter((key) => key.startsWith(prefix));
  }

  clear(): void {
    this.#keys.clear();
  }
}
