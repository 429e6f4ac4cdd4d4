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
  rootUserNotExist: ['FailedPrecondition', 'etcdserver: root user does not exist'],
  rootRoleNotExist: ['FailedPrecondition', 'etcdserver: root user does not have root role'],
  userAlreadyExist: ['FailedPrecondition', 'etcdserver: user name already exists'],
  userEmpty: ['InvalidArgument', 'etcdserver: user name is empty'],
  userNotFound: ['FailedPrecondition', 'etcdserver: user name not found'],
  roleAlreadyExist: ['FailedPrecondition', 'etcdserver: role name already exists'],
  roleNotFound: ['FailedPrecondition', 'etcdserver: role name not found'],
  roleEmpty: ['InvalidArgument', 'etcdserver: role name is empty'],
  authFailed: ['InvalidArgument', 'etcdserver: authentication failed, invalid user ID or password'],
  noPasswordUser: ['Unknown', 'auth: authentication failed, password was given for no password user'],
  permissionDenied: ['PermissionDenied', 'etcdserver: permission denied'],
  roleNotGranted: ['FailedPrecondition', 'etcdserver: role is not granted to the user'],
  permissionNotGranted: ['FailedPrecondition', 'etcdserver: permission is not granted to the role'],
  authNotEnabled: ['FailedPrecondition', 'etcdserver: authentication is not enabled'],
  invalidAuthToken: ['Unauthenticated', 'etcdserver: invalid auth token'],
  invalidAuthMgmt: ['InvalidArgument', 'etcdserver: invalid auth management'],
  memberNotFound: ['NotFound', 'etcdserver: member not found'],
  stopped: ['Unavailable', 'etcdserver: server stopped'],
} as const satisfies Record<string, readonly [EtcdErrorCode, string]>;

export type RpcErrorName = keyof typeof ERRORS;

/** A new error of the table, with upstream's code and text. */
export function rpcError(name: RpcErrorName): EtcdError {
  const [code, message] = ERRORS[name];
  return new EtcdError(code, message);
}
