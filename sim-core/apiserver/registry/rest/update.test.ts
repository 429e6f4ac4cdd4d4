import { expect, test } from 'vitest';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import { invalid } from '../../../apimachinery/validation/field-error.ts';
import type { RequestContext } from './object-store.ts';
import type { ResourceDefinition } from './resource.ts';
import type { Strategy } from './strategy.ts';
import { beforeUpdate } from './update.ts';

const definitionWith = (resource: string, strategy: Strategy) =>
  ({ group: '', version: 'v1', kind: 'Thing', resource, namespaced: false, strategy }) as never;
const OLD: KubeObject = { kind: 'Thing', apiVersion: 'v1', metadata: { name: 'a', resourceVersion: '1' } };
const own = [invalid('spec', 1, 'is odd')];

/** How often each field is complained of in an update with a wrong label and a finalizer of nobody. */
function complaints(resource: string, strategy: Strategy): Record<string, number> {
  const object = { ...OLD, metadata: { ...OLD.metadata, labels: { a: '!' }, finalizers: ['abc'] } };
  const counts: Record<string, number> = {};
  try {
    beforeUpdate(definitionWith(resource, strategy) as ResourceDefinition, strategy, object, OLD, {
      namespace: '',
    } as RequestContext);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    for (const { field = '' } of error.status.details?.causes ?? []) {
      counts[field] = (counts[field] ?? 0) + 1;
    }
  }
  return counts;
}

test.each<[string, string, Strategy, Record<string, number>]>([
  ['an update and a new object', 'things', {}, { 'metadata.labels': 4, 'metadata.finalizers[0]': 2 }],
  ['an update', 'resourcequotas', {}, { 'metadata.labels': 3, 'metadata.finalizers[0]': 1 }],
  ['every object', 'events', {}, { 'metadata.labels': 2 }],
  [
    'all of a new object',
    'things',
    { validatesUpdateAsNew: true, validate: () => own, validateUpdate: () => own },
    { 'metadata.labels': 4, 'metadata.finalizers[0]': 2, spec: 2 },
  ],
])('beforeUpdate: the checks of %s', (_name, resource, strategy, want) => {
  expect(complaints(resource, strategy)).toEqual(want);
});
