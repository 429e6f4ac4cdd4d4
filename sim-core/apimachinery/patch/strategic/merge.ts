import { deepCopy, deepEqual, setField } from '../../copy.ts';
import { goText, goValue } from '../../go-values.ts';
import type { Json, JsonObject } from '../../object.ts';
import {
  BAD_FORMAT,
  badType,
  elementKind,
  fieldOfDirective,
  isDeleteFromPrimitiveList,
  isObject,
  isSetElementOrder,
  mergeKeyOf,
  PATCH,
  RETAIN_KEYS,
  StrategicPatchError,
} from './directives.ts';
import { deduplicate, indexOf, mergeOrder } from './order.ts';
import type { PatchField, PatchSchema } from './patch-schema.ts';

/** What a merge is for: to change an object, or to join two patches into one. */
export interface MergeOptions {
  /** Directives about lists are carried out; else they stay in the joined patch. */
  readonly applyDirectives: boolean;
  /** A null for a field that is missing is dropped; else it stays in the joined patch. */
  readonly dropNulls: boolean;
}

/**
 * Applies a strategic merge patch to `original`, which stays as it is; the result shares with it what the patch
 * leaves alone. Throws a StrategicPatchError.
 * Models k8s.io/apimachinery/pkg/util/strategicpatch StrategicMergeMapPatch.
 */
export function applyStrategicMergePatch(
  original: JsonObject,
  patch: JsonObject,
  schema: PatchSchema,
): JsonObject {
  const options = { applyDirectives: true, dropNulls: true };
  return mergeMap(copyAlong(original, patch), deepCopy(patch), schema, options);
}

/** A copy of `original` as far as `patch` may change it; what it does not name is shared. */
function copyAlong(original: JsonObject, patch: JsonObject): JsonObject {
  const copy: JsonObject = {};
  for (const key in original) setField(copy, key, original[key]);
  for (const patchKey in patch) {
    const isOfList = isSetElementOrder(patchKey) || isDeleteFromPrimitiveList(patchKey);
    const key = isOfList ? patchKey.slice(patchKey.indexOf('/') + 1) : patchKey;
    if (!Object.hasOwn(original, key)) continue;
    const before = original[key]!;
    const change = patch[patchKey]!;
    const isMap = key === patchKey && isObject(before) && isObject(change);
    setField(copy, key, isMap ? copyAlong(before, change) : deepCopy(before));
  }
  return copy;
}

/** Merges `patch` into `original`; both are changed. */
export function mergeMap(
  original: JsonObject,
  patch: JsonObject,
  schema: PatchSchema,
  options: MergeOptions,
): JsonObject {
  const directive = patch[PATCH];
  if (directive !== undefined) {
    delete patch[PATCH];
    if (directive === 'replace') return patch;
    if (directive === 'delete') return {};
    throw new StrategicPatchError(
      `unknown patch type: ${goText(directive)} in map: ${goValue({ ...patch, [PATCH]: directive })}`,
    );
  }
  retainKeys(original, patch, options);
  orderLists(original, patch, schema, options);

  for (const patchKey of Object.keys(patch)) {
    const value = patch[patchKey]!;
    const deletesFromList = isDeleteFromPrimitiveList(patchKey);
    if (deletesFromList && !options.applyDirectives) {
      original[patchKey] = value;
      continue;
    }
    const key = deletesFromList ? fieldOfDirective(patchKey) : patchKey;
    if (value === null) {
      delete original[key];
      if (options.dropNulls) continue;
    }
    const before = Object.hasOwn(original, key) ? original[key]! : undefined;
    if (before === undefined || !sameType(before, value)) {
      if (deletesFromList) continue;
      if (options.dropNulls) discardNulls(value);
      put(original, key, value);
    } else if (isObject(before) && isObject(value)) {
      const field = schema.field(key);
      setField(
        original,
        key,
        field.strategy === 'replace' ? value : mergeMap(before, value, field.schema, options),
      );
    } else if (Array.isArray(before) && Array.isArray(value)) {
      const field = schema.field(key);
      setField(
        original,
        key,
        field.strategy === 'merge' || deletesFromList
          ? mergeList(before, value, field, options, deletesFromList)
          : value,
      );
    } else {
      put(original, key, value);
    }
  }
  return original;
}

/** Sets a field to what is left of a value without directives. */
function put(target: JsonObject, key: string, value: Json): void {
  const kept = withoutDirectives(value);
  if (kept === undefined) delete target[key];
  else setField(target, key, kept);
}

function sameType(a: Json, b: Json): boolean {
  return a !== null && b !== null && typeof a === typeof b && Array.isArray(a) === Array.isArray(b);
}

/** A value without the objects that hold a $patch; undefined if it is one itself. */
function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    return value.map(withoutDirectives).filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, PATCH)) return undefined;
  const result: JsonObject = {};
  for (const key of Object.keys(value)) {
    const kept = withoutDirectives(value[key]!);
    if (kept !== undefined) setField(result, key, kept);
  }
  return result;
}

function discardNulls(value: Json): void {
  if (Array.isArray(value)) value.forEach(discardNulls);
  else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      if (value[key] === null) delete value[key];
      else discardNulls(value[key]!);
    }
  }
}

/** $retainKeys: of the original only these fields stay. Models applyRetainKeysDirective. */
function retainKeys(original: JsonObject, patch: JsonObject, options: MergeOptions): void {
  const keys = patch[RETAIN_KEYS];
  if (keys === undefined) return;
  delete patch[RETAIN_KEYS];
  if (!options.applyDirectives) {
    const before = original[RETAIN_KEYS];
    if (before !== undefined && !deepEqual(before, keys)) {
      throw new StrategicPatchError(
        `${goValue(before)} and ${goValue(keys)} are not deep equal: this may happen when calculating the 3-way diff patch`,
      );
    }
    original[RETAIN_KEYS] = keys;
    return;
  }
  if (!Array.isArray(keys)) throw new StrategicPatchError(BAD_FORMAT.retainKeys);
  for (const key of Object.keys(patch)) {
    if (patch[key] === null || isDeleteFromPrimitiveList(key) || isSetElementOrder(key)) continue;
    if (!keys.includes(key)) throw new StrategicPatchError(BAD_FORMAT.retainKeys);
  }
  for (const key of Object.keys(original)) if (!keys.includes(key)) delete original[key];
}

/** $setElementOrder: merges the lists that it is about, in its order. Models mergePatchIntoOriginal. */
function orderLists(
  original: JsonObject,
  patch: JsonObject,
  schema: PatchSchema,
  options: MergeOptions,
): void {
  for (const directive of Object.keys(patch).filter(isSetElementOrder)) {
    const order = patch[directive]!;
    if (!options.applyDirectives) {
      if (original[directive] !== undefined && !deepEqual(original[directive], order)) {
        throw new StrategicPatchError(BAD_FORMAT.setElementOrder);
      }
      original[directive] = order;
    }
    delete patch[directive];
    if (!Array.isArray(order)) throw badType('[]interface {}', order);

    const key = fieldOfDirective(directive);
    const before = listIn(original, key);
    const changes = listIn(patch, key);
    const field = schema.field(key);
    checkOrder(changes ?? [], order, field.mergeKey);
    let merged: Json[];
    if (before === undefined && changes === undefined) continue;
    else if (changes === undefined) merged = before!;
    else if (before === undefined) merged = withoutDirectives(changes) as Json[];
    else {
      merged =
        field.strategy === 'merge' ? mergeList(deepCopy(before), changes, field, options, false) : changes;
    }
    if ((before?.length ?? 0) + (changes?.length ?? 0) === 0) elementKind();
    setField(original, key, mergeOrder(merged, order, before ?? [], field.mergeKey));
    delete patch[key];
  }
}

function listIn(object: JsonObject, key: string): Json[] | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  if (value !== undefined && !Array.isArray(value)) throw badType('[]interface {}', value);
  return value;
}

/** The items of a patch must stand in the order that it asks for. Models validatePatchWithSetOrderList. */
function checkOrder(changes: readonly Json[], order: readonly Json[], mergeKey: string): void {
  if (changes.length === 0 || order.length === 0) return;
  const kept = changes.filter((item) => !(isObject(item) && Object.hasOwn(item, PATCH)));
  let next = 0;
  for (const place of order) {
    if (next === kept.length) return;
    const item = kept[next]!;
    const equal =
      mergeKey === ''
        ? deepEqual(item, place)
        : deepEqual(mergeKeyOf(item, mergeKey), mergeKeyOf(place, mergeKey));
    if (equal) next++;
  }
  if (next < kept.length) {
    throw new StrategicPatchError(
      `The order in patch list:\n${goValue([...changes])}\n doesn't match $setElementOrder list:\n${goValue([...order])}\n`,
    );
  }
}

function mergeList(
  original: Json[],
  patch: Json[],
  field: PatchField,
  options: MergeOptions,
  deletes: boolean,
): Json[] {
  if (original.length === 0 && patch.length === 0) return original;
  if (elementKind(original, patch) === 'scalar') {
    if (options.applyDirectives && deletes) return original.filter((item) => !patch.includes(item));
    return mergeOrder(deduplicate([...original, ...patch]), patch, original, '');
  }
  const { mergeKey } = field;
  if (mergeKey === '') {
    throw new StrategicPatchError(`cannot merge lists without merge key for ${field.schema.name}`);
  }
  const { kept, changes } = withSpecialItems(original, patch, mergeKey);
  const merged = [...kept];
  for (const change of changes as JsonObject[]) {
    mergeKeyOf(change, mergeKey);
    const index = indexOf(merged, change, mergeKey);
    if (index < 0) merged.push(change);
    else merged[index] = mergeMap(merged[index] as JsonObject, change, field.schema, options);
  }
  return mergeOrder(merged, changes, kept, mergeKey);
}

/** Items of a patch that delete an item, or replace the list. Models mergeSliceWithSpecialElements. */
function withSpecialItems(
  original: Json[],
  patch: Json[],
  mergeKey: string,
): { kept: Json[]; changes: Json[] } {
  let kept = original;
  const changes: Json[] = [];
  let replace = false;
  for (const item of patch as JsonObject[]) {
    const directive = item[PATCH];
    if (directive === undefined) changes.push(item);
    else if (directive === 'delete') {
      mergeKeyOf(item, mergeKey);
      kept = kept.filter((candidate) => indexOf([item], candidate, mergeKey) < 0);
    } else if (directive === 'replace') replace = true;
    else if (directive === 'merge') {
      throw new StrategicPatchError('merging lists cannot yet be specified in the patch');
    } else {
      throw new StrategicPatchError(`unknown patch type: ${goText(directive)} in map: ${goValue(item)}`);
    }
  }
  return replace ? { kept: changes, changes: [] } : { kept, changes };
}
