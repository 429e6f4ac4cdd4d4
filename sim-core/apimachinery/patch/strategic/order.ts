import { deepEqual } from '../../copy.ts';
import type { Json } from '../../object.ts';
import { isObject, mergeKeyOf, PATCH } from './directives.ts';

/** Where `item` stands in a list, by its merge key ("" for scalars: by value); -1 if it does not. */
export function indexOf(list: readonly Json[], item: Json, mergeKey: string): number {
  const wanted = identity(item, mergeKey);
  return list.findIndex((candidate) => deepEqual(identity(candidate, mergeKey), wanted));
}

function identity(item: Json, mergeKey: string): Json | undefined {
  if (mergeKey === '') return item;
  return isObject(item) ? item[mergeKey] : undefined;
}

/** {@link indexOf} of many items in one list. */
function placesIn(list: readonly Json[], mergeKey: string): (item: Json) => number {
  const places = new Map<Json | undefined, number>();
  list.forEach((item, index) => {
    const key = identity(item, mergeKey);
    if (!places.has(key)) places.set(key, index);
  });
  return (item) => {
    const key = identity(item, mergeKey);
    if (typeof key === 'object' && key !== null) return indexOf(list, item, mergeKey);
    return places.get(key) ?? -1;
  };
}

/** Sorts by the order of another list; items that delete come last. Models normalizeSliceOrder. */
export function sortLike(items: readonly Json[], order: readonly Json[], mergeKey: string): Json[] {
  const deletes = (item: Json) => mergeKey !== '' && isObject(item) && item[PATCH] === 'delete';
  if (mergeKey !== '') for (const item of [...items, ...order]) mergeKeyOf(item, mergeKey);
  const kept = items.filter((item) => !deletes(item));
  const place = placesIn(order, mergeKey);
  kept.sort((a, b) => {
    const left = place(a);
    const right = place(b);
    return left < 0 || right < 0 ? 0 : left - right;
  });
  return [...kept, ...items.filter(deletes)];
}

/**
 * A merged list in order: what the patch names as the patch has it, what only the server has between
 * them as near to its old place as can be.
 *
 *     server a b c, patch order d b → a d b c
 *
 * Models normalizeElementOrder and mergeSortedSlice.
 */
export function mergeOrder(
  merged: readonly Json[],
  patchOrder: readonly Json[],
  serverOrder: readonly Json[],
  mergeKey: string,
): Json[] {
  const patchPlace = placesIn(patchOrder, mergeKey);
  const serverPlace = placesIn(serverOrder, mergeKey);
  const inPatch = merged.filter((item) => patchPlace(item) >= 0);
  const serverOnly = merged.filter((item) => patchPlace(item) < 0);
  const left = sortLike(serverOnly, serverOrder, mergeKey);
  const right = sortLike(inPatch, patchOrder, mergeKey);
  const result: Json[] = [];
  let next = 0;
  for (const item of right) {
    const place = serverPlace(item);
    for (; place >= 0 && next < left.length; next++) {
      const own = serverPlace(left[next]!);
      if (own < 0 || own >= place) break;
      result.push(left[next]!);
    }
    result.push(item);
  }
  return [...result, ...left.slice(next)];
}

/** Without repetitions; the last of a list takes the place of one that is cut, as upstream does it. */
export function deduplicate(list: readonly Json[]): Json[] {
  const result = [...list];
  for (let i = 0; i < result.length - 1; i++) {
    for (let j = i + 1; j < result.length; j++) {
      if (!deepEqual(result[i], result[j])) continue;
      const last = result.pop()!;
      if (j < result.length) result[j] = last;
      j--;
    }
  }
  return result;
}
