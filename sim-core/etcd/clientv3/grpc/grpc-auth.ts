import type { Etcd3, IPermission, IResponseHeader } from 'etcd3';
import type { Auth, Permission } from '../auth.ts';
import type { KeyRange, ResponseHeader } from '../client.ts';
import { bytesOf, headerOf, textOf } from './messages.ts';
import { retried } from './retry.ts';

/** The Auth half of a client of a real etcd. */
export abstract class GrpcAuth implements Auth {
  protected readonly etcd: Etcd3;

  constructor(etcd: Etcd3) {
    this.etcd = etcd;
  }

  authEnable(): ReturnType<Auth['authEnable']> {
    return answered(() => this.etcd.auth.authEnable());
  }

  authDisable(): ReturnType<Auth['authDisable']> {
    return answered(() => this.etcd.auth.authDisable());
  }

  async authenticate(name: string, password: string): ReturnType<Auth['authenticate']> {
    const { header, token } = await retried(() => this.etcd.auth.authenticate({ name, password }), true);
    return { header: headerOf(header), token };
  }

  async authStatus(): ReturnType<Auth['authStatus']> {
    const { header, enabled, authRevision } = await retried(() => this.etcd.auth.authStatus(), true);
    return { header: headerOf(header), enabled, authRevision: Number(authRevision) };
  }

  userAdd(
    name: string,
    password: string,
    options?: { readonly noPassword?: boolean },
  ): ReturnType<Auth['userAdd']> {
    const request = { name, password, options: { no_password: options?.noPassword ?? false } };
    return answered(() => this.etcd.auth.userAdd(request));
  }

  userDelete(name: string): ReturnType<Auth['userDelete']> {
    return answered(() => this.etcd.auth.userDelete({ name }));
  }

  userChangePassword(name: string, password: string): ReturnType<Auth['userChangePassword']> {
    return answered(() => this.etcd.auth.userChangePassword({ name, password }));
  }

  userGrantRole(user: string, role: string): ReturnType<Auth['userGrantRole']> {
    return answered(() => this.etcd.auth.userGrantRole({ user, role }));
  }

  userRevokeRole(name: string, role: string): ReturnType<Auth['userRevokeRole']> {
    return answered(() => this.etcd.auth.userRevokeRole({ name, role }));
  }

  async userGet(name: string): ReturnType<Auth['userGet']> {
    const { header, roles } = await retried(() => this.etcd.auth.userGet({ name }), true);
    return { header: headerOf(header), roles };
  }

  async userList(): ReturnType<Auth['userList']> {
    const { header, users } = await retried(() => this.etcd.auth.userList(), true);
    return { header: headerOf(header), users };
  }

  roleAdd(name: string): ReturnType<Auth['roleAdd']> {
    return answered(() => this.etcd.auth.roleAdd({ name }));
  }

  roleDelete(role: string): ReturnType<Auth['roleDelete']> {
    return answered(() => this.etcd.auth.roleDelete({ role }));
  }

  roleGrantPermission(name: string, permission: Permission): ReturnType<Auth['roleGrantPermission']> {
    const { type, ...range } = permission;
    const perm = { permType: PERMISSIONS[type], ...rangeOf(range) };
    return answered(() => this.etcd.auth.roleGrantPermission({ name, perm }));
  }

  roleRevokePermission(role: string, range: KeyRange): ReturnType<Auth['roleRevokePermission']> {
    return answered(() => this.etcd.auth.roleRevokePermission({ role, ...rangeOf(range) }));
  }

  async roleGet(role: string): ReturnType<Auth['roleGet']> {
    const { header, perm } = await retried(() => this.etcd.auth.roleGet({ role }), true);
    return { header: headerOf(header), permissions: perm.map(permissionOf) };
  }

  async roleList(): ReturnType<Auth['roleList']> {
    const { header, roles } = await retried(() => this.etcd.auth.roleList(), true);
    return { header: headerOf(header), roles };
  }
}

const PERMISSIONS = { READ: 'Read', WRITE: 'Write', READWRITE: 'Readwrite' } as const;

async function answered(
  send: () => Promise<{ header: IResponseHeader }>,
): Promise<{ readonly header: ResponseHeader }> {
  return { header: headerOf((await retried(send)).header) };
}

function rangeOf({ key, rangeEnd = '' }: KeyRange): { key: Buffer; range_end: Buffer } {
  return { key: bytesOf(key), range_end: bytesOf(rangeEnd) };
}

function permissionOf({ permType, key, range_end: rangeEnd }: IPermission): Permission {
  return {
    type: permType.toUpperCase() as Permission['type'],
    key: textOf(key),
    ...(rangeEnd.length > 0 && { rangeEnd: textOf(rangeEnd) }),
  };
}
