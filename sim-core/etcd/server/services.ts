import { EtcdError } from '../clientv3/client.ts';
import type { AuthServer } from './auth.ts';
import type { Authorizer } from './authorizer.ts';
import type { KVServer } from './kv.ts';
import type { LeaseServer } from './lease.ts';
import type { MaintenanceServer } from './maintenance.ts';
import type { WatchServer, WatchStream } from './watch.ts';

type Methods<T> = { readonly [Name in keyof T]: T[Name] };

/** A client's stream of watches. */
export type ClientWatchStream = Pick<WatchStream, 'closed' | 'watch' | 'requestProgress'>;

/** What a server that runs offers to its clients. */
export interface Services {
  readonly kv: Methods<KVServer>;
  readonly watch: { openStream(): ClientWatchStream };
  readonly lease: Methods<Omit<LeaseServer, 'expire'>>;
  readonly maintenance: Methods<MaintenanceServer>;
  readonly auth: Methods<AuthServer>;
}

/** The server's own ends of {@link Services}. */
export interface ServerServices extends Services {
  readonly watch: WatchServer;
  readonly lease: LeaseServer;
}

/** The services for a caller of whom is asked first whether that is allowed. */
export function authorizedServices(services: Services, may: Authorizer): Services {
  const { kv, watch, lease, maintenance, auth } = services;
  /** The method, once `check` has let its arguments pass. */
  const after =
    <A extends unknown[], R>(check: (...args: A) => void, method: (...args: A) => R) =>
    (...args: A): R => {
      check(...args);
      return method(...args);
    };
  const admin = <A extends unknown[], R>(method: (...args: A) => R) => after<A, R>(() => may.admin(), method);
  const anyUser = <A extends unknown[], R>(method: (...args: A) => R) =>
    after<A, R>(() => may.anyUser(), method);
  return {
    kv: {
      range: after((request) => may.range(request), kv.range.bind(kv)),
      put: after((request) => may.put(request), kv.put.bind(kv)),
      deleteRange: after((request) => may.deleteRange(request), kv.deleteRange.bind(kv)),
      txn: after((request) => may.txn(request), kv.txn.bind(kv)),
      compact: admin(kv.compact.bind(kv)),
    },
    watch: { openStream: () => authorizedStream(watch.openStream(), may) },
    lease: {
      grant: anyUser(lease.grant.bind(lease)),
      revoke: after((id) => may.writesOfLease(id), lease.revoke.bind(lease)),
      keepAlive: anyUser(lease.keepAlive.bind(lease)),
      timeToLive: after((id, withKeys) => {
        may.anyUser();
        if (withKeys) may.readsOfLease(id);
      }, lease.timeToLive.bind(lease)),
      leases: after(() => {
        may.anyUser();
        may.readsOfLeases();
      }, lease.leases.bind(lease)),
    },
    maintenance: {
      status: anyUser(maintenance.status.bind(maintenance)),
      alarmList: anyUser(maintenance.alarmList.bind(maintenance)),
      alarmDisarm: admin(maintenance.alarmDisarm.bind(maintenance)),
      defragment: admin(maintenance.defragment.bind(maintenance)),
      hashKV: admin(maintenance.hashKV.bind(maintenance)),
      snapshot: admin(maintenance.snapshot.bind(maintenance)),
      memberList: anyUser(maintenance.memberList.bind(maintenance)),
    },
    auth: {
      authEnable: admin(auth.authEnable.bind(auth)),
      authDisable: admin(auth.authDisable.bind(auth)),
      authStatus: admin(auth.authStatus.bind(auth)),
      authenticate: auth.authenticate.bind(auth),
      userAdd: admin(auth.userAdd.bind(auth)),
      userDelete: admin(auth.userDelete.bind(auth)),
      userChangePassword: admin(auth.userChangePassword.bind(auth)),
      userGrantRole: admin(auth.userGrantRole.bind(auth)),
      userRevokeRole: admin(auth.userRevokeRole.bind(auth)),
      userGet: after((name) => may.adminOr((_, user) => user === name), auth.userGet.bind(auth)),
      userList: admin(auth.userList.bind(auth)),
      roleAdd: admin(auth.roleAdd.bind(auth)),
      roleDelete: admin(auth.roleDelete.bind(auth)),
      roleGrantPermission: admin(auth.roleGrantPermission.bind(auth)),
      roleRevokePermission: admin(auth.roleRevokePermission.bind(auth)),
      roleGet: after(
        (name) => may.adminOr((store, user) => store.hasRole(user, name)),
        auth.roleGet.bind(auth),
      ),
      roleList: admin(auth.roleList.bind(auth)),
    },
  };
}

/** A refused watch is cancelled with gRPC's words for the error. Models v3rpc/watch.go isWatchPermitted. */
function authorizedStream(stream: ClientWatchStream, may: Authorizer): ClientWatchStream {
  return {
    get closed() {
      return stream.closed;
    },
    requestProgress: (key) => stream.requestProgress(key),
    watch: (receiver, options) => {
      try {
        may.range(options);
      } catch (error) {
        const { code, message } = error as EtcdError;
        receiver.cancelled(
          new EtcdError('FailedPrecondition', `rpc error: code = ${code} desc = ${message}`),
        );
        return { startRevision: options.startRevision ?? 0, cancel: () => {}, resume: () => {} };
      }
      return stream.watch(receiver, options);
    },
  };
}
