/** What a stored value is in memory, and whether a write is due although the object has not changed. */
export interface FromStorage {
  readonly data: Uint8Array;
  /** It was stored in another way than it would be now. */
  readonly stale: boolean;
}

/**
 * Changes values on their way to storage and back. `key` is the value's key in etcd, as bytes, which some
 * ways bind the value to. Both methods are synchronous, as the ciphers are.
 * Models k8s.io/apiserver/pkg/storage/value Transformer.
 */
export interface Transformer {
  toStorage(data: Uint8Array, key: Uint8Array): Uint8Array;
  /** Throws an Error that says why the value cannot be read. */
  fromStorage(data: Uint8Array, key: Uint8Array): FromStorage;
}

/** A transformer and what its values begin with in storage. */
export interface PrefixTransformer {
  readonly prefix: string;
  readonly transformer: Transformer;
}

/**
 * Writes with the first transformer, reads with the first that has the value's prefix and can.
 * Throws `noMatch` for a value that none has the prefix of. Models transformer.go prefixTransformers.
 */
export class PrefixTransformers implements Transformer {
  readonly #transformers: readonly { readonly prefix: Uint8Array; readonly transformer: Transformer }[];
  readonly #noMatch: string;

  constructor(noMatch: string, transformers: readonly PrefixTransformer[]) {
    this.#noMatch = noMatch;
    this.#transformers = transformers.map(({ prefix, transformer }) => ({
      prefix: Uint8Array.from(prefix, (character) => character.charCodeAt(0)),
      transformer,
    }));
  }

  toStorage(data: Uint8Array, key: Uint8Array): Uint8Array {
    const { prefix, transformer } = this.#transformers[0]!;
    return concat(prefix, transformer.toStorage(data, key));
  }

  fromStorage(data: Uint8Array, key: Uint8Array): FromStorage {
    let failure: unknown;
    for (const [index, { prefix, transformer }] of this.#transformers.entries()) {
      if (!startsWith(data, prefix)) continue;
      try {
        const found = transformer.fromStorage(data.subarray(prefix.length), key);
        return { data: found.data, stale: found.stale || index > 0 };
      } catch (error) {
        // Two keys may have one prefix; and what identity refuses another may know.
        if (prefix.length > 0) failure ??= error;
      }
    }
    throw failure ?? new Error(this.#noMatch);
  }
}

export function startsWith(data: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => data[index] === byte);
}

export function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
