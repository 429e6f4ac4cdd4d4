import type { ResponseHeader } from '../clientv3/client.ts';
import type { MemberIdentity } from './member.ts';
import type { RaftStatus } from './raft-status.ts';

/**
 * Makes response headers; the one of the present revision is shared by all who ask.
 * Models server/etcdserver/api/v3rpc/header.go.
 */
export class Header {
  readonly #identity: MemberIdentity;
  readonly #raft: RaftStatus;
  readonly #store: { readonly revision: number };
  #last: ResponseHeader | undefined;

  constructor(identity: MemberIdentity, raft: RaftStatus, store: { readonly revision: number }) {
    this.#identity = identity;
    this.#raft = raft;
    this.#store = store;
  }

  /** A header that says the store is at `revision`; missing: where it is. */
  at(revision: number = this.#store.revision): ResponseHeader {
    const raftTerm = this.#raft.term;
    if (this.#last?.revision === revision && this.#last.raftTerm === raftTerm) return this.#last;
    const { clusterId, memberId } = this.#identity;
    this.#last = { clusterId, memberId, revision, raftTerm };
    return this.#last;
  }
}
