import { rpcError } from '../api/rpctypes.ts';
import { compareBytes } from '../clientv3/bytes.ts';
import type { DeleteOptions, KeyRange, Operation, PutOptions, Transaction } from '../clientv3/client.ts';

/** Models server/etcdserver/api/v3rpc/key.go checkRangeRequest. */
export function checkRangeRequest(range: KeyRange): void {
  if (range.key === '') throw rpcError('emptyKey');
}

/** Models key.go checkPutRequest. */
export function checkPutRequest(put: { readonly key: string; readonly value: string } & PutOptions): void {
  if (put.key === '') throw rpcError('emptyKey');
  if (put.ignoreValue && put.value !== '') throw rpcError('valueProvided');
  if (put.ignoreLease && (put.lease ?? '0') !== '0') throw rpcError('leaseProvided');
}

/** Models key.go checkDeleteRequest. */
export function checkDeleteRequest(range: KeyRange & DeleteOptions): void {
  if (range.key === '') throw rpcError('emptyKey');
}

/** `maxOps` bounds each list of the transaction together with those around it. Models key.go checkTxnRequest. */
export function checkTxnRequest(txn: Transaction, maxOps: number): void {
  const ops = Math.max(txn.compare.length, txn.success.length, txn.failure.length);
  if (ops > maxOps) throw rpcError('tooManyOps');
  for (const compare of txn.compare) {
    if (compare.key === '') throw rpcError('emptyKey');
  }
  for (const operation of txn.success) checkOperation(operation, maxOps - ops);
  for (const operation of txn.failure) checkOperation(operation, maxOps - ops);
}

function checkOperation(operation: Operation, maxOps: number): void {
  switch (operation.type) {
    case 'range':
      return checkRangeRequest(operation);
    case 'put':
      return checkPutRequest(operation);
    case 'delete':
      return checkDeleteRequest(operation);
    case 'txn':
      return checkTxnRequest(operation, maxOps);
  }
}

interface Written {
  readonly puts: Set<string>;
  readonly deletes: KeyRange[];
}

/**
 * Refuses operations that put a key twice, or put and delete it, in one transaction; the branches of
 * a nested transaction exclude each other and may write the same keys. Models key.go checkIntervals.
 */
export function checkIntervals(operations: readonly Operation[]): Written {
  const puts = new Set<string>();
  const deletes: KeyRange[] = operations.filter((operation) => operation.type === 'delete');
  const add = (key: string, allowed?: ReadonlySet<string>): void => {
    if ((puts.has(key) && !allowed?.has(key)) || deletes.some((range) => covers(range, key))) {
      throw rpcError('duplicateKey');
    }
    puts.add(key);
  };
  for (const operation of operations) {
    if (operation.type !== 'txn') continue;
    const success = checkIntervals(operation.success);
    const failure = checkIntervals(operation.failure);
    for (const key of success.puts) add(key);
    for (const key of failure.puts) add(key, success.puts);
    deletes.push(...success.deletes, ...failure.deletes);
  }
  for (const operation of operations) {
    if (operation.type === 'put') add(operation.key);
  }
  return { puts, deletes };
}

/**
 * As upstream has it: the "\0" of a deletion from a key on is taken for an end like any other, so such a
 * deletion covers nothing here.
 */
function covers({ key: begin, rangeEnd }: KeyRange, key: string): boolean {
  if (rangeEnd === undefined || rangeEnd === '') return key === begin;
  return compareBytes(key, begin) >= 0 && compareBytes(key, rangeEnd) < 0;
}
