import { union } from '../structured-merge-diff/field-set.ts';
import type { Managed, ManagedFieldsEntry, Manager } from './entry.ts';
import { entryOf, managerId } from './entry.ts';

const MAX_UPDATE_MANAGERS = 10;
const BUCKET = 'ancient-changes';

/**
 * Puts the oldest updaters of each version together until at most ten are left.
 * Models internal/capmanagers.go.
 */
export function capUpdateManagers(managed: Managed): Managed {
  if (managed.size <= MAX_UPDATE_MANAGERS) return managed;
  const updaters = [...managed].filter(([, { operation }]) => operation === 'Update');
  if (updaters.length <= MAX_UPDATE_MANAGERS) return managed;
  updaters.sort(([a, first], [b, second]) => compare(first.time ?? '', second.time ?? '') || compare(a, b));
  const capped: Managed = new Map(managed);
  const firstOf = new Map<string, string>();
  let count = updaters.length;
  for (const [id, entry] of updaters) {
    if (count <= MAX_UPDATE_MANAGERS) break;
    const first = firstOf.get(entry.apiVersion);
    if (first === undefined) {
      firstOf.set(entry.apiVersion, id);
      continue;
    }
    const who: Manager = { manager: BUCKET, operation: 'Update', apiVersion: entry.apiVersion };
    const bucketId = managerId(who);
    const bucket: ManagedFieldsEntry = capped.get(bucketId) ?? capped.get(first)!;
    capped.delete(first);
    capped.delete(id);
    capped.set(bucketId, entryOf(who, entry.time, union(entry.fieldsV1, bucket.fieldsV1)));
    count--;
  }
  return capped;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
