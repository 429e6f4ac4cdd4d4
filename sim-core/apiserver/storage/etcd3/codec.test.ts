import { expect, test } from 'vitest';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { ObjectCodec } from './codec.ts';

const OBJECT: KubeObject = {
  kind: 'Widget',
  apiVersion: 'example.com/v1',
  metadata: { uid: '1', name: 'w' },
  spec: { b: '<', a: [{ d: 1, c: 2 }] },
};

test('what has a type is stored in the order of its structure', () => {
  const codec = new ObjectCodec({ fillDefaults: () => {} });
  expect(codec.encode('/w', OBJECT).text).toBe(
    '{"kind":"Widget","apiVersion":"example.com/v1","metadata":{"name":"w","uid":"1"},' +
      '"spec":{"b":"<","a":[{"d":1,"c":2}]}}',
  );
});

test('a custom object is stored as Go writes a map: all keys sorted, a line of its own', () => {
  const codec = new ObjectCodec({ fillDefaults: () => {}, isCustom: true });
  const written = codec.encode('/w', OBJECT);
  expect(written.text).toBe(
    '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w","uid":"1"},' +
      '"spec":{"a":[{"c":2,"d":1}],"b":"\\u003c"}}\n',
  );
  const kv = { key: '/w', value: written.text, createRevision: 2, modRevision: 2, version: 1, lease: '0' };
  const read = new ObjectCodec({ fillDefaults: () => {}, isCustom: true }).decode(kv);
  expect(read).toEqual({ ...OBJECT, metadata: { ...OBJECT.metadata, resourceVersion: '2' } });
});
