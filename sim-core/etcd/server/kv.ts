import type {
  DeleteOptions,
  DeleteResponse,
  KeyRange,
  PutResponse,
  RangeOptions,
  RangeResponse,
  ResponseHeader,
  Transaction,
  TransactionResponse,
} from '../clientv3/client.ts';
import type { Lessor } from '../lease/lessor.ts';
import type { KVStore } from '../mvcc/kvstore.ts';
import type { Header } from './header.ts';
import {
  checkDeleteRequest,
  checkIntervals,
  checkPutRequest,
  checkRangeRequest,
  checkTxnRequest,
} from './kv-validation.ts';
import type { Proposer } from './proposer.ts';
import type { Quota } from './quota.ts';
import { executeDelete } from './txn/delete.ts';
import { checkLease, checkPrevious, executePut } from './txn/put.ts';
import type { PutRequest } from './txn/put.ts';
import { executeRange } from './txn/range.ts';
import { executeTxn, isReadonly } from './txn/txn.ts';

export interface KVServerConfig {
  /** How many operations each list of a transaction may have. */
  readonly maxTxnOps: number;
}

/** The KV service. Every method throws an EtcdError. Models server/etcdserver/api/v3rpc/key.go. */
export class KVServer {
  readonly #store: KVStore;
  readonly #lessor: Lessor;
  readonly #proposer: Proposer;
  readonly #quota: Quota;
  readonly #config: KVServerConfig;
  readonly #header: (revision?: number) => ResponseHeader;

  constructor(
    store: KVStore,
    lessor: Lessor,
    proposer: Proposer,
    quota: Quota,
    header: Header,
    config: KVServerConfig,
  ) {
    this.#store = store;
    this.#lessor = lessor;
    this.#proposer = proposer;
    this.#quota = quota;
    this.#config = config;
    this.#header = (revision) => header.at(revision);
  }

  range(request: KeyRange & RangeOptions): RangeResponse {
    checkRangeRequest(request);
    return executeRange(this.#store, this.#header, request);
  }

  put(request: PutRequest): PutResponse {
    checkPutRequest(request);
    const operation = { type: 'put', ...request } as const;
    this.#quota.check(operation);
    return this.#proposer.propose(operation, () => {
      checkLease(this.#lessor, request);
      checkPrevious(this.#store, request);
      const txn = this.#store.write();
      const response = executePut(txn, this.#header, request);
      txn.end();
      return response;
    });
  }

  deleteRange(request: KeyRange & DeleteOptions): DeleteResponse {
    checkDeleteRequest(request);
    return this.#proposer.propose({ type: 'delete', ...request }, () => {
      const txn = this.#store.write();
      const response = executeDelete(txn, this.#header, request);
      txn.end();
      return response;
    });
  }

  txn(request: Transaction): TransactionResponse {
    checkTxnRequest(request, this.#config.maxTxnOps);
    checkIntervals(request.success);
    checkIntervals(request.failure);
    const execute = () => executeTxn(this.#store, this.#lessor, this.#header, request);
    if (isReadonly(request)) return execute();
    const operation = { type: 'txn', ...request } as const;
    this.#quota.check(operation);
    return this.#proposer.propose(operation, execute);
  }

  compact(revision: number): { readonly header: ResponseHeader } {
    return this.#proposer.propose({ type: 'compaction' }, () => {
      this.#store.compact(revision);
      return { header: this.#header() };
    });
  }
}
