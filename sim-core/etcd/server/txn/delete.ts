import type { DeleteOptions, DeleteResponse, KeyRange, ResponseHeader } from '../../clientv3/client.ts';
import type { WriteTxn } from '../../mvcc/kvstore-txn.ts';
import { storeEnd } from './range.ts';

/** Models server/etcdserver/txn/delete.go deleteRange. */
export function executeDelete(
  txn: WriteTxn,
  header: (revision: number) => ResponseHeader,
  request: KeyRange & DeleteOptions,
): DeleteResponse {
  const end = storeEnd(request.rangeEnd);
  const previous = request.previous ? txn.range(request.key, end).kvs : [];
  const deleted = txn.deleteRange(request.key, end);
  return { header: header(txn.revision), deleted, previous };
}
