import type { AuthStore } from '../auth/auth-store.ts';
import type { Permission } from '../clientv3/auth.ts';
import type { KeyRange, ResponseHeader } from '../clientv3/client.ts';
import type { Header } from './header.ts';
import type { Proposer } from './proposer.ts';
import type { RaftStatus } from './raft-status.ts';

interface Answer {
  readonly header: ResponseHeader;
}

/** The Auth service. Every method throws an EtcdError. Models server/etcdserver/api/v3rpc/auth.go. */
export class AuthServer {
  readonly #store: AuthStore;
  readonly #proposer: Proposer;
  readonly #raft: RaftStatus;
  readonly #header: Header;

  constructor(store: AuthStore, proposer: Proposer, raft: RaftStatus, header: Header) {
    this.#store = store;
    this.#proposer = proposer;
    this.#raft = raft;
    this.#header = header;
  }

  authEnable(): Answer {
    return this.#change(() => this.#store.enable());
  }

  authDisable(): Answer {
    return this.#change(() => this.#store.disable());
  }

  authStatus(): Answer & { readonly enabled: boolean; readonly authRevision: number } {
    const { enabled, revision } = this.#store;
    return { ...this.#answer(), enabled, authRevision: revision };
  }

  authenticate(name: string, password: string): Answer & { readonly token: string } {
    return this.#proposer.propose({ type: 'auth' }, () => {
      const token = this.#store.authenticate(name, password, this.#raft.index);
      return { ...this.#answer(), token };
    });
  }

  userAdd(name: string, password: string, options?: { readonly noPassword?: boolean }): Answer {
    return this.#change(() => this.#store.userAdd(name, password, options?.noPassword ?? false));
  }

  userDelete(name: string): Answer {
    return this.#change(() => this.#store.userDelete(name));
  }

  userChangePassword(name: string, password: string): Answer {
    return this.#change(() => this.#store.userChangePassword(name, password));
  }

  userGrantRole(name: string, role: string): Answer {
    return this.#change(() => this.#store.userGrantRole(name, role));
  }

  userRevokeRole(name: string, role: string): Answer {
    return this.#change(() => this.#store.userRevokeRole(name, role));
  }

  userGet(name: string): Answer & { readonly roles: readonly string[] } {
    return { ...this.#answer(), roles: this.#store.userRoles(name) };
  }

  userList(): Answer & { readonly users: readonly string[] } {
    return { ...this.#answer(), users: this.#store.users() };
  }

  roleAdd(name: string): Answer {
    return this.#change(() => this.#store.roleAdd(name));
  }

  roleDelete(name: string): Answer {
    return this.#change(() => this.#store.roleDelete(name));
  }

  roleGrantPermission(name: string, permission: Permission): Answer {
    return this.#change(() => this.#store.roleGrantPermission(name, permission));
  }

  roleRevokePermission(name: string, range: KeyRange): Answer {
    return this.#change(() => this.#store.roleRevokePermission(name, range));
  }

  roleGet(name: string): Answer & { readonly permissions: readonly Permission[] } {
    return { ...this.#answer(), permissions: this.#store.rolePermissions(name) };
  }

  roleList(): Answer & { readonly roles: readonly string[] } {
    return { ...this.#answer(), roles: this.#store.roles() };
  }

  #change(act: () => void): Answer {
    return this.#proposer.propose({ type: 'auth' }, () => {
      act();
      return this.#answer();
    });
  }

  #answer(): Answer {
    return { header: this.#header.at() };
  }
}
