import type { Json, KubeObject, ObjectMeta } from '../object.ts';
import { fieldSetText } from '../structured-merge-diff/field-set-text.ts';
import type { ManagedFieldsEntry } from './entry.ts';

/**
 * `"metadata":{…},"spec":{…},…}`: the JSON of an object but for kind and apiVersion, fields in their order,
 * managed fields last in the metadata.
 */
export function textBelowKind(object: KubeObject): string {
  const kept = KEPT.get(object);
  if (kept !== undefined) KEPT.delete(object);
  return join(object, kept ?? textBelowMetadata(object));
}

/** What stands below the metadata of objects whose text is wanted once more. */
const KEPT = new WeakMap<KubeObject, string>();

/** The same, of an object whose text will be wanted once more with nothing but its metadata changed. */
export function firstTextBelowKind(object: KubeObject): string {
  const below = textBelowMetadata(object);
  KEPT.set(object, below);
  return join(object, below);
}

function textBelowMetadata(object: KubeObject): string {
  const { kind: _kind, apiVersion: _apiVersion, metadata: _metadata, ...rest } = object;
  return JSON.stringify(rest);
}

function join({ metadata }: KubeObject, below: string): string {
  const meta = `"metadata":${metadataText(metadata)}`;
  return below === '{}' ? `${meta}}` : `${meta},${below.slice(1)}`;
}

/** The JSON of an object's metadata, managed fields last. */
export function metadataText(metadata: ObjectMeta): string {
  const { managedFields, ...others } = metadata;
  if (managedFields === undefined) return JSON.stringify(metadata);
  const text = JSON.stringify(others);
  return `${text.slice(0, -1)}${text === '{}' ? '' : ','}"managedFields":${managedFieldsText(managedFields)}}`;
}

/** The JSON of managed fields, the fields in their order. */
export function managedFieldsText(list: readonly Json[]): string {
  let text = '';
  for (const entry of list) {
    text += `${text === '' ? '[' : ','}${entryText(entry as unknown as ManagedFieldsEntry)}`;
  }
  return text === '' ? '[]' : `${text}]`;
}

/** By hand, since the text of the fields is known already; other shapes come from clients and are written as they are. */
function entryText(entry: ManagedFieldsEntry): string {
  const { manager, operation, apiVersion, time, fieldsType, fieldsV1, subresource } = entry;
  if (fieldsType !== 'FieldsV1' || typeof fieldsV1 !== 'object') return JSON.stringify(entry);
  const who = `{"manager":${JSON.stringify(manager)},"operation":"${operation}","apiVersion":"${apiVersion}"`;
  const when = time === undefined ? '' : `,"time":"${time}"`;
  const where = subresource === undefined ? '' : `,"subresource":${JSON.stringify(subresource)}`;
  return `${who}${when},"fieldsType":"FieldsV1","fieldsV1":${fieldSetText(fieldsV1)}${where}}`;
}
