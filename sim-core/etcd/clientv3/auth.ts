import type { KeyRange, ResponseHeader } from './client.ts';

type PermissionType = 'READ' | 'WRITE' | 'READWRITE';

/** What a role may do, with which keys: `key` alone, or the range that a request would mean by it. */
export interface Permission extends KeyRange {
  readonly type: PermissionType;
}

interface Answer {
  readonly header: ResponseHeader;
}

/** Models clientv3 Auth. All methods reject with an EtcdError. */
export interface Auth {
  /** Needs a user "root" that has the role "root". */
  authEnable(): Promise<Answer>;
  authDisable(): Promise<Answer>;
  /** A token for later requests; rejects if the password is wrong, or if nobody is asked who they are. */
  authenticate(name: string, password: string): Promise<Answer & { readonly token: string }>;
  authStatus(): Promise<Answer & { readonly enabled: boolean; readonly authRevision: number }>;
  /** A user with `noPassword` is known by its client certificate only. */
  userAdd(name: string, password: string, options?: { readonly noPassword?: boolean }): Promise<Answer>;
  userDelete(name: string): Promise<Answer>;
  userChangePassword(name: string, password: string): Promise<Answer>;
  userGrantRole(name: string, role: string): Promise<Answer>;
  userRevokeRole(name: string, role: string): Promise<Answer>;
  userGet(name: string): Promise<Answer & { readonly roles: readonly string[] }>;
  userList(): Promise<Answer & { readonly users: readonly string[] }>;
  roleAdd(name: string): Promise<Answer>;
  roleDelete(name: string): Promise<Answer>;
  roleGrantPermission(name: string, permission: Permission): Promise<Answer>;
  roleRevokePermission(name: string, range: KeyRange): Promise<Answer>;
  roleGet(name: string): Promise<Answer & { readonly permissions: readonly Permission[] }>;
  roleList(): Promise<Answer & { readonly roles: readonly string[] }>;
}
