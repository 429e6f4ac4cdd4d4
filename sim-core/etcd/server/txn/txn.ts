import type {
  Operation,
  OperationResponse,
  ResponseHeader,
  Transaction,
  TransactionResponse,
} from '../../clientv3/client.ts';
import { rpcError } from '../../api/rpctypes.ts';
import { compareBytes } from '../../clientv3/bytes.ts';
import type { ReadView, WriteTxn } from '../../mvcc/kvstore-txn.ts';
import { holds } from './compare.ts';
import { executeDelete } from './delete.ts';
import { checkLease, checkPrevious, executePut } from './put.ts';
import type { LeaseLookup } from './put.ts';
import { checkRange, executeRange } from './range.ts';

/** The branch that a transaction takes, nested ones resolved too. */
interface TakenBranch {
  readonly type: 'txn';
  readonly succeeded: boolean;
  readonly operations: readonly (Exclude<Operation, { type: 'txn' }> | TakenBranch)[];
}

/** The store as a transaction needs it. */
export interface TxnStoreView extends ReadView {
  write(): WriteTxn;
}

/**
 * Decides, checks, then applies: all conditions, nested ones too, are judged on the store as it was
 * before, and every operation that will run is checked before the first one runs.
 * Models server/etcdserver/txn/txn.go Txn.
 */
export function executeTxn(
  store: TxnStoreView,
  leases: LeaseLookup,
  header: (revision: number) => ResponseHeader,
  request: Transaction,
): TransactionResponse {
  const branch = take(store, request);
  check(store, leases, branch, []);
  const txn = store.write();
  const responses = apply(txn, header, branch);
  txn.end();
  return { header: header(txn.revision), succeeded: branch.succeeded, responses };
}

/** True if no branch of the transaction can write. Models txn.go IsTxnReadonly. */
export function isReadonly(request: Transaction): boolean {
  return [...request.success, ...request.failure].every((operation) => operation.type === 'range');
}

function take(view: ReadView, request: Transaction): TakenBranch {
  const succeeded = holds(view, request.compare);
  const operations = (succeeded ? request.success : request.failure).map((operation) =>
    operation.type === 'txn' ? take(view, operation) : operation,
  );
  return { type: 'txn', succeeded, operations };
}

/** `emptied`: where deletions that come before it and have no end begin. */
function check(view: ReadView, leases: LeaseLookup, branch: TakenBranch, emptied: string[]): void {
  for (const operation of branch.operations) {
    if (operation.type === 'range') checkRange(view, operation);
    else if (operation.type === 'put') {
      checkPrevious(view, operation);
      // Upstream does not look for this, and panics when it comes to the put.
      if (operation.ignoreValue || operation.ignoreLease) {
        if (emptied.some((key) => compareBytes(key, operation.key) <= 0)) throw rpcError('keyNotFound');
      }
      checkLease(leases, operation);
    } else if (operation.type === 'txn') check(view, leases, operation, emptied);
    else if (operation.rangeEnd === '\0') emptied.push(operation.key);
  }
}

function apply(
  txn: WriteTxn,
  header: (revision: number) => ResponseHeader,
  branch: TakenBranch,
): OperationResponse[] {
  return branch.operations.map((operation): OperationResponse => {
    switch (operation.type) {
      case 'range':
        return { type: 'range', ...executeRange(txn, header, operation) };
      case 'put':
        return { type: 'put', ...executePut(txn, header, operation) };
      case 'delete':
        return { type: 'delete', ...executeDelete(txn, header, operation) };
      case 'txn': {
        const responses = apply(txn, header, operation);
        // Upstream fills in the outermost transaction's revision only.
        return { type: 'txn', header: header(0), succeeded: operation.succeeded, responses };
      }
    }
  });
}
