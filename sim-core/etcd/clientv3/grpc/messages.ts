import { isUtf8 } from 'node:buffer';
import type {
  ICompare,
  IDeleteRangeRequest,
  IDeleteRangeResponse,
  IKeyValue,
  IPutRequest,
  IPutResponse,
  IRangeRequest,
  IRangeResponse,
  IRequestOp,
  IResponseHeader,
  IResponseOp,
  ITxnRequest,
  ITxnResponse,
  IWatchCreateRequest,
  IWatchResponse,
} from 'etcd3';
import { fromBytes, toBytes } from '../bytes.ts';
import type {
  Compare,
  DeleteOptions,
  DeleteResponse,
  KeyRange,
  KeyValue,
  Operation,
  OperationResponse,
  PutOptions,
  PutResponse,
  RangeOptions,
  RangeResponse,
  ResponseHeader,
  Transaction,
  TransactionResponse,
  WatchEvent,
  WatchOptions,
} from '../client.ts';

/** Our requests as protobuf's, and protobuf's answers as ours. Models api/etcdserverpb/rpc.proto. */

const SURROGATE = /[\ud800-\udfff]/;

export function bytesOf(text: string): Buffer {
  return SURROGATE.test(text) ? Buffer.from(toBytes(text)) : Buffer.from(text);
}

export function textOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : fromBytes(bytes);
}

/** Some answers of older servers have no header: zeros then. */
export function headerOf(header: IResponseHeader | null): ResponseHeader {
  return {
    clusterId: header?.cluster_id ?? '0',
    memberId: header?.member_id ?? '0',
    revision: Number(header?.revision ?? 0),
    raftTerm: Number(header?.raft_term ?? 0),
  };
}

function keyValueOf(kv: IKeyValue): KeyValue {
  return {
    key: textOf(kv.key),
    value: textOf(kv.value),
    createRevision: Number(kv.create_revision),
    modRevision: Number(kv.mod_revision),
    version: Number(kv.version),
    lease: kv.lease,
  };
}

const SORT_TARGETS = {
  key: 'Key',
  version: 'Version',
  create: 'Create',
  mod: 'Mod',
  value: 'Value',
} as const;

function keysOf({ key, rangeEnd }: KeyRange): { key: Buffer; range_end?: Buffer } {
  return { key: bytesOf(key), ...(rangeEnd !== undefined && { range_end: bytesOf(rangeEnd) }) };
}

export function rangeRequest(range: KeyRange & RangeOptions): IRangeRequest {
  return {
    ...keysOf(range),
    limit: range.limit ?? 0,
    revision: range.revision ?? 0,
    ...(range.sort !== undefined && {
      sort_order: range.sort.order === 'ascend' ? 'Ascend' : 'Descend',
      sort_target: SORT_TARGETS[range.sort.target],
    }),
    serializable: range.serializable ?? false,
    keys_only: range.keysOnly ?? false,
    count_only: range.countOnly ?? false,
    min_mod_revision: range.minModRevision ?? 0,
    max_mod_revision: range.maxModRevision ?? 0,
    min_create_revision: range.minCreateRevision ?? 0,
    max_create_revision: range.maxCreateRevision ?? 0,
  };
}

export function rangeResponse({ header, kvs, more, count }: IRangeResponse): RangeResponse {
  return { header: headerOf(header), kvs: kvs.map(keyValueOf), more, count: Number(count) };
}

export function putRequest(put: { readonly key: string; readonly value: string } & PutOptions): IPutRequest {
  return {
    key: bytesOf(put.key),
    value: bytesOf(put.value),
    lease: put.lease ?? 0,
    prev_kv: put.previous ?? false,
    ignore_value: put.ignoreValue ?? false,
    ignore_lease: put.ignoreLease ?? false,
  };
}

export function putResponse({ header, prev_kv: previous }: IPutResponse): PutResponse {
  return {
    header: headerOf(header),
    // The package's types know no absence.
    ...((previous as IKeyValue | null) !== null && { previous: keyValueOf(previous) }),
  };
}

export function deleteRequest(range: KeyRange & DeleteOptions): IDeleteRangeRequest {
  return { ...keysOf(range), prev_kv: range.previous ?? false };
}

export function deleteResponse(response: IDeleteRangeResponse): DeleteResponse {
  const { header, deleted, prev_kvs: previous } = response;
  return { header: headerOf(header), deleted: Number(deleted), previous: previous.map(keyValueOf) };
}

const RESULTS = { '=': 'Equal', '!=': 'NotEqual', '<': 'Less', '>': 'Greater' } as const;

const COMPARE_TARGETS: Readonly<
  Record<Compare['target'], (operand: string | number) => Omit<ICompare, 'key' | 'result'>>
> = {
  value: (operand) => ({ target: 'Value', value: bytesOf(String(operand)) }),
  version: (operand) => ({ target: 'Version', version: operand }),
  create: (operand) => ({ target: 'Create', create_revision: operand }),
  mod: (operand) => ({ target: 'Mod', mod_revision: operand }),
  lease: (operand) => ({ target: 'Lease', lease: operand }),
};

function compareOf(compare: Compare): ICompare {
  return {
    ...keysOf(compare),
    ...COMPARE_TARGETS[compare.target](compare.operand),
    result: RESULTS[compare.result],
  };
}

export function txnRequest({ compare, success, failure }: Transaction): ITxnRequest {
  return {
    compare: compare.map(compareOf),
    success: success.map(operationOf),
    failure: failure.map(operationOf),
  };
}

function operationOf(operation: Operation): IRequestOp {
  switch (operation.type) {
    case 'range':
      return { request_range: rangeRequest(operation) };
    case 'put':
      return { request_put: putRequest(operation) };
    case 'delete':
      return { request_delete_range: deleteRequest(operation) };
    case 'txn':
      return { request_txn: txnRequest(operation) };
  }
}

/** Inside of a transaction the server fills in no header but the revision. */
export function txnResponse({ header, succeeded, responses }: ITxnResponse): TransactionResponse {
  const outer = headerOf(header);
  return { header: outer, succeeded, responses: responses.map((response) => responseOf(response, outer)) };
}

function responseOf(response: Partial<IResponseOp>, outer: ResponseHeader): OperationResponse {
  const within = <T extends { readonly header: ResponseHeader }>(answer: T): T => ({
    ...answer,
    header: { ...outer, revision: answer.header.revision },
  });
  if (response.response_range != null)
    return { type: 'range', ...within(rangeResponse(response.response_range)) };
  if (response.response_put != null) return { type: 'put', ...within(putResponse(response.response_put)) };
  if (response.response_delete_range != null) {
    return { type: 'delete', ...within(deleteResponse(response.response_delete_range)) };
  }
  const inner = response.response_txn!;
  const header = { ...outer, revision: Number(inner.header.revision) };
  return {
    type: 'txn',
    header,
    succeeded: inner.succeeded,
    responses: inner.responses.map((nested) => responseOf(nested, header)),
  };
}

export function watchRequest(options: WatchOptions, startRevision: number): IWatchCreateRequest {
  return {
    ...keysOf(options),
    start_revision: startRevision,
    progress_notify: options.progressNotify ?? false,
    prev_kv: options.previous ?? false,
    filters: [
      ...(options.noPut ? (['Noput'] as const) : []),
      ...(options.noDelete ? (['Nodelete'] as const) : []),
    ],
  };
}

export function eventsOf({ events }: IWatchResponse): WatchEvent[] {
  return events.map(({ type, kv, prev_kv: previous }) => ({
    type: type === 'Put' ? 'put' : 'delete',
    kv: keyValueOf(kv),
    ...((previous as IKeyValue | null) !== null && { previous: keyValueOf(previous) }),
  }));
}
