import { deepCopy, deepEqual, setField } from '../../copy.ts';
import { goValue } from '../../go-values.ts';
import type { Json, JsonObject } from '../../object.ts';
import {
  deleteFromPrimitiveListKey,
  elementKind,
  isObject,
  mergeKeyOf,
  PATCH,
  RETAIN_KEYS,
  setElementOrderKey,
  StrategicPatchError,
} from './directives.ts';
import { mergeMap } from './merge.ts';
import { deduplicate, sortLike } from './order.ts';
import type { PatchSchema } from './patch-schema.ts';

interface DiffOptions {
  readonly ignoreChangesAndAdditions?: boolean;
  readonly ignoreDeletions?: boolean;
  readonly setElementOrder?: boolean;
  readonly retainKeys?: boolean;
}

/**
 * The strategic merge patch that makes `modified` of `original`. Throws a StrategicPatchError.
 * Models k8s.io/apimachinery/pkg/util/strategicpatch CreateTwoWayMergePatch.
 */
export function createTwoWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  schema: PatchSchema,
): JsonObject {
  return deepCopy(diffMaps(original, modified, schema, { setElementOrder: true }));
}

/**
 * The patch of an apply: what `modified` wants other than `current`, and the deletion of what
 * `original` (the last applied configuration) had and `modified` has not.
 *
 * Models k8s.io/apimachinery/pkg/util/strategicpatch CreateThreeWayMergePatch with overwrite.
 */
export function createThreeWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  schema: PatchSchema,
): JsonObject {
  const changes = diffMaps(current, modified, schema, { ignoreDeletions: true, setElementOrder: true });
  const deletions = diffMaps(original, modified, schema, {
    ignoreChangesAndAdditions: true,
    setElementOrder: true,
  });
  return mergeMap(deepCopy(deletions), deepCopy(changes), schema, {
    applyDirectives: false,
    dropNulls: false,
  });
}

function diffMaps(
  original: JsonObject,
  modified: JsonObject,
  schema: PatchSchema,
  options: DiffOptions,
): JsonObject {
  const patch: JsonObject = {};
  const retained: string[] = [];
  for (const key of Object.keys(modified)) {
    const after = modified[key]!;
    if (options.retainKeys && after !== null) retained.push(key);
    const before = Object.hasOwn(original, key) ? original[key] : undefined;
    if (key === PATCH && before !== undefined) {
      if (typeof before !== 'string' || typeof after !== 'string') {
        throw new StrategicPatchError(`invalid value for special key: ${PATCH}`);
      }
      if (before !== after) patch[PATCH] = after;
    } else if (isObject(before) && isObject(after)) {
      diffField(key, before, after, patch, schema, options);
    } else if (Array.isArray(before) && Array.isArray(after)) {
      diffListField(key, before, after, patch, schema, options);
    } else if (!options.ignoreChangesAndAdditions && !deepEqual(before, after)) {
      setField(patch, key, after);
    }
  }
  if (!options.ignoreDeletions) {
    for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) setField(patch, key, null);
  }
  const removes = Object.keys(original).some(
    (key) => original[key] !== null && !Object.hasOwn(modified, key),
  );
  if (retained.length > 0 && (Object.keys(patch).length > 0 || removes)) {
    patch[RETAIN_KEYS] = retained.sort();
  }
  return patch;
}

function diffField(
  key: string,
  before: JsonObject,
  after: JsonObject,
  patch: JsonObject,
  schema: PatchSchema,
  options: DiffOptions,
): void {
  if (deepEqual(before, after) && !knows(schema, key)) return;
  const field = schema.field(key);
  if (field.strategy === 'replace') {
    if (!options.ignoreChangesAndAdditions) setField(patch, key, after);
    return;
  }
  const inner = diffMaps(before, after, field.schema, { ...options, retainKeys: field.retainKeys });
  if (Object.keys(inner).length > 0) setField(patch, key, inner);
}

/** A field that the type has not only matters if it differs. */
function knows(schema: PatchSchema, key: string): boolean {
  try {
    schema.field(key);
    return true;
  } catch (error) {
    if (error instanceof StrategicPatchError) return false;
    throw error;
  }
}

function diffListField(
  key: string,
  before: readonly Json[],
  after: readonly Json[],
  patch: JsonObject,
  schema: PatchSchema,
  options: DiffOptions,
): void {
  if (deepEqual(before, after) && !knows(schema, key)) return;
  const field = schema.field(key);
  if (field.strategy !== 'merge') {
    if (!options.ignoreChangesAndAdditions && !deepEqual(before, after)) setField(patch, key, [...after]);
    return;
  }
  const { changes, deletions, order } = diffLists(before, after, field.schema, field.mergeKey, {
    ...options,
    retainKeys: field.retainKeys,
  });
  if (changes.length > 0) setField(patch, key, changes);
  if (deletions.length > 0) patch[deleteFromPrimitiveListKey(key)] = deletions;
  if (order.length > 0) patch[setElementOrderKey(key)] = order;
}

interface ListDiff {
  readonly changes: Json[];
  /** Scalars that are gone. */
  readonly deletions: Json[];
  readonly order: Json[];
}

function diffLists(
  before: readonly Json[],
  after: readonly Json[],
  schema: PatchSchema,
  mergeKey: string,
  options: DiffOptions,
): ListDiff {
  const { ignoreChangesAndAdditions = false, ignoreDeletions = false, setElementOrder = false } = options;
  if (before.length === 0) {
    return { changes: ignoreChangesAndAdditions ? [] : [...after], deletions: [], order: [] };
  }
  if (elementKind(before, after) === 'scalar') {
    const gone = ignoreDeletions ? [] : deduplicate(sortScalars(without(before, after)));
    const added = ignoreChangesAndAdditions ? [] : without(after, before);
    const ordered =
      setElementOrder && (gone.length > 0 || (!ignoreChangesAndAdditions && !deepEqual(before, after)));
    return { changes: sortLike(added, after, ''), deletions: gone, order: ordered ? [...after] : [] };
  }
  const { changed, removed } = diffItems(before, after, schema, mergeKey, options);
  const changes = [...sortLike(changed, after, mergeKey), ...removed];
  const sameOrder =
    before.length === after.length &&
    after.every((item, index) => deepEqual(mergeKeyOf(before[index]!, mergeKey), mergeKeyOf(item, mergeKey)));
  const ordered =
    setElementOrder &&
    ((!ignoreChangesAndAdditions && (changes.length > 0 || !sameOrder)) ||
      (!ignoreDeletions && changes.length > 0));
  return {
    changes,
    deletions: [],
    order: ordered ? after.map((item) => ({ [mergeKey]: mergeKeyOf(item, mergeKey) })) : [],
  };
}

function diffItems(
  before: readonly Json[],
  after: readonly Json[],
  schema: PatchSchema,
  mergeKey: string,
  options: DiffOptions,
): { changed: Json[]; removed: Json[] } {
  const key = (item: Json) => goValue(mergeKeyOf(item, mergeKey));
  const byKey = (items: readonly Json[]) => [...items].sort((a, b) => compare(key(a), key(b)));
  const changed: Json[] = [];
  const removed: Json[] = [];
  const originals = byKey(before);
  const modifieds = byKey(after);
  let [i, j] = [0, 0];
  while (i < originals.length || j < modifieds.length) {
    const original = originals[i];
    const modified = modifieds[j];
    const order =
      original === undefined ? 1 : modified === undefined ? -1 : compare(key(original), key(modified));
    if (order === 0) {
      const patch = diffMaps(original as JsonObject, modified as JsonObject, schema, options);
      if (Object.keys(patch).length > 0) {
        changed.push({ ...patch, [mergeKey]: mergeKeyOf(modified!, mergeKey) });
      }
      i++;
      j++;
    } else if (order > 0) {
      if (!options.ignoreChangesAndAdditions) changed.push(modified!);
      j++;
    } else {
      if (!options.ignoreDeletions) {
        removed.push({ [PATCH]: 'delete', [mergeKey]: mergeKeyOf(original!, mergeKey) });
      }
      i++;
    }
  }
  return { changed, removed };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const sortScalars = (list: readonly Json[]) => [...list].sort((a, b) => compare(goValue(a), goValue(b)));

/** Items of one list that another has not, counting repetitions. */
function without(list: readonly Json[], other: readonly Json[]): Json[] {
  const rest = [...other];
  return list.filter((item) => {
    const index = rest.findIndex((candidate) => deepEqual(candidate, item));
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}
