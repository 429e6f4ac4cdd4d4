import { deepCopy, deepEqual, setField } from '../copy.ts';
import type { Json, JsonObject } from '../object.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Applies a JSON merge patch (RFC 7386) to a copy of `document`: null removes, objects merge. */
export function applyMergePatch(document: Json, patch: Json): Json {
  if (!isObject(patch)) return deepCopy(patch);
  const result: JsonObject = isObject(document) ? deepCopy(document) : {};
  for (const key of Object.keys(patch)) {
    const value = patch[key]!;
    if (value === null) delete result[key];
    else setField(result, key, applyMergePatch(Object.hasOwn(result, key) ? result[key]! : null, value));
  }
  return result;
}

/** The merge patch that makes `modified` of `original`. Models jsonpatch.CreateMergePatch. */
export function createMergePatch(original: JsonObject, modified: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of Object.keys(modified)) {
    const after = modified[key]!;
    const before = Object.hasOwn(original, key) ? original[key] : undefined;
    if (isObject(before) && isObject(after)) {
      const inner = createMergePatch(before, after);
      if (Object.keys(inner).length > 0) setField(patch, key, inner);
    } else if (!deepEqual(before, after)) {
      setField(patch, key, deepCopy(after));
    }
  }
  for (const key of Object.keys(original)) {
    if (!Object.hasOwn(modified, key)) setField(patch, key, null);
  }
  return patch;
}

/**
 * The merge patch of an apply for a type without schema: what `modified` wants to be other than
 * `current`, and null for what `original` had and `modified` has not.
 *
 * Models k8s.io/apimachinery/pkg/util/jsonmergepatch CreateThreeWayJSONMergePatch.
 */
export function createThreeWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
): JsonObject {
  const changed = keep(createMergePatch(current, modified), false);
  const removed = keep(createMergePatch(original, modified), true);
  return applyTogether(changed, removed);
}

/** Only the nulls of a patch, or all but them. */
function keep(patch: JsonObject, nulls: boolean): JsonObject {
  const kept: JsonObject = {};
  for (const key of Object.keys(patch)) {
    const value = patch[key]!;
    if (isObject(value)) {
      const inner = keep(value, nulls);
      if (Object.keys(inner).length > 0 || (!nulls && Object.keys(value).length === 0)) {
        setField(kept, key, inner);
      }
    } else if ((value === null) === nulls) {
      setField(kept, key, value);
    }
  }
  return kept;
}

function applyTogether(first: JsonObject, second: JsonObject): JsonObject {
  const result: JsonObject = { ...first };
  for (const key of Object.keys(second)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    const value = second[key]!;
    setField(result, key, isObject(before) && isObject(value) ? applyTogether(before, value) : value);
  }
  return result;
}
