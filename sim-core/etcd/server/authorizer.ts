import type { AuthStore } from '../auth/auth-store.ts';
import { rpcError } from '../api/rpctypes.ts';
import type { KeyRange, Operation, Transaction } from '../clientv3/client.ts';
import type { Lessor } from '../lease/lessor.ts';
import { NO_LEASE } from '../mvcc/revision.ts';
import type { PutRequest } from './txn/put.ts';

/** Who sends a request: the owner of a token, else who the client certificate is for, else nobody. */
export interface Caller {
  readonly token?: string | undefined;
  readonly commonName?: string | undefined;
}

/**
 * What one caller may do. Every method throws an EtcdError for what is not allowed.
 * Models server/etcdserver/apply/apply_auth.go and EtcdServer.AuthInfoFromCtx.
 */
export class Authorizer {
  readonly #store: AuthStore;
  readonly #lessor: Lessor;
  readonly #caller: Caller;

  constructor(store: AuthStore, lessor: Lessor, caller: Caller) {
    this.#store = store;
    this.#lessor = lessor;
    this.#caller = caller;
  }

  /** Whoever has a name. */
  anyUser(): void {
    if (this.#user() === '') throw rpcError('userEmpty');
  }

  admin(): void {
    this.#store.checkAdmin(this.#user());
  }

  adminOr(isAllowed: (store: AuthStore, user: string) => boolean): void {
    const user = this.#user();
    if (!isAllowed(this.#store, user)) this.#store.checkAdmin(user);
  }

  range(range: KeyRange): void {
    this.#check(range, 'read');
  }

  put(request: PutRequest): void {
    this.#check({ key: request.key }, 'write');
    this.writesOfLease(request.lease ?? NO_LEASE);
    if (request.previous) this.#check({ key: request.key }, 'read');
  }

  deleteRange(request: KeyRange & { readonly previous?: boolean }): void {
    this.#check(request, 'write');
    if (request.previous) this.#check(request, 'read');
  }

  /** Both branches must be allowed, whichever is taken. */
  txn({ compare, success, failure }: Transaction): void {
    for (const range of compare) this.range(range);
    for (const operation of [...success, ...failure]) this.#operation(operation);
  }

  /** Who revokes a lease, or puts a key under it, must be allowed to write all of its keys. */
  writesOfLease(id: string): void {
    for (const key of this.#lessor.lookup(id)?.keys ?? []) this.#check({ key }, 'write');
  }

  readsOfLease(id: string): void {
    for (const key of this.#lessor.lookup(id)?.keys ?? []) this.#check({ key }, 'read');
  }

  readsOfLeases(): void {
    for (const { id } of this.#lessor.leases()) this.readsOfLease(id);
  }

  #operation(operation: Operation): void {
    switch (operation.type) {
      case 'range':
        return this.range(operation);
      case 'put':
        return this.put(operation);
      case 'delete':
        return this.deleteRange(operation);
      case 'txn':
        return this.txn(operation);
    }
  }

  /** A request without a key is not refused here: the service says what is wrong with it. */
  #check(range: KeyRange, operation: 'read' | 'write'): void {
    if (range.key !== '') this.#store.checkPermitted(this.#user(), range, operation);
  }

  #user(): string {
    const { token, commonName } = this.#caller;
    return token === undefined ? (commonName ?? '') : this.#store.userOfToken(token);
  }
}
