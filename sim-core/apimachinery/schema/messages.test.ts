import { expect, test } from 'vitest';
import { fieldOrder, fieldsOfMessage } from './messages.ts';
import { fieldsByName, schemaOf } from './schema.ts';

test('a message has its fields in the order of the structure, with their own numbers', () => {
  const fields = [...fieldsOfMessage('core.v1', 'PodSpec')!].slice(0, 4);
  expect(fields).toEqual([
    [1, { name: 'volumes' }],
    [20, { name: 'initContainers' }],
    [2, { name: 'containers' }],
    [34, { name: 'ephemeralContainers' }],
  ]);
});

test('embedded fields stand where their message is', () => {
  expect(fieldOrder('core.v1', 'ConfigMapProjection')).toEqual(['name', 'items', 'optional']);
  expect(fieldOrder('core.v1', 'Nothing')).toBeUndefined();
});

test('a schema has its fields in that order, kind and apiVersion first', () => {
  const names = [...schemaOf('io.k8s.api.core.v1.PodList')!.fields.keys()];
  expect(names).toEqual(['kind', 'apiVersion', 'metadata', 'items']);
  const reference = schemaOf('io.k8s.api.core.v1.ObjectReference')!;
  expect([...reference.fields.keys()].slice(0, 3)).toEqual(['kind', 'namespace', 'name']);
  expect(fieldsByName(reference).map(({ name }) => name)[0]).toBe('apiVersion');
  expect([...reference.fields.values()].map(({ place }) => place)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});
