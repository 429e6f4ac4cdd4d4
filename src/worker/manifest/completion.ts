import type { YAMLMap } from 'yaml';
import { isMap, isScalar } from 'yaml';
import type { ManifestCompletion, ManifestItem } from '../protocol.ts';
import type { Descriptions, FieldSchema, ObjectSchema, TypeSchema } from '../simulator.ts';
import type { Kinds } from './kinds.ts';
import type { FoundField, Path } from './documents.ts';
import { fieldsIn, objectsOf, parseDocuments, schemaFor, textOf } from './documents.ts';
import { choicesIn, formatType, typeAt } from './types.ts';

/** Stands for the word at the cursor while the text is read: half a line is no YAML. */
const MARK = 'xCursorx';
const WORD = /[\w./-]*$/;
/** A line in which a key is being written, perhaps the first of a list's item. */
const KEY_LINE = /^\s*(?:-\s+)*[\w./-]*$/;
const VALUE_LINE = /^\s*(?:-\s+)*[\w./-]+:\s+[\w./-]*$/;
/** What every manifest has, before its kind is known. */
const TOP: readonly ManifestItem[] = ['apiVersion', 'kind', 'metadata', 'spec'].map((label) => ({
  label,
  insert: ['metadata', 'spec'].includes(label) ? `${label}:\n  ` : `${label}: `,
  detail: '',
  description: '',
}));

/** What may stand at an offset of a text. */
export function complete(
  text: string,
  offset: number,
  kinds: Kinds,
  texts: Descriptions,
): ManifestCompletion {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const from = offset - WORD.exec(line)![0].length;
  const rest = /^[\w./-]*/.exec(text.slice(offset))![0].length;
  const to = offset + rest;
  const isKey = KEY_LINE.test(line);
  if (!isKey && !VALUE_LINE.test(line)) return { from, to, items: [] };
  const hasColon = /^\s*:/.test(text.slice(to));
  const marked = `${text.slice(0, from)}${MARK}${isKey && !hasColon ? ':' : ''}${text.slice(to)}`;
  for (const object of parseDocuments(marked).flatMap(objectsOf)) {
    for (const field of fieldsIn(object)) {
      if (isKey && field.pair.key.value === MARK)
        return { from, to, items: keysAt(object, field, kinds, texts, hasColon) };
      if (!isKey && isScalar(field.pair.value) && field.pair.value.value === MARK)
        return { from, to, items: valuesAt(object, field, kinds, texts) };
    }
  }
  return { from, to, items: [] };
}

function keysAt(
  object: YAMLMap,
  { path, parent }: FoundField,
  kinds: Kinds,
  texts: Descriptions,
  hasColon: boolean,
): readonly ManifestItem[] {
  const present = new Set(parent.items.map(({ key }) => (isScalar(key) ? key.value : undefined)));
  const around = path.slice(0, -1);
  const schema = schemaFor(object, kinds);
  if (schema === undefined) return around.length === 0 ? TOP.filter(({ label }) => !present.has(label)) : [];
  const found = typeAt(schema, around);
  // A list whose first item is only begun is read as an object.
  const inList = found?.type.type === 'array';
  const type = found?.type.type === 'array' ? found.type.items : found?.type;
  if (type?.type !== 'object') return [];
  return [...type.schema.fields.values()]
    .filter(({ name }) => !present.has(name))
    .sort((a, b) => Number(b.required) - Number(a.required))
    .map((field) => {
      const { name, required, type: own } = field;
      const insert = hasColon ? name : `${name}:${beginOf(own)}`;
      return {
        label: name,
        insert: inList ? `- ${insert}` : insert,
        detail: formatType(own) + (required ? ', required' : ''),
        description: texts.describe(type.schema.name, name),
      };
    });
}

/** What follows a key: the value in its line, a block below it, or a list's first item. */
function beginOf(type: TypeSchema): string {
  if (type.type === 'scalar') return ' ';
  return type.type === 'array' ? '\n  - ' : '\n  ';
}

function valuesAt(
  object: YAMLMap,
  { path }: FoundField,
  kinds: Kinds,
  texts: Descriptions,
): readonly ManifestItem[] {
  const named = path.length === 1 ? identityValues(object, path, kinds) : undefined;
  if (named !== undefined) return named;
  const schema = schemaFor(object, kinds);
  const found = schema && typeAt(schema, path);
  if (found?.type.type !== 'scalar') return [];
  if (found.type.scalar === 'boolean') return ['true', 'false'].map((label) => itemOf(label, 'boolean'));
  return choicesOf(found.owner, found.field, texts).map((label) => itemOf(label, formatType(found.type)));
}

function choicesOf(
  owner: ObjectSchema | undefined,
  field: FieldSchema | undefined,
  texts: Descriptions,
): readonly string[] {
  if (owner === undefined || field === undefined) return [];
  return texts.enumOf(owner.name, field.name) ?? choicesIn(texts.describe(owner.name, field.name));
}

/** Values of apiVersion and kind; the one that stands there narrows the other. */
function identityValues(object: YAMLMap, [name]: Path, rows: Kinds): readonly ManifestItem[] | undefined {
  if (!isMap(object)) return undefined;
  const other = name === 'kind' ? textOf(object, 'apiVersion') : textOf(object, 'kind');
  if (name === 'kind') {
    const known = rows.some(({ apiVersion }) => apiVersion === other);
    return rows
      .filter(({ apiVersion }) => !known || apiVersion === other)
      .map(({ kind, apiVersion }) => itemOf(kind, apiVersion));
  }
  if (name !== 'apiVersion') return undefined;
  const known = rows.some(({ kind }) => kind === other);
  const versions = rows.filter(({ kind }) => !known || kind === other).map(({ apiVersion }) => apiVersion);
  return [...new Set(versions)].map((version) => itemOf(version, ''));
}

function itemOf(label: string, detail: string): ManifestItem {
  return { label, insert: label, detail, description: '' };
}
