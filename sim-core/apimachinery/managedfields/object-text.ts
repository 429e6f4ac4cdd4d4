import type { Json, KubeObject, ObjectMeta } from '../object.ts';
import { inElementOrder } from '../structured-merge-diff/field-set.ts';
import type { ManagedFieldsEntry } from './entry.ts';

/** Texts of lists and sets that never change: many writes and answers show the same ones. */
const LISTS = new WeakMap<readonly Json[], string>();
const SETS = new WeakMap<object, string>();

/**
 * `"metadata":{…},"spec":{…},…}`: the JSON of an object but for kind and apiVersion, fields in their order,
 * managed fields last in the metadata.
 */
export function textBelowKind({
  kind: _kind,
  apiVersion: _apiVersion,
  metadata,
  ...rest
}: KubeObject): string {
  const below = JSON.stringify(rest);
  const meta = `"metadata":${metadataText(metadata)}`;
  return below === '{}' ? `${meta}}` : `${meta},${below.slice(1)}`;
}

/** The JSON of an object's metadata, managed fields last. */
export function metadataText(metadata: ObjectMeta): string {
  const { managedFields } = metadata;
  if (managedFields === undefined) return JSON.stringify(metadata);
  const { managedFields: _managedFields, ...others } = metadata;
  const text = JSON.stringify(others);
  return `${text.slice(0, -1)}${text === '{}' ? '' : ','}"managedFields":${listText(managedFields)}}`;
}

function listText(list: readonly Json[]): string {
  let text = LISTS.get(list);
  if (text === undefined) {
    text = `[${list.map((entry) => entryText(entry as unknown as ManagedFieldsEntry)).join(',')}]`;
    if (Object.isFrozen(list)) LISTS.set(list, text);
  }
  return text;
}

function entryText(entry: ManagedFieldsEntry): string {
  const { fieldsV1 } = entry;
  if (typeof fieldsV1 !== 'object') return JSON.stringify(entry);
  let fields = SETS.get(fieldsV1);
  if (fields === undefined) {
    fields = JSON.stringify(inElementOrder(fieldsV1));
    SETS.set(fieldsV1, fields);
  }
  const { subresource, fieldsV1: _fieldsV1, ...before } = entry;
  const text = `${JSON.stringify(before).slice(0, -1)},"fieldsV1":${fields}`;
  return subresource === undefined ? `${text}}` : `${text},"subresource":${JSON.stringify(subresource)}}`;
}
