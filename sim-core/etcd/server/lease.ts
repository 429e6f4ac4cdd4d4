import type { ResponseHeader } from '../clientv3/client.ts';
import { rpcError } from '../api/rpctypes.ts';
import { compareBytes } from '../clientv3/bytes.ts';
import type { Lessor } from '../lease/lessor.ts';
import { NO_LEASE } from '../mvcc/revision.ts';
import type { Header } from './header.ts';
import type { Proposer } from './proposer.ts';
import type { Quota } from './quota.ts';
import type { RequestIdGenerator } from './request-id.ts';

/** The Lease service. Every method throws an EtcdError. Models server/etcdserver/api/v3rpc/lease.go. */
export class LeaseServer {
  readonly #lessor: Lessor;
  readonly #proposer: Proposer;
  readonly #quota: Quota;
  readonly #header: Header;
  readonly #ids: RequestIdGenerator;

  constructor(lessor: Lessor, proposer: Proposer, quota: Quota, header: Header, ids: RequestIdGenerator) {
    this.#lessor = lessor;
    this.#proposer = proposer;
    this.#quota = quota;
    this.#header = header;
    this.#ids = ids;
  }

  /** `ttl` in seconds; the answer's may be longer. With `id` "0" the server chooses one. */
  grant(ttl: number, id: string = NO_LEASE): { header: ResponseHeader; id: string; ttl: number } {
    this.#quota.check({ type: 'leaseGrant' });
    return this.#proposer.propose({ type: 'leaseGrant' }, () => {
      const lease = this.#lessor.grant(id === NO_LEASE ? this.#ids.nextLease() : id, ttl);
      return { header: this.#header.at(), id: lease.id, ttl: lease.ttl };
    });
  }

  revoke(id: string): { header: ResponseHeader } {
    return this.#proposer.propose({ type: 'leaseRevoke' }, () => {
      this.#lessor.revoke(id);
      return { header: this.#header.at() };
    });
  }

  keepAlive(id: string): { header: ResponseHeader; id: string; ttl: number } {
    const lease = this.#lessor.renew(id);
    return { header: this.#header.at(), id, ttl: lease.ttl };
  }

  /** Whole seconds left, rounded down; -1 if there is no such lease. */
  timeToLive(
    id: string,
    withKeys: boolean,
  ): { header: ResponseHeader; id: string; ttl: number; grantedTtl: number; keys: readonly string[] } {
    const header = this.#header.at();
    const lease = this.#lessor.lookup(id);
    if (lease === undefined) return { header, id, ttl: -1, grantedTtl: 0, keys: [] };
    const ttl = Math.floor(this.#lessor.remaining(lease));
    const keys = withKeys ? [...lease.keys].sort(compareBytes) : [];
    return { header, id, ttl, grantedTtl: lease.ttl, keys };
  }

  /** Ids in the order in which they run out. */
  leases(): { header: ResponseHeader; ids: readonly string[] } {
    return { header: this.#header.at(), ids: this.#lessor.leases().map((lease) => lease.id) };
  }

  /** Revokes a lease that has run out; it may be gone already. */
  expire(id: string): void {
    if (this.#lessor.lookup(id) === undefined) throw rpcError('leaseNotFound');
    this.revoke(id);
  }
}
