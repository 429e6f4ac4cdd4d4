import type { AuthData, AuthStore } from '../auth/auth-store.ts';
import type { KeyValue } from '../clientv3/client.ts';
import type { AlarmType } from '../clientv3/maintenance.ts';
import { Crc32c } from '../mvcc/hash.ts';
import type { KVStore } from '../mvcc/kvstore.ts';
import type { AlarmStore } from './alarms.ts';

/** What a snapshot file begins with; the checksum of the rest follows on the same line. */
const MAGIC = 'etcd-snapshot-v1';

type ChangeRow = readonly [
  key: string,
  value: string,
  createRevision: number,
  modRevision: number,
  version: number,
  lease: string,
  sub: number,
];

/** Everything that a member holds. */
export interface SnapshotData {
  readonly revision: number;
  readonly compactRevision: number;
  readonly changes: readonly { readonly kv: KeyValue; readonly sub: number }[];
  readonly leases: readonly { readonly id: string; readonly ttl: number }[];
  readonly auth: AuthData;
  readonly alarms: readonly AlarmType[];
}

/** What `etcdutl snapshot status` says of a file. */
export interface SnapshotStatus {
  /** An unsigned 32-bit number. */
  readonly hash: number;
  readonly revision: number;
  /** How many keys there are. */
  readonly totalKey: number;
  readonly totalSize: number;
}

/** Where what a member holds is kept. */
interface Sources {
  readonly store: KVStore;
  readonly lessor: { leases(): readonly { readonly id: string; readonly ttl: number }[] };
  readonly auth: AuthStore;
  readonly alarms: AlarmStore;
}

/** What a member holds, as plain JSON. */
export interface SnapshotRows {
  readonly revision: number;
  readonly compactRevision: number;
  readonly leases: readonly { readonly id: string; readonly ttl: number }[];
  readonly changes: readonly ChangeRow[];
  readonly auth: AuthData;
  readonly alarms: readonly AlarmType[];
}

export function toRows({ store, lessor, auth, alarms }: Sources): SnapshotRows {
  return {
    revision: store.revision,
    compactRevision: store.compactRevision,
    leases: lessor.leases().map(({ id, ttl }) => ({ id, ttl })),
    changes: store.log.changes.map(({ kv, sub }): ChangeRow => [
      kv.key,
      kv.value,
      kv.createRevision,
      kv.modRevision,
      kv.version,
      kv.lease,
      sub,
    ]),
    auth: auth.save(),
    alarms: alarms.list().map(({ alarm }) => alarm),
  };
}

export function fromRows({ changes, ...rest }: SnapshotRows): SnapshotData {
  return {
    ...rest,
    changes: changes.map(([key, value, createRevision, modRevision, version, lease, sub]) => ({
      kv: { key, value, createRevision, modRevision, version, lease },
      sub,
    })),
  };
}

/** The text of a snapshot file: a line with the checksum, then the data. Deterministic. */
export function encodeSnapshot(sources: Sources): string {
  const data = JSON.stringify(toRows(sources));
  return `${MAGIC} ${checksum(data)}\n${data}`;
}

/** Reads a snapshot file. Throws if it is none or if it was damaged. */
export function decodeSnapshot(snapshot: string): SnapshotData {
  return fromRows(JSON.parse(open(snapshot).data) as SnapshotRows);
}

/**
 * Throws as {@link decodeSnapshot} does; a database without a checksum is read as well.
 * Models etcdutl/snapshot v3Manager.Status.
 */
export function snapshotStatus(text: string): SnapshotStatus {
  const snapshot = hasChecksum(text) ? text : withChecksum(text);
  const { revision, changes } = decodeSnapshot(snapshot);
  const totalKey = newest(changes).size;
  return { hash: open(snapshot).hash, revision, totalKey, totalSize: text.length };
}

/** What is at each key in a file that {@link snapshotStatus} reads; throws as that does. */
export function snapshotValues(text: string): ReadonlyMap<string, string> {
  return newest(decodeSnapshot(hasChecksum(text) ? text : withChecksum(text)).changes);
}

function newest(changes: SnapshotData['changes']): Map<string, string> {
  const values = new Map<string, string>();
  for (const { kv } of changes) {
    if (kv.version === 0) values.delete(kv.key);
    else values.set(kv.key, kv.value);
  }
  return values;
}

/** Whether the text is a snapshot file, not the database of a data directory: that has no checksum. */
export function hasChecksum(text: string): boolean {
  return text.startsWith(`${MAGIC} `);
}

/** A snapshot file from the database of a data directory. */
export function withChecksum(database: string): string {
  if (!database.startsWith(`${MAGIC}\n`)) throw new Error('invalid database');
  const data = database.slice(MAGIC.length + 1);
  return `${MAGIC} ${checksum(data)}\n${data}`;
}

/** The database of a data directory from a snapshot file. */
export function withoutChecksum(snapshot: string): string {
  return `${MAGIC}${snapshot.slice(snapshot.indexOf('\n'))}`;
}

/**
 * The snapshot with its revision moved on by `amount` and compacted there, so that clients do not see
 * revisions go back. Models v3Manager.modifyLatestRevision.
 */
export function bumpRevision(snapshot: string, amount: number): string {
  const parsed = JSON.parse(open(snapshot).data) as { revision: number };
  const revision = parsed.revision + amount;
  const data = JSON.stringify({ ...parsed, revision, compactRevision: revision });
  return `${MAGIC} ${checksum(data)}\n${data}`;
}

function open(snapshot: string): { readonly data: string; readonly hash: number } {
  const line = snapshot.indexOf('\n');
  const [magic, hash] = snapshot.slice(0, Math.max(0, line)).split(' ');
  if (magic !== MAGIC) throw new Error('invalid snapshot: no snapshot header');
  const data = snapshot.slice(line + 1);
  const expected = Number(hash);
  const found = checksum(data);
  if (found !== expected)
    throw new Error(`snapshot file integrity check failed: expected ${expected}, got ${found}`);
  return { data, hash: found };
}

function checksum(data: string): number {
  const crc = new Crc32c();
  crc.write(data);
  return crc.sum();
}
