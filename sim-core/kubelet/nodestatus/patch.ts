import type { NodeStatus } from 'kubernetes-types/core/v1';
import { deepEqual } from '../../apimachinery/copy.ts';
import type { Json, JsonObject } from '../../apimachinery/object.ts';

/** Lists of a node status that are merged by type. */
const MERGED: readonly string[] = ['addresses', 'conditions'];

/**
 * The strategic merge patch from one node status to another; undefined if nothing differs.
 * Models pkg/util/node PatchNodeStatus.
 */
export function nodeStatusPatch(old: NodeStatus, status: NodeStatus): JsonObject | undefined {
  const patch: JsonObject = {};
  const before = old as Record<string, Json | undefined>;
  for (const [field, value] of Object.entries(status as Record<string, Json | undefined>)) {
    if (value === undefined || deepEqual(before[field], value)) continue;
    if (!MERGED.includes(field)) {
      patch[field] = value;
      continue;
    }
    const list = value as JsonObject[];
    const known = (before[field] ?? []) as JsonObject[];
    patch[`$setElementOrder/${field}`] = list.map(({ type }) => ({ type: type! }));
    const changed = list.filter((item) => !known.some((candidate) => deepEqual(candidate, item)));
    if (changed.length > 0) patch[field] = changed;
  }
  return Object.keys(patch).length === 0 ? undefined : { status: patch };
}
