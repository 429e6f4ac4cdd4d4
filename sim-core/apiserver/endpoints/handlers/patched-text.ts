import { setField } from '../../../apimachinery/copy.ts';
import { managedFieldsText, metadataText } from '../../../apimachinery/managedfields/object-text.ts';
import type { Json, JsonObject, ObjectMeta } from '../../../apimachinery/object.ts';
import type { JsonPatchOperation } from '../../../apimachinery/patch/json-patch.ts';

/** What of an object a patch looked into; the rest is as it was written. */
export interface Touched {
  readonly [field: string]: Touched;
}

export function touchedByMerge(patch: JsonObject): Touched {
  return Object.fromEntries(
    Object.entries(patch).flatMap(([field, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? [[field, touchedByMerge(value)]]
        : [],
    ),
  );
}

export function touchedByOperations(operations: readonly JsonPatchOperation[]): Touched {
  const root: Record<string, Record<string, never>> = {};
  for (const { path, from } of operations) {
    for (const pointer of [path, from]) {
      let node = root as Record<string, Record<string, never>>;
      for (const part of typeof pointer === 'string' ? pointer.split('/').slice(1, -1) : []) {
        node = (node[part.replaceAll('~1', '/').replaceAll('~0', '~')] ??= {}) as typeof node;
      }
    }
  }
  return root;
}

/**
 * A patched object as Go writes it: fields in the order of the alphabet where the patch looked, else in that of
 * the types. It stands in the message for a patched object that cannot be decoded.
 */
export function patchedText(value: Json, touched: Touched | undefined, field = ''): string {
  if (typeof value !== 'object' || value === null) return raw(value);
  if (Array.isArray(value)) return field === 'managedFields' ? escaped(managedFieldsText(value)) : raw(value);
  if (touched === undefined) {
    return field === 'metadata' ? escaped(metadataText(value as unknown as ObjectMeta)) : raw(value);
  }
  const fields = Object.keys(value)
    .sort()
    .map((key) => {
      const below = Object.hasOwn(touched, key) ? touched[key] : undefined;
      return `${raw(key)}:${patchedText(value[key]!, below, key)}`;
    });
  return `{${fields.join(',')}}`;
}

/** The value with the keys of all its objects sorted: of what a merge patch brings, and of custom objects. */
export function withSortedKeys<T extends Json>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withSortedKeys) as Json as T;
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) setField(sorted, key, withSortedKeys(value[key]!));
  return sorted as T;
}

/** The same of a custom object, which Go holds as a map, in and out. */
export function customText({ metadata, ...rest }: JsonObject): string {
  const { managedFields, ...others } = (metadata ?? {}) as { managedFields?: Json[] } & JsonObject;
  const entries = managedFields && (JSON.parse(managedFieldsText(managedFields)) as Json);
  const whole = {
    ...rest,
    metadata: { ...others, ...(entries !== undefined && { managedFields: entries }) },
  };
  return raw(withSortedKeys(whole as JsonObject));
}

const raw = (value: Json) => escaped(JSON.stringify(value));

function escaped(text: string): string {
  return text.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

/** The object with the keys of its maps sorted, as Go writes them: of those that hold texts, at two levels. */
export function withSortedMaps({ ...object }: JsonObject): JsonObject {
  for (const field of ['data', 'binaryData', 'stringData']) sortIn(object, field);
  const { metadata } = object;
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)) {
    const sorted = { ...metadata };
    for (const field of ['labels', 'annotations']) sortIn(sorted, field);
    object['metadata'] = sorted;
  }
  return object;
}

function sortIn(object: JsonObject, field: string): void {
  const map = object[field];
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return;
  const sorted: JsonObject = {};
  for (const key of Object.keys(map).sort()) setField(sorted, key, map[key]);
  object[field] = sorted;
}
