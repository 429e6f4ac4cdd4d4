import { rpcError } from '../../api/rpctypes.ts';
import type { KeyValue, PutOptions, PutResponse, ResponseHeader } from '../../clientv3/client.ts';
import type { ReadView, WriteTxn } from '../../mvcc/kvstore-txn.ts';
import { NO_LEASE } from '../../mvcc/revision.ts';

export interface PutRequest extends PutOptions {
  readonly key: string;
  readonly value: string;
}

/** The part of the lessor that a put asks. */
export interface LeaseLookup {
  lookup(id: string): object | undefined;
}

/** Throws if the request's lease is not there. */
export function checkLease(leases: LeaseLookup, request: PutRequest): void {
  const lease = request.lease ?? NO_LEASE;
  if (lease !== NO_LEASE && leases.lookup(lease) === undefined) throw rpcError('leaseNotFound');
}

/** Throws if the request keeps something of a key that is not there. */
export function checkPrevious(view: ReadView, request: PutRequest): void {
  if ((request.ignoreValue || request.ignoreLease) && previousOf(view, request.key) === undefined) {
    throw rpcError('keyNotFound');
  }
}

/** Models server/etcdserver/txn/txn.go put; the request was checked. */
export function executePut(
  txn: WriteTxn,
  header: (revision: number) => ResponseHeader,
  request: PutRequest,
): PutResponse {
  const { ignoreValue, ignoreLease } = request;
  const previous = ignoreValue || ignoreLease || request.previous ? previousOf(txn, request.key) : undefined;
  const value = ignoreValue ? previous!.value : request.value;
  const lease = ignoreLease ? previous!.lease : (request.lease ?? NO_LEASE);
  const revision = txn.put(request.key, value, lease);
  return request.previous && previous !== undefined
    ? { header: header(revision), previous }
    : { header: header(revision) };
}

function previousOf(view: ReadView, key: string): KeyValue | undefined {
  return view.range(key, undefined).kvs[0];
}
