import type { Context } from '../../clock/context.ts';
import { fromBytes, toBytes } from './bytes.ts';

/** Models etcd api/mvccpb KeyValue. Keys and values are texts that stand for bytes (bytes.ts). */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
  readonly createRevision: number;
  readonly modRevision: number;
  /** Counts the writes since the key was made, from 1. */
  readonly version: number;
  /** Lease id as a decimal text; "0" for none. */
  readonly lease: string;
}

/** Every response says at which revision the store was. */
export interface ResponseHeader {
  readonly clusterId: string;
  readonly memberId: string;
  readonly revision: number;
  readonly raftTerm: number;
}

export type SortTarget = 'key' | 'version' | 'create' | 'mod' | 'value';

/**
 * A set of keys: `key` alone, or the half-open range from `key` to `rangeEnd`.
 * `rangeEnd` "\0" means "from key on"; {@link prefixEnd} makes the end of a prefix.
 */
export interface KeyRange {
  readonly key: string;
  readonly rangeEnd?: string;
}

export interface RangeOptions {
  /** Read as of this revision; 0 or missing: now. */
  readonly revision?: number;
  readonly limit?: number;
  readonly sort?: { readonly target: SortTarget; readonly order: 'ascend' | 'descend' };
  readonly keysOnly?: boolean;
  readonly countOnly?: boolean;
  readonly serializable?: boolean;
  readonly minModRevision?: number;
  readonly maxModRevision?: number;
  readonly minCreateRevision?: number;
  readonly maxCreateRevision?: number;
}
export interface RangeResponse {
  readonly header: ResponseHeader;
  readonly kvs: readonly KeyValue[];
  readonly more: boolean;
  /** How many keys are in the range, whatever the limit. */
  readonly count: number;
}

export interface PutOptions {
  readonly lease?: string;
  readonly previous?: boolean;
  readonly ignoreValue?: boolean;
  readonly ignoreLease?: boolean;
}
export interface PutResponse {
  readonly header: ResponseHeader;
  readonly previous?: KeyValue;
}

export interface DeleteOptions {
  readonly previous?: boolean;
}
export interface DeleteResponse {
  readonly header: ResponseHeader;
  readonly deleted: number;
  readonly previous: readonly KeyValue[];
}

type CompareTarget = 'value' | 'version' | 'create' | 'mod' | 'lease';
/** One condition of a transaction; with `rangeEnd`, it must hold for every key of the range. */
export interface Compare extends KeyRange {
  readonly target: CompareTarget;
  readonly result: '=' | '!=' | '<' | '>';
  /** Text for value and lease, a number else. */
  readonly operand: string | number;
}

export type Operation =
  | ({ readonly type: 'range' } & KeyRange & RangeOptions)
  | ({ readonly type: 'put'; readonly key: string; readonly value: string } & PutOptions)
  | ({ readonly type: 'delete' } & KeyRange & DeleteOptions)
  | ({ readonly type: 'txn' } & Transaction);

export interface Transaction {
  readonly compare: readonly Compare[];
  readonly success: readonly Operation[];
  readonly failure: readonly Operation[];
}
export type OperationResponse =
  | ({ readonly type: 'range' } & RangeResponse)
  | ({ readonly type: 'put' } & PutResponse)
  | ({ readonly type: 'delete' } & DeleteResponse)
  | ({ readonly type: 'txn' } & TransactionResponse);
export interface TransactionResponse {
  readonly header: ResponseHeader;
  readonly succeeded: boolean;
  readonly responses: readonly OperationResponse[];
}

export interface WatchOptions extends KeyRange {
  /** The first revision to report; 0 or missing: the next one. */
  readonly startRevision?: number;
  readonly previous?: boolean;
  readonly noPut?: boolean;
  readonly noDelete?: boolean;
  readonly progressNotify?: boolean;
  /** Begin with a response without events once the server has made the watch. */
  readonly createdNotify?: boolean;
  /** Cancels the watch; the iteration then ends. */
  readonly context?: Context;
}
export interface WatchEvent {
  readonly type: 'put' | 'delete';
  /** For a delete: key and modRevision of the deletion only. */
  readonly kv: KeyValue;
  readonly previous?: KeyValue;
}
/** All events of one or more whole revisions, in order; none for a progress notification. */
export interface WatchResponse {
  readonly header: ResponseHeader;
  /** Set on the response that {@link WatchOptions.createdNotify} asks for. */
  readonly created?: boolean;
  readonly events: readonly WatchEvent[];
}

/** Times to live in seconds. */
export interface LeaseGrantResponse {
  readonly header: ResponseHeader;
  readonly id: string;
  readonly ttl: number;
}
export interface LeaseTimeToLiveResponse {
  readonly header: ResponseHeader;
  readonly id: string;
  /** Seconds left; -1 if there is no such lease. */
  readonly ttl: number;
  readonly grantedTtl: number;
  /** Set if they were asked for. */
  readonly keys: readonly string[];
}

/**
 * The part of etcd's clientv3 that the apiserver, etcdctl and the page use.
 * Two implementations: the store in memory, and a real etcd over gRPC.
 * All methods reject with {@link EtcdError}.
 */
export interface EtcdClient {
  get(range: KeyRange, options?: RangeOptions): Promise<RangeResponse>;
  put(key: string, value: string, options?: PutOptions): Promise<PutResponse>;
  delete(range: KeyRange, options?: DeleteOptions): Promise<DeleteResponse>;
  txn(transaction: Transaction): Promise<TransactionResponse>;
  compact(revision: number): Promise<{ readonly header: ResponseHeader }>;
  /**
   * Starts at once. Yields every change once, in order; rejects with an EtcdError
   * ("mvcc: required revision has been compacted") when the server cancels the watch.
   */
  watch(options: WatchOptions): AsyncIterable<WatchResponse>;
  /**
   * Asks for a response without events on every watch of this client that has caught up, or on those
   * that begin at `key`: its header says how far the watch has come. Resolves with false, and asks nothing, if the server is too old
   * to be asked. Models clientv3 Watcher.RequestProgress.
   */
  requestProgress(key?: string): Promise<boolean>;
  /** `id` "0" or missing lets the server choose; `ttl` in seconds. */
  leaseGrant(ttl: number, id?: string): Promise<LeaseGrantResponse>;
  leaseRevoke(id: string): Promise<{ header: ResponseHeader }>;
  /** Renews the lease once and says its new time to live in seconds. */
  leaseKeepAlive(id: string): Promise<LeaseGrantResponse>;
  leaseTimeToLive(id: string, options?: { readonly keys?: boolean }): Promise<LeaseTimeToLiveResponse>;
  leases(): Promise<{ header: ResponseHeader; ids: readonly string[] }>;
}

/** gRPC codes that etcd answers with. */
export type EtcdErrorCode =
  | 'Unknown'
  | 'Unimplemented'
  | 'DataLoss'
  | 'InvalidArgument'
  | 'NotFound'
  | 'OutOfRange'
  | 'FailedPrecondition'
  | 'ResourceExhausted'
  | 'Unavailable'
  | 'PermissionDenied'
  | 'Unauthenticated'
  | 'Canceled'
  | 'DeadlineExceeded';

/** An error of the server, with upstream's text: "etcdserver: mvcc: required revision has been compacted". */
export class EtcdError extends Error {
  override readonly name = 'EtcdError';
  readonly code: EtcdErrorCode;

  constructor(code: EtcdErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The end of the range of all keys that begin with `prefix`; "\0" (all keys) for "". */
export function prefixEnd(prefix: string): string {
  const last = prefix.length - 1;
  const unit = prefix.charCodeAt(last);
  if (unit < 0x7f) return prefix.slice(0, last) + String.fromCharCode(unit + 1);
  const bytes = toBytes(prefix);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0xff) end--;
  if (end === 0) return '\0';
  bytes[end - 1]!++;
  return fromBytes(bytes.subarray(0, end));
}

/** A range from the empty key on begins at the smallest key. Models client/v3/op.go WithFromKey and WithPrefix. */
export function fromEmptyKey(range: KeyRange): KeyRange {
  return range.key === '' && range.rangeEnd === '\0' ? { key: '\0', rangeEnd: '\0' } : range;
}
