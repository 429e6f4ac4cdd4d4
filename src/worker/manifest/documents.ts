import type { Document, Node, Pair, Scalar, Tags, YAMLMap } from 'yaml';
import { isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { ObjectSchema } from '../simulator.ts';
import type { Kinds } from './kinds.ts';

/** "spec", 0, "name": fields and the places in lists. */
export type Path = readonly (string | number)[];

/**
 * The documents of a text, read as kubectl does: yes and on are booleans, times are texts. What cannot be read is in
 * their errors; the rest is there.
 */
export function parseDocuments(text: string): readonly Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    prettyErrors: false,
    logLevel: 'silent',
    customTags: (tags: Tags) =>
      tags.filter(
        (tag) =>
          typeof tag === 'string' ||
          (!('format' in tag && tag.format === 'TIME') && tag.tag !== 'tag:yaml.org,2002:timestamp'),
      ),
  });
  return Array.isArray(documents) ? documents : [];
}

/** The objects of a document: itself, or what a List holds. */
export function objectsOf(document: Document.Parsed): readonly YAMLMap[] {
  const { contents } = document;
  if (!isMap(contents)) return [];
  const items = contents.get('items', true);
  if (textOf(contents, 'kind') !== 'List' || !isSeq(items)) return [contents];
  return items.items.filter((item) => isMap(item));
}

/** The text of a field of an object; undefined if it is none. */
export function textOf(object: YAMLMap, field: string): string | undefined {
  const value: unknown = object.get(field);
  return typeof value === 'string' ? value : undefined;
}

/** The type of a manifest, by its apiVersion and kind; undefined if none of `kinds` is called so. */
export function schemaFor(object: YAMLMap, kinds: Kinds): ObjectSchema | undefined {
  const [apiVersion, kind] = [textOf(object, 'apiVersion'), textOf(object, 'kind')];
  return kinds.find((row) => row.apiVersion === apiVersion && row.kind === kind)?.schema;
}

/** "spec.containers[0].image". */
export function formatPath(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}

/** Where a node's own text begins and ends. */
export function extentOf(node: Node | null | undefined): { from: number; to: number } {
  const [from, to] = node?.range ?? [0, 0];
  return { from, to };
}

/** A field with a key that is a text, below `node`. */
export interface FoundField {
  readonly path: Path;
  readonly pair: Pair<Scalar<string>, Node | null>;
  readonly parent: YAMLMap;
}

/** All fields below a node, each with its path. */
export function* fieldsIn(node: unknown, path: Path = []): Generator<FoundField> {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) yield* fieldsIn(item, [...path, index]);
  } else if (isMap(node)) {
    for (const pair of node.items) {
      if (!isScalar(pair.key) || typeof pair.key.value !== 'string') continue;
      const found = [...path, pair.key.value];
      yield { path: found, pair: pair as FoundField['pair'], parent: node };
      yield* fieldsIn(pair.value, found);
    }
  }
}
