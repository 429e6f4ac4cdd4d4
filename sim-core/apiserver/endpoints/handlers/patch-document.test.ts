import { describe, expect, test } from 'vitest';
import { parsedValue, parseJson } from '../../../apimachinery/json/parse.ts';
import { duplicateFields } from '../../../apimachinery/json/decode.ts';
import { DuplicatesKept, readJsonPatch, readObjectPatch } from './patch-document.ts';
import { patchedText, touchedByMerge, touchedByOperations } from './patched-text.ts';
import { unstructuredMessage } from './unstructured-message.ts';

describe('readJsonPatch', () => {
  test.each([
    [
      '{}',
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    ],
    ['[1]', 'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp'],
    [
      '[{"op":1}]',
      'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string',
    ],
    ['[', 'error decoding patch: unexpected end of JSON input'],
  ])('refuses %s', (body, message) => {
    expect(() => readJsonPatch(body)).toThrow(expect.objectContaining({ code: 400, message }));
  });

  test('refuses more than ten thousand operations', () => {
    const body = `[${Array(10_001).fill('{}').join(',')}]`;
    expect(() => readJsonPatch(body)).toThrow(
      expect.objectContaining({
        code: 413,
        message:
          'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
      }),
    );
  });

  test('complains of fields that no operation has', () => {
    expect(readJsonPatch('[{"op":"test","path":"/a","extra":1}]').strictErrors).toEqual([
      'json patch unknown field "[0].extra"',
    ]);
  });
});

test('DuplicatesKept copies values with what they repeat', () => {
  const { value, duplicates } = parseJson('{"value":[{"x":"1","x":"2"}]}');
  const kept = new DuplicatesKept(duplicates);
  const copy = kept.copy(value);
  expect(copy).toEqual({ value: [{ x: '2' }] });
  expect(duplicateFields({ ...parsedValue(copy), duplicates: kept.copies })).toEqual([
    'duplicate field "value[0].x"',
  ]);
});

test('readObjectPatch refuses numbers that are too large', () => {
  expect(() => readObjectPatch('{"data":{"n":1e400}}', 'error decoding patch: ')).toThrow(
    'error decoding patch: json: cannot unmarshal number 1e400 into Go value of type float64',
  );
});

test('readObjectPatch takes objects and null', () => {
  expect(readObjectPatch('null', '').patch).toBeUndefined();
  expect(readObjectPatch('{"a":1,"a":2}', '')).toEqual({
    patch: { a: 2 },
    strictErrors: ['duplicate field "a"'],
  });
  expect(() => readObjectPatch('[]', 'error decoding patch: ')).toThrow(
    'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
  );
});

describe('patchedText', () => {
  const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a', labels: { z: '<', b: '' } } };

  test('sorts the fields where a patch looked', () => {
    expect(patchedText(object, touchedByMerge({ data: { x: '1' } }))).toBe(
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":{"z":"\\u003c","b":""}}}',
    );
    expect(patchedText(object, touchedByMerge({ metadata: { labels: {} } }))).toBe(
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"labels":{"b":"","z":"\\u003c"},"name":"a"}}',
    );
  });

  test('operations look into all that their paths pass', () => {
    const path = '/metadata/labels/b';
    expect(touchedByOperations([{ op: 'remove', path }])).toEqual({ metadata: { labels: {} } });
  });
});

test.each([
  [
    'json: cannot unmarshal number into Go struct field DeploymentSpec.spec.paused of type bool',
    'unrecognized type: bool',
  ],
  [
    'json: cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec',
    'cannot restore struct from: string',
  ],
  [
    'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    'cannot restore slice from map',
  ],
  [
    'json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string',
    'cannot restore map from slice',
  ],
  [
    'json: cannot unmarshal string into Go struct field ResourceRequirements.spec.resources.requests of type v1.ResourceList',
    'cannot restore map from string',
  ],
  [
    'json: cannot unmarshal number 1.5 into Go value of type int32',
    'json: cannot unmarshal number 1.5 into Go value of type int32',
  ],
  ['unknown field "a"', 'unknown field "a"'],
])('unstructuredMessage of %s', (message, want) => {
  expect(unstructuredMessage(message)).toBe(want);
});
