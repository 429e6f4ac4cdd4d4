import { noop } from 'cockatiel';
import { Etcd3 } from 'etcd3';
import type { IAlarmResponse, ICallable, IHashKVResponse, ISnapshotResponse } from 'etcd3';
import { rpcError } from '../../api/rpctypes.ts';
import type {
  DeleteOptions,
  DeleteResponse,
  EtcdClient,
  KeyRange,
  LeaseGrantResponse,
  LeaseTimeToLiveResponse,
  PutOptions,
  PutResponse,
  RangeOptions,
  RangeResponse,
  ResponseHeader,
  Transaction,
  TransactionResponse,
  WatchOptions,
  WatchResponse,
} from '../client.ts';
import type {
  AlarmMember,
  AlarmResponse,
  AlarmType,
  Cluster,
  HashKVResponse,
  Maintenance,
  Member,
  SnapshotResponse,
  StatusResponse,
} from '../maintenance.ts';
import { fromEmptyKey } from '../client.ts';
import { toEtcdError } from './errors.ts';
import { GrpcAuth } from './grpc-auth.ts';
import { GrpcWatch } from './grpc-watch.ts';
import {
  deleteRequest,
  deleteResponse,
  headerOf,
  putRequest,
  putResponse,
  rangeRequest,
  rangeResponse,
  textOf,
  txnRequest,
  txnResponse,
} from './messages.ts';
import { retried } from './retry.ts';
import { answersProgressRequests } from './server-version.ts';

export interface GrpcClientConfig {
  /** "http://127.0.0.1:2379"; with "https:" over TLS. */
  readonly endpoint: string;
  /** PEM; for TLS only. */
  readonly tls?: { readonly ca: string; readonly certificate?: string; readonly key?: string };
  readonly user?: { readonly name: string; readonly password: string };
}

/**
 * A client of a real etcd over gRPC. A request that fails because nobody answers is sent again where
 * that cannot do its work twice: reads always, others if they were certainly not sent.
 * Models client/v3, its retry_interceptor.go included.
 */
export class GrpcClient extends GrpcAuth implements EtcdClient, Maintenance, Cluster {
  readonly #watches = new Set<GrpcWatch>();
  #canAskProgress: boolean | undefined;

  constructor({ endpoint, tls, user }: GrpcClientConfig) {
    super(
      new Etcd3({
        hosts: endpoint,
        ...(tls !== undefined && {
          credentials: {
            rootCertificate: Buffer.from(tls.ca),
            ...(tls.certificate !== undefined && { certChain: Buffer.from(tls.certificate) }),
            ...(tls.key !== undefined && { privateKey: Buffer.from(tls.key) }),
          },
        }),
        ...(user !== undefined && { auth: { username: user.name, password: user.password } }),
        // The package would repeat writes too.
        faultHandling: { host: () => noop, global: noop },
        grpcOptions: { 'grpc.max_receive_message_length': -1, 'grpc.initial_reconnect_backoff_ms': 100 },
      }),
    );
  }

  /** Ends all watches and the connection. */
  close(): void {
    for (const watch of [...this.#watches]) watch.finish();
    this.etcd.close();
  }

  async get(range: KeyRange, options?: RangeOptions): Promise<RangeResponse> {
    const request = rangeRequest({ ...options, ...fromEmptyKey(range) });
    return rangeResponse(await retried(() => this.etcd.kv.range(request), true));
  }

  async put(key: string, value: string, options?: PutOptions): Promise<PutResponse> {
    const request = putRequest({ ...options, key, value });
    return putResponse(await retried(() => this.etcd.kv.put(request)));
  }

  async delete(range: KeyRange, options?: DeleteOptions): Promise<DeleteResponse> {
    const request = deleteRequest({ ...options, ...fromEmptyKey(range) });
    return deleteResponse(await retried(() => this.etcd.kv.deleteRange(request)));
  }

  async txn(transaction: Transaction): Promise<TransactionResponse> {
    const request = txnRequest(transaction);
    return txnResponse(await retried(() => this.etcd.kv.txn(request)));
  }

  async compact(revision: number): Promise<{ readonly header: ResponseHeader }> {
    const { header } = await retried(() => this.etcd.kv.compact({ revision }));
    return { header: headerOf(header) };
  }

  watch(options: WatchOptions): AsyncIterable<WatchResponse> {
    const watch = new GrpcWatch(this.etcd.watchClient, options, (ended) => this.#watches.delete(ended));
    if (!watch.over) this.#watches.add(watch);
    return watch.channel;
  }

  async requestProgress(key?: string): Promise<boolean> {
    this.#canAskProgress ??= answersProgressRequests((await this.status()).version);
    if (this.#canAskProgress) {
      for (const watch of this.#watches) if (key === undefined || watch.key === key) watch.requestProgress();
    }
    return this.#canAskProgress;
  }

  async leaseGrant(ttl: number, id: string = '0'): Promise<LeaseGrantResponse> {
    const response = await retried(() => this.etcd.leaseClient.leaseGrant({ TTL: ttl, ID: id }));
    return { header: headerOf(response.header), id: response.ID, ttl: Number(response.TTL) };
  }

  async leaseRevoke(id: string): Promise<{ header: ResponseHeader }> {
    const { header } = await retried(() => this.etcd.leaseClient.leaseRevoke({ ID: id }));
    return { header: headerOf(header) };
  }

  async leaseKeepAlive(id: string): Promise<LeaseGrantResponse> {
    const stream = await retried(() => this.etcd.leaseClient.leaseKeepAlive(), true);
    const response = await new Promise<{ header: ResponseHeader; id: string; ttl: number }>(
      (resolve, reject) => {
        stream.on('data', ({ header, ID, TTL }) =>
          resolve({ header: headerOf(header), id: ID, ttl: Number(TTL) }),
        );
        stream.on('error', (error) => reject(toEtcdError(error)));
        stream.write({ ID: id });
      },
    );
    stream.cancel();
    if (response.ttl <= 0) throw rpcError('leaseNotFound');
    return response;
  }

  async leaseTimeToLive(id: string, options?: { readonly keys?: boolean }): Promise<LeaseTimeToLiveResponse> {
    const request = { ID: id, keys: options?.keys ?? false };
    const response = await retried(() => this.etcd.leaseClient.leaseTimeToLive(request), true);
    return {
      header: headerOf(response.header),
      id: response.ID,
      ttl: Number(response.TTL),
      grantedTtl: Number(response.grantedTTL),
      keys: response.keys.map(textOf),
    };
  }

  async leases(): Promise<{ header: ResponseHeader; ids: readonly string[] }> {
    const { header, leases } = await retried(() => this.etcd.leaseClient.leaseLeases(), true);
    return { header: headerOf(header), ids: leases.map(({ ID }) => ID!.toString()) };
  }

  async status(): Promise<StatusResponse> {
    const response = await retried(() => this.etcd.maintenance.status(), true);
    return {
      header: headerOf(response.header),
      version: response.version,
      storageVersion: '',
      dbSize: Number(response.dbSize),
      dbSizeInUse: Number(response.dbSizeInUse),
      dbSizeQuota: 0,
      leader: response.leader,
      raftIndex: Number(response.raftIndex),
      raftAppliedIndex: Number(response.raftAppliedIndex),
      raftTerm: Number(response.raftTerm),
      isLearner: response.isLearner,
      errors: response.errors,
    };
  }

  async alarmList(): Promise<AlarmResponse> {
    return alarmResponse(await retried(() => this.etcd.maintenance.alarm({ action: 'Get' }), true));
  }

  async alarmDisarm(alarm?: AlarmMember): Promise<AlarmResponse> {
    if (alarm === undefined) {
      const { header, alarms } = await this.alarmList();
      for (const raised of alarms) await this.alarmDisarm(raised);
      return { header, alarms };
    }
    const request = { action: 'Deactivate', memberID: alarm.memberId, alarm: ALARMS[alarm.alarm] } as const;
    return alarmResponse(await retried(() => this.etcd.maintenance.alarm(request)));
  }

  async defragment(): Promise<void> {
    await retried(() => this.etcd.maintenance.defragment());
  }

  async hashKV(revision = 0): Promise<HashKVResponse> {
    // The package's own method asks gRPC for "hashKV", which gRPC calls "hashKv".
    const service = this.etcd.maintenance['client'] as ICallable<unknown>;
    const hash = () => service.exec<IHashKVResponse>('Maintenance', 'hashKv', { revision });
    const response = await retried(hash, true);
    const header = headerOf(response.header);
    return {
      header,
      hash: Number(response.hash),
      compactRevision: Number(response.compact_revision),
      hashRevision: revision === 0 ? header.revision : revision,
    };
  }

  async snapshot(): Promise<SnapshotResponse> {
    const { version } = await this.status();
    const stream = await retried(() => this.etcd.maintenance.snapshot(), true);
    const chunks: Buffer[] = [];
    const header = await new Promise<ResponseHeader>((resolve, reject) => {
      let first: ISnapshotResponse | undefined;
      stream.on('data', (chunk) => {
        first ??= chunk;
        chunks.push(chunk.blob);
      });
      stream.on('error', (error) => reject(toEtcdError(error)));
      stream.on('end', () => resolve(headerOf(first!.header)));
    });
    return { header, version, snapshot: textOf(Buffer.concat(chunks)) };
  }

  async memberList(): Promise<{ readonly header: ResponseHeader; readonly members: readonly Member[] }> {
    const { header, members } = await retried(
      () => this.etcd.cluster.memberList({ linearizable: true }),
      true,
    );
    return {
      header: headerOf(header),
      members: members.map((member) => ({
        id: member.ID,
        name: member.name,
        peerUrls: member.peerURLs,
        clientUrls: member.clientURLs,
        isLearner: member.isLearner,
      })),
    };
  }
}

const ALARMS = { NOSPACE: 'Nospace', CORRUPT: 'Corrupt' } as const satisfies Record<AlarmType, string>;

function alarmResponse({ header, alarms }: IAlarmResponse): AlarmResponse {
  return {
    header: headerOf(header),
    alarms: alarms.map(({ memberID, alarm }) => ({
      memberId: String(memberID),
      alarm: String(alarm).toUpperCase() as AlarmType,
    })),
  };
}
