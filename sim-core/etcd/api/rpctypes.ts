import { EtcdError } from '../clientv3/client.ts';
import type { EtcdErrorCode } from '../clientv3/client.ts';

/** What the server answers with when it refuses. Models api/v3rpc/rpctypes/error.go. */
const ERRORS = {
  emptyKey: ['InvalidArgument', 'etcdserver: key is not provided'],
  keyNotFound: ['InvalidArgument', 'etcdserver: key not found'],
  valueProvided: ['InvalidArgument', 'etcdserver: value is provided'],
  leaseProvided: ['InvalidArgument', 'etcdserver: lease is provided'],
  tooManyOps: ['InvalidArgument', 'etcdserver: too many operations in txn request'],
  duplicateKey: ['InvalidArgument', 'etcdserver: duplicate key given in txn request'],
  compacted: ['OutOfRange', 'etcdserver: mvcc: required revision has been compacted'],
  futureRevision: ['OutOfRange', 'etcdserver: mvcc: required revision is a future revision'],
  noSpace: ['ResourceExhausted', 'etcdserver: mvcc: database space exceeded'],
  leaseNotFound: ['NotFound', 'etcdserver: requested lease not found'],
  leaseExists: ['FailedPrecondition', 'etcdserver: lease already exists'],
  leaseTtlTooLarge: ['OutOfRange', 'etcdserver: too large lease TTL'],
  emptyWatcherRange: ['FailedPrecondition', 'mvcc: watcher range is empty'],
  requestTooLarge: ['InvalidArgument', 'etcdserver: request is too large'],
  memberNotFound: ['NotFound', 'etcdserver: member not found'],
  stopped: ['Unavailable', 'etcdserver: server stopped'],
} as const satisfies Record<string, readonly [EtcdErrorCode, string]>;

export type RpcErrorName = keyof typeof ERRORS;

/** A new error of the table, with upstream's code and text. */
export function rpcError(name: RpcErrorName): EtcdError {
  const [code, message] = ERRORS[name];
  return new EtcdError(code, message);
}
