import type { ResponseHeader } from './client.ts';

export type AlarmType = 'NOSPACE' | 'CORRUPT';

export interface AlarmMember {
  readonly memberId: string;
  readonly alarm: AlarmType;
}

export interface AlarmResponse {
  readonly header: ResponseHeader;
  readonly alarms: readonly AlarmMember[];
}

/** Sizes in bytes. */
export interface StatusResponse {
  readonly header: ResponseHeader;
  readonly version: string;
  readonly storageVersion: string;
  readonly dbSize: number;
  readonly dbSizeInUse: number;
  readonly dbSizeQuota: number;
  /** Member id of the leader. */
  readonly leader: string;
  readonly raftIndex: number;
  readonly raftAppliedIndex: number;
  readonly raftTerm: number;
  readonly isLearner: boolean;
  readonly errors: readonly string[];
}

export interface HashKVResponse {
  readonly header: ResponseHeader;
  readonly hash: number;
  readonly compactRevision: number;
  readonly hashRevision: number;
}

export interface SnapshotResponse {
  readonly header: ResponseHeader;
  /** etcd's version, for example "3.6.6". */
  readonly version: string;
  /** What belongs into the snapshot file. */
  readonly snapshot: string;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

/** Models clientv3 Maintenance. All methods reject with an EtcdError. */
export interface Maintenance {
  status(): Promise<StatusResponse>;
  alarmList(): Promise<AlarmResponse>;
  /** Takes back the alarm, or all of them; answers which it took. */
  alarmDisarm(alarm?: AlarmMember): Promise<AlarmResponse>;
  defragment(): Promise<void>;
  /** `revision` 0 or missing: the present one. */
  hashKV(revision?: number): Promise<HashKVResponse>;
  snapshot(): Promise<SnapshotResponse>;
}

/** The reading part of clientv3 Cluster. */
export interface Cluster {
  memberList(): Promise<{ readonly header: ResponseHeader; readonly members: readonly Member[] }>;
}
