import { rpcError } from '../api/rpctypes.ts';
import type { Operation } from '../clientv3/client.ts';
import type { RaftStatus } from './raft-status.ts';

/** A request that goes through the consensus log. */
export type Proposal =
  Operation | { readonly type: 'compaction' | 'leaseGrant' | 'leaseRevoke' | 'alarm' | 'auth' };

/** Bytes of a request beside keys and values: tags, lengths and header. */
const REQUEST_OVERHEAD = 16;

export interface ProposerConfig {
  readonly maxRequestBytes: number;
}

/**
 * Takes requests that change something through the log and applies them.
 * Models server/etcdserver/v3_server.go processInternalRaftRequestOnce.
 */
export class Proposer {
  readonly #raft: RaftStatus;
  readonly #config: ProposerConfig;

  constructor(raft: RaftStatus, config: ProposerConfig) {
    this.#raft = raft;
    this.#config = config;
  }

  /** Applies the request and returns its result. Throws "request is too large" before, or what `apply` throws. */
  propose<T>(proposal: Proposal, apply: () => T): T {
    const { maxRequestBytes } = this.#config;
    // A UTF-16 unit is at most 3 bytes of UTF-8: most requests need no exact count.
    if (requestUnits(proposal) * 3 > maxRequestBytes && requestBytes(proposal) > maxRequestBytes) {
      throw rpcError('requestTooLarge');
    }
    this.#raft.propose();
    return apply();
  }
}

function requestUnits(proposal: Proposal): number {
  return measure(proposal, (text) => text.length);
}

function requestBytes(proposal: Proposal): number {
  return measure(proposal, utf8Length);
}

function measure(proposal: Proposal, length: (text: string) => number): number {
  switch (proposal.type) {
    case 'put':
      return REQUEST_OVERHEAD + length(proposal.key) + length(proposal.value);
    case 'range':
    case 'delete':
      return REQUEST_OVERHEAD + length(proposal.key) + length(proposal.rangeEnd ?? '');
    case 'txn': {
      let sum = REQUEST_OVERHEAD;
      for (const { key, operand } of proposal.compare)
        sum += REQUEST_OVERHEAD + length(key) + length(String(operand));
      for (const operation of proposal.success) sum += measure(operation, length);
      for (const operation of proposal.failure) sum += measure(operation, length);
      return sum;
    }
    default:
      return REQUEST_OVERHEAD;
  }
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1;
    // The two halves of a pair make 4 bytes together.
    if (unit >= 0xd800 && unit <= 0xdbff) bytes -= 2;
  }
  return bytes;
}
