import { deepEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { expiredError, internalError, unknownError } from '../../../apimachinery/status.ts';
import type { Tracer } from '../../../apimachinery/trace.ts';
import type { Context } from '../../../clock/context.ts';
import type { EtcdClient, KeyValue, Operation } from '../../../etcd/clientv3/client.ts';
import { EtcdError, prefixEnd } from '../../../etcd/clientv3/client.ts';
import { decodeContinue, encodeContinue } from '../continue.ts';
import { StorageError } from '../errors.ts';
import type { StoredForm, Written } from './codec.ts';
import { ObjectCodec, TransformError } from './codec.ts';
import type { LeaseManager } from './lease-manager.ts';

export type { EtcdClient } from '../../../etcd/clientv3/client.ts';

export interface Etcd3StoreConfig extends StoredForm {
  /** All keys of the resource begin with this: "/registry/pods/". */
  readonly prefix: string;
  /** Objects vanish with these after their last write. */
  readonly leases?: LeaseManager | undefined;
  /** The store of the same keys that converts nothing, for one that does. */
  readonly plain?: Etcd3Store | undefined;
}

export interface ListAtOptions {
  /** Undefined or 0: now. */
  readonly revision?: number | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  matches(object: KubeObject): boolean;
  /** True if `matches` accepts everything: only then the number of remaining items is known. */
  readonly matchesAll: boolean;
}
export interface ListAtResult {
  readonly objects: readonly KubeObject[];
  readonly revision: number;
  readonly continue?: string;
  readonly remaining?: number;
}

/** One change of a key, in etcd's order. */
type StorageEvent =
  | { readonly type: 'put'; readonly key: string; readonly revision: number; readonly object: KubeObject }
  | { readonly type: 'delete'; readonly key: string; readonly revision: number };

/** Changes up to a revision; none for a progress notification. */
export interface StorageEvents {
  readonly revision: number;
  readonly events: readonly StorageEvent[];
}

/**
 * The objects of one resource in etcd: the only place where the apiserver talks to etcd.
 * Objects that come out are shared. Rejects with StorageError for what the registry words itself, with
 * StatusError else.
 *
 * Models k8s.io/apiserver/pkg/storage/etcd3/store.go.
 */
export class Etcd3Store {
  readonly #client: EtcdClient;
  readonly #tracer: Tracer;
  readonly #codec: ObjectCodec;
  readonly #config: Etcd3StoreConfig;
  #lastWritten = 0;

  constructor(client: EtcdClient, tracer: Tracer, config: Etcd3StoreConfig) {
    this.#client = client;
    this.#tracer = tracer;
    this.#config = config;
    this.#codec = new ObjectCodec(config, config.plain && config.plain.#codec);
  }

  get prefix(): string {
    return this.#config.prefix;
  }

  /** The revision of the last write that went through this store. */
  get lastWritten(): number {
    return this.#lastWritten;
  }

  /** Writes a new key; rejects with KeyExists. */
  async create(key: string, object: KubeObject, requestId: string | undefined): Promise<KubeObject> {
    const written = this.#codec.encode(key, object);
    const { succeeded, revision } = await this.#txn(key, 0, await this.#put(key, written));
    if (!succeeded) {
      this.#tracer.emit({ type: 'storage-failed', key, message: `key exists` }, requestId);
      throw new StorageError('KeyExists', key);
    }
    this.#tracer.emit({ type: 'stored', operation: 'create', key, before: 0, revision }, requestId);
    return this.#codec.remember(key, written, revision);
  }

  /** The object as etcd has it now, or undefined. */
  async get(key: string): Promise<{ object: KubeObject | undefined; revision: number }> {
    const response = await translated(this.#client.get({ key }));
    const kv = response.kvs[0];
    return { object: kv === undefined ? undefined : this.#decode(kv), revision: response.header.revision };
  }

  /**
   * Replaces what is stored by what `change` makes of it, again and again while others write in
   * between. `change` gets undefined where there is nothing, and copies before it changes.
   * An equal result writes nothing, unless it would be stored in another way than it is.
   */
  async guaranteedUpdate(
    key: string,
    change: (existing: KubeObject | undefined) => Promise<KubeObject>,
    requestId: string | undefined,
  ): Promise<KubeObject> {
    let kv: KeyValue | undefined = (await translated(this.#client.get({ key }))).kvs[0];
    for (;;) {
      const existing = kv === undefined ? undefined : this.#decode(kv);
      const object = await change(existing);
      const isStale = kv !== undefined && this.#codec.isStale(kv);
      if (existing !== undefined && !isStale && isUnchanged(existing, object)) return existing;
      const before: number = kv?.modRevision ?? 0;
      const written = this.#codec.encode(key, object);
      const result = await this.#txn(key, before, await this.#put(key, written));
      if (result.succeeded) {
        const { revision } = result;
        const operation = before === 0 ? 'create' : 'update';
        this.#tracer.emit({ type: 'stored', operation, key, before, revision }, requestId);
        return this.#codec.remember(key, written, revision);
      }
      this.#tracer.emit(
        { type: 'storage-failed', key, message: `mod revision is no longer ${before}; trying again` },
        requestId,
      );
      kv = result.current;
    }
  }

  /**
   * Deletes a key after `check` accepted what is stored; rejects with KeyNotFound.
   * Gives the object's last form, its resource version being the deletion's.
   */
  async delete(
    key: string,
    check: (existing: KubeObject) => Promise<void>,
    requestId: string | undefined,
  ): Promise<KubeObject> {
    let kv: KeyValue | undefined = (await translated(this.#client.get({ key }))).kvs[0];
    for (;;) {
      if (kv === undefined) throw new StorageError('KeyNotFound', key);
      const existing = this.#decode(kv);
      await check(existing);
      const before: number = kv.modRevision;
      const result = await this.#txn(key, before, { type: 'delete', key });
      if (result.succeeded) {
        const { revision } = result;
        this.#codec.forget(key);
        this.#tracer.emit({ type: 'stored', operation: 'delete', key, before, revision }, requestId);
        return { ...existing, metadata: { ...existing.metadata, resourceVersion: String(revision) } };
      }
      kv = result.current;
    }
  }

  /** Lists below `prefix` at one revision, page by page. Rejects with 410 for one that is compacted. */
  async list(prefix: string, options: ListAtOptions): Promise<ListAtResult> {
    const token = options.continue === undefined ? undefined : decodeContinue(options.continue, prefix);
    const rangeEnd = prefixEnd(prefix);
    const limit = options.limit ?? 0;
    let revision = token === undefined ? (options.revision ?? 0) : Math.max(token.revision, 0);
    let start = token?.startKey ?? prefix;
    const objects: KubeObject[] = [];
    for (;;) {
      const page = await this.#client
        .get({ key: start, rangeEnd }, { revision, ...(limit > 0 && { limit: limit - objects.length }) })
        .catch((error: unknown) => {
          throw listError(error, start, prefix, token !== undefined);
        });
      if (revision === 0) revision = page.header.revision;
      for (const kv of page.kvs) {
        const object = this.#decode(kv, `unable to transform key ${JSON.stringify(kv.key)}: `);
        if (options.matches(object)) objects.push(object);
      }
      const last = page.kvs.at(-1);
      if (!page.more || last === undefined) return { objects, revision };
      start = `${last.key}\0`;
      if (limit > 0 && objects.length >= limit) {
        return {
          objects,
          revision,
          continue: encodeContinue(start, prefix, revision),
          ...(options.matchesAll && { remaining: page.count - page.kvs.length }),
        };
      }
    }
  }

  /** Etcd's revision now. */
  async currentRevision(): Promise<number> {
    const { header } = await translated(this.#client.get({ key: this.prefix }, { countOnly: true }));
    return header.revision;
  }

  /**
   * Tells `deliver` every change of the resource after `revision`, in order. Resolves when `context` is
   * cancelled; rejects when etcd ends the watch. Of an etcd that was restored from a backup nothing is told until
   * it has come that far again.
   */
  async watch(revision: number, context: Context, deliver: (changes: StorageEvents) => void): Promise<void> {
    const responses = this.#client.watch({
      key: this.prefix,
      rangeEnd: prefixEnd(this.prefix),
      startRevision: revision + 1,
      context,
    });
    for await (const response of responses) {
      deliver({
        revision: response.header.revision,
        events: response.events.map(({ type, kv }): StorageEvent => {
          if (type === 'put') {
            return { type, key: kv.key, revision: kv.modRevision, object: this.#decode(kv) };
          }
          this.#codec.forget(kv.key);
          return { type, key: kv.key, revision: kv.modRevision };
        }),
      });
    }
  }

  /** Makes etcd say on the resource's watch how far it has come; false if this etcd cannot. */
  requestProgress(): Promise<boolean> {
    return translated(this.#client.requestProgress(this.prefix));
  }

  /**
   * A revision at which the resource's keys are exactly the `count` keys that there were at `revision`,
   * all unchanged; undefined if they are not. It says of an etcd that cannot be asked how far a watch
   * has come whether the watch has more to tell.
   */
  async unchangedSince(revision: number, count: number): Promise<number | undefined> {
    const range = { key: this.prefix, rangeEnd: prefixEnd(this.prefix) };
    const newer = { minModRevision: revision + 1, keysOnly: true, limit: 1 };
    const response = await translated(this.#client.get(range, newer));
    return response.kvs.length === 0 && response.count === count ? response.header.revision : undefined;
  }

  /** `where` comes before what the transformer says of a value that it cannot read. */
  #decode(kv: KeyValue, where = ''): KubeObject {
    try {
      return this.#codec.decode(kv);
    } catch (error) {
      if (error instanceof TransformError) throw internalError(where + error.message);
      throw unknownError(`unable to decode ${kv.key}: ${(error as Error).message}`);
    }
  }

  #put(key: string, { text: value }: Written): Operation | Promise<Operation> {
    const { leases } = this.#config;
    return leases === undefined ? { type: 'put', key, value } : this.#putWithLease(key, value, leases);
  }

  async #putWithLease(key: string, value: string, leases: LeaseManager): Promise<Operation> {
    return { type: 'put', key, value, lease: await translated(leases.lease()) };
  }

  /** Runs `write` if the key's mod revision is still `modRevision`; else says what is there. */
  async #txn(
    key: string,
    modRevision: number,
    write: Operation,
  ): Promise<{ succeeded: boolean; revision: number; current?: KeyValue }> {
    const response = await translated(
      this.#client.txn({
        compare: [{ key, target: 'mod', result: '=', operand: modRevision }],
        success: [write],
        failure: [{ type: 'range', key }],
      }),
    );
    const { revision } = response.header;
    if (response.succeeded) {
      this.#lastWritten = Math.max(this.#lastWritten, revision);
      return { succeeded: true, revision };
    }
    this.#codec.abandon(key);
    const read = response.responses[0];
    const current = read?.type === 'range' ? read.kvs[0] : undefined;
    return { succeeded: false, revision, ...(current !== undefined && { current }) };
  }
}

/** True if writing `object` would store what is stored already. */
function isUnchanged(existing: KubeObject, object: KubeObject): boolean {
  // Metadata is compared last: what is written nearly always differs elsewhere.
  return (
    existing === object ||
    (isEqualBut('metadata', existing, object) &&
      isEqualBut('resourceVersion', existing.metadata, object.metadata))
  );
}

/** True if two objects are equal, one field left aside. */
function isEqualBut(aside: string, a: object, b: object): boolean {
  for (const key in a) if (key !== aside && !deepEqual(fieldOf(a, key), fieldOf(b, key))) return false;
  for (const key in b)
    if (key !== aside && fieldOf(b, key) !== undefined && !Object.hasOwn(a, key)) return false;
  return true;
}

const fieldOf = (object: object, key: string): unknown =>
  Object.hasOwn(object, key) ? (object as Readonly<Record<string, unknown>>)[key] : undefined;

/** etcd's errors as an API client sees them: the text, with code 500. */
function translated<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof EtcdError ? unknownError(error.message) : error;
  });
}

const CONTINUE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list ' +
  'without the continue parameter, or use the continue token in this response to retrieve the remainder of the ' +
  'results. Continuing with the provided token results in an inconsistent list - objects that were created, ' +
  'modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** Models storage/etcd3 interpretListError. */
function listError(error: unknown, start: string, prefix: string, continued: boolean): unknown {
  if (!(error instanceof EtcdError)) return error;
  if (error.message.includes('required revision has been compacted')) {
    if (!continued) return expiredError('The resourceVersion for the provided list is too old.');
    const expired = expiredError(CONTINUE_EXPIRED);
    Object.assign(expired.status.metadata, { continue: encodeContinue(start, prefix, -1) });
    return expired;
  }
  return unknownError(error.message);
}
