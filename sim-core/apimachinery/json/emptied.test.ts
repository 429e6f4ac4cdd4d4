import { expect, test } from 'vitest';
import { schemaOf } from '../schema/schema.ts';
import { decodeObject } from './decode.ts';
import { hasEmptied, isEmptied } from './emptied.ts';
import { parseJson } from './parse.ts';

test('isEmptied tells what was empty from what was missing', () => {
  const text = '{"metadata":{"labels":{},"annotations":{"a":"b"},"finalizers":[]},"data":{}}';
  const { object } = decodeObject(parseJson(text), schemaOf('io.k8s.api.core.v1.ConfigMap')!);
  const metadata = object['metadata'] as object;
  expect(Object.keys(metadata)).toEqual(['annotations']);
  expect(isEmptied(metadata, 'labels')).toBe(true);
  expect(isEmptied(metadata, 'finalizers')).toBe(true);
  expect(isEmptied(metadata, 'annotations')).toBe(false);
  expect(isEmptied(object, 'data')).toBe(true);
  expect(isEmptied(object, 'binaryData')).toBe(false);
  expect(hasEmptied({ nested: [metadata] })).toBe(true);
  expect(hasEmptied({ nested: [{ a: 'b' }], none: null })).toBe(false);
  expect(JSON.stringify(object)).not.toContain('labels');
});
