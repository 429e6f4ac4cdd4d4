import type { PodStatus } from 'kubernetes-types/core/v1';
import { deepEqual } from '../../../apimachinery/copy.ts';
import type { Json, JsonObject } from '../../../apimachinery/object.ts';

/** Lists of a pod status that are merged by a key; all others are replaced. */
const MERGE_KEYS: Readonly<Record<string, string>> = { conditions: 'type', podIPs: 'ip' };

/**
 * The strategic merge patch that turns `old` into `status`; undefined if nothing differs.
 *
 *     { metadata: { uid }, status: { $setElementOrder/conditions: […], conditions: [changed ones], phase: 'Running' } }
 *
 * Without a uid it is for whichever pod has the name.
 *
 * Models pkg/util/pod PatchPodStatus and strategicpatch.CreateTwoWayMergePatch.
 */
export function podStatusPatch(
  uid: string | undefined,
  old: PodStatus,
  status: PodStatus,
): JsonObject | undefined {
  const patch: JsonObject = {};
  const before = old as Record<string, Json | undefined>;
  const after = status as Record<string, Json | undefined>;
  for (const field of Object.keys(after).sort()) {
    const value = after[field];
    if (value === undefined || deepEqual(before[field], value)) continue;
    const key = MERGE_KEYS[field];
    if (key === undefined || before[field] === undefined) patch[field] = value;
    else Object.assign(patch, listPatch(field, key, before[field] as JsonObject[], value as JsonObject[]));
  }
  for (const [field, value] of Object.entries(before)) {
    if (value !== undefined && after[field] === undefined) patch[field] = null;
  }
  if (Object.keys(patch).length === 0) return undefined;
  return { ...(uid !== undefined && { metadata: { uid } }), status: patch };
}

function listPatch(field: string, key: string, old: JsonObject[], list: JsonObject[]): JsonObject {
  const changes: JsonObject[] = [];
  for (const item of list) {
    const known = old.find((candidate) => candidate[key] === item[key]);
    if (known === undefined) {
      changes.push(item);
      continue;
    }
    const change: JsonObject = {};
    for (const [name, value] of Object.entries(item)) {
      if (value !== undefined && !deepEqual(known[name], value)) change[name] = value;
    }
    for (const [name, value] of Object.entries(known)) {
      if (value !== null && item[name] === undefined) change[name] = null;
    }
    if (Object.keys(change).length === 0) continue;
    change[key] = item[key]!;
    changes.push(change);
  }
  for (const known of old) {
    if (!list.some((item) => item[key] === known[key]))
      changes.push({ $patch: 'delete', [key]: known[key]! });
  }
  const isSameOrder =
    old.length === list.length && list.every((item, index) => item[key] === old[index]![key]);
  if (changes.length === 0 && isSameOrder) return {};
  return {
    [`$setElementOrder/${field}`]: list.map((item) => ({ [key]: item[key]! })),
    ...(changes.length > 0 && { [field]: changes }),
  };
}
