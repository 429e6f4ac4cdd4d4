import type { KubeObject } from '../../../apimachinery/object.ts';

/** The value of an object by which it is to be found; undefined for none. */
export type ValueOf = (object: KubeObject) => string | undefined;

/** The objects with one value. */
interface Members {
  readonly byKey: Map<string, KubeObject>;
  /** Their keys in order, until one comes or goes. */
  inOrder: readonly string[] | undefined;
}

/** Objects by a value of theirs. Models client-go/tools/cache Indexer, as the watch cache has it. */
export class ObjectIndex {
  readonly #valueOf: ValueOf;
  readonly #members = new Map<string, Members>();

  constructor(valueOf: ValueOf) {
    this.#valueOf = valueOf;
  }

  /** Takes in that the object at `key` was made (no `previous`), changed, or deleted (no `object`). */
  move(key: string, previous: KubeObject | undefined, object: KubeObject | undefined): void {
    const before = previous && this.#valueOf(previous);
    const now = object && this.#valueOf(object);
    if (before !== undefined && before !== now) this.#remove(key, before);
    if (now === undefined) return;
    let members = this.#members.get(now);
    if (members === undefined) this.#members.set(now, (members = { byKey: new Map(), inOrder: undefined }));
    if (before !== now) members.inOrder = undefined;
    members.byKey.set(key, object!);
  }

  /** Calls `visit` for each object that has the value, in the order of their keys, until it returns false. */
  visit(value: string, prefix: string, visit: (object: KubeObject, key: string) => boolean | void): void {
    const members = this.#members.get(value);
    if (members === undefined) return;
    members.inOrder ??= [...members.byKey.keys()].sort(compareKeys);
    for (const key of members.inOrder) {
      if (key.startsWith(prefix) && visit(members.byKey.get(key)!, key) === false) return;
    }
  }

  clear(): void {
    this.#members.clear();
  }

  #remove(key: string, value: string): void {
    const members = this.#members.get(value);
    if (members?.byKey.delete(key) !== true) return;
    members.inOrder = undefined;
    if (members.byKey.size === 0) this.#members.delete(value);
  }
}

/** As etcd orders keys. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
