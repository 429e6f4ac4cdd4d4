import { ETCD_VERSION } from '../../version.ts';
import type {
  AlarmMember,
  AlarmResponse,
  HashKVResponse,
  Member,
  SnapshotResponse,
  StatusResponse,
} from '../clientv3/maintenance.ts';
import type { ResponseHeader } from '../clientv3/client.ts';
import type { AuthStore } from '../auth/auth-store.ts';
import type { Lessor } from '../lease/lessor.ts';
import type { KVStore } from '../mvcc/kvstore.ts';
import type { AlarmStore } from './alarms.ts';
import type { Header } from './header.ts';
import type { Proposer } from './proposer.ts';
import type { RaftStatus } from './raft-status.ts';
import { encodeSnapshot } from './snapshot.ts';

export interface MaintenanceConfig {
  readonly member: Member;
  /** How large the database may become, in bytes. */
  readonly quotaBackendBytes: number;
}

export interface MaintenanceCollaborators {
  readonly store: KVStore;
  readonly lessor: Lessor;
  readonly proposer: Proposer;
  readonly raft: RaftStatus;
  readonly alarms: AlarmStore;
  readonly auth: AuthStore;
  readonly header: Header;
}

/**
 * The Maintenance service, and the Cluster service of a cluster of one.
 * Models server/etcdserver/api/v3rpc/{maintenance,member}.go.
 */
export class MaintenanceServer {
  readonly #with: MaintenanceCollaborators;
  readonly #config: MaintenanceConfig;

  constructor(collaborators: MaintenanceCollaborators, config: MaintenanceConfig) {
    this.#with = collaborators;
    this.#config = config;
  }

  status(): StatusResponse {
    const { store, raft, alarms, header } = this.#with;
    return {
      header: header.at(),
      version: ETCD_VERSION,
      storageVersion: `${ETCD_VERSION.split('.', 2).join('.')}.0`,
      dbSize: store.log.allocatedSize,
      dbSizeInUse: store.log.usedSize,
      dbSizeQuota: this.#config.quotaBackendBytes,
      leader: this.#config.member.id,
      raftIndex: raft.index,
      raftAppliedIndex: raft.index,
      raftTerm: raft.term,
      isLearner: false,
      errors: alarms.list().map(({ memberId, alarm }) => `memberID:${memberId} alarm:${alarm} `),
    };
  }

  alarmList(): AlarmResponse {
    return { header: this.#with.header.at(), alarms: this.#with.alarms.list() };
  }

  alarmDisarm(alarm?: AlarmMember): AlarmResponse {
    const { proposer, alarms, header } = this.#with;
    return proposer.propose({ type: 'alarm' }, () => {
      const doomed = alarm === undefined ? alarms.list() : [alarm];
      return { header: header.at(), alarms: doomed.filter((member) => alarms.disarm(member)) };
    });
  }

  defragment(): void {
    this.#with.store.log.defragment();
  }

  /** Throws as a read at that revision does. */
  hashKV(revision = 0): HashKVResponse {
    const hash = this.#with.store.hashByRevision(revision);
    return {
      header: this.#with.header.at(),
      hash: hash.hash,
      compactRevision: hash.compactRevision,
      hashRevision: hash.revision,
    };
  }

  snapshot(): SnapshotResponse {
    return { header: this.#with.header.at(), version: ETCD_VERSION, snapshot: encodeSnapshot(this.#with) };
  }

  memberList(): { readonly header: ResponseHeader; readonly members: readonly Member[] } {
    return { header: this.#with.header.at(), members: [this.#config.member] };
  }
}
