import type { TraceEvent } from '../worker/protocol.ts';
import { isNotable } from './block.ts';

/** One write to one key, by one transaction. */
export interface EtcdWrite {
  readonly operation: 'create' | 'update' | 'delete';
  readonly before: number;
  readonly revision: number;
}

/** A key that changed, with its writes, oldest first. */
export interface ChangedKey {
  readonly key: string;
  /** The last write was a deletion: a tombstone is left. */
  readonly deleted: boolean;
  readonly writes: readonly EtcdWrite[];
}

/** The keys that changed, in the order of their first change; leases (heartbeats) are left out. */
export function etcdChanges(trace: readonly TraceEvent[]): ChangedKey[] {
  const keys = new Map<string, EtcdWrite[]>();
  for (const event of trace) {
    if (event.type !== 'stored' || !isNotable(event.key)) continue;
    const { operation, before, revision } = event;
    const writes = keys.get(event.key) ?? [];
    writes.push({ operation, before, revision });
    keys.set(event.key, writes);
  }
  return [...keys].map(([key, writes]) => ({ key, writes, deleted: writes.at(-1)?.operation === 'delete' }));
}
