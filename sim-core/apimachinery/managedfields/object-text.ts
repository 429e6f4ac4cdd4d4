import type { Json, KubeObject, ObjectMeta } from '../object.ts';
import { fieldSetText } from '../structured-merge-diff/field-set-text.ts';
import type { ManagedFieldsEntry } from './entry.ts';

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
  const meta = `"metadata":${metadataText(metadata)}`;
  const below = JSON.stringify(rest);
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
  const who = `{"manager":${quoted(manager)},"operation":"${operation}","apiVersion":"${apiVersion}"`;
  const when = time === undefined ? '' : `,"time":"${time}"`;
  const where = subresource === undefined ? '' : `,"subresource":${quoted(subresource)}`;
  return `${who}${when},"fieldsType":"FieldsV1","fieldsV1":${fieldSetText(fieldsV1)}${where}}`;
}

/** Nearly all managers' names mean themselves. */
const PLAIN = /^[\w.@/-]*$/;

const quoted = (name: string) => (PLAIN.test(name) ? `"${name}"` : JSON.stringify(name));
