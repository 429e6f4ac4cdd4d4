import { describe, expect, it } from 'vitest';
import { schemaOfKind } from '../../util/schema.ts';
import { threeWayPatch } from './three-way-patch.ts';

const POD = schemaOfKind({ group: '', version: 'v1', kind: 'Pod' });
const DEPLOYMENT = schemaOfKind({ group: 'apps', version: 'v1', kind: 'Deployment' });

describe('threeWayPatch', () => {
  it.each([
    ['nothing to do', { a: 1 }, { a: 1 }, { a: 1, b: 2 }, {}],
    ['a change', {}, { a: 2 }, { a: 1 }, { a: 2 }],
    ['a removal', { a: 1 }, {}, { a: 1, b: 2 }, { a: null }],
    ['a removal of what is gone already', { a: 1 }, {}, { b: 2 }, { a: null }],
    ['a change by others that stays', { a: 1 }, { a: 1 }, { a: 1, status: 'x' }, {}],
    ['a list without a schema', {}, { l: [1] }, { l: [1, 2] }, { l: [1] }],
  ])('%s', (_, original, modified, current, patch) => {
    expect(threeWayPatch(original, modified, current, undefined)).toEqual(patch);
  });

  const container = (fields: object) => ({ spec: { containers: [{ name: 'a', ...fields }] } });

  it('merges containers by name and leaves defaults alone', () => {
    const live = container({ image: 'x:1', imagePullPolicy: 'Always' });
    expect(threeWayPatch(container({ image: 'x:1' }), container({ image: 'x:1' }), live, POD)).toEqual({});
    expect(threeWayPatch(container({ image: 'x:1' }), container({ image: 'x:2' }), live, POD)).toEqual({
      spec: { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'a', image: 'x:2' }] },
    });
  });

  it('takes away an item that was applied before', () => {
    const two = { spec: { containers: [{ name: 'a' }, { name: 'b' }] } };
    expect(threeWayPatch(two, { spec: { containers: [{ name: 'a' }] } }, two, POD)).toEqual({
      spec: { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ $patch: 'delete', name: 'b' }] },
    });
  });

  it('names the keys to keep where a union changes its member', () => {
    const rolling = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    const recreate = { spec: { strategy: { type: 'Recreate' } } };
    expect(threeWayPatch({}, recreate, rolling, DEPLOYMENT)).toEqual({
      spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    });
  });

  it('says the order of items where it changes, or where others have added some', () => {
    const pod = (...names: readonly string[]) => ({ spec: { containers: names.map((name) => ({ name })) } });
    const order = (...names: readonly string[]) => ({
      spec: { '$setElementOrder/containers': names.map((name) => ({ name })) },
    });
    expect(threeWayPatch(pod('a', 'b'), pod('b', 'a'), pod('a', 'b'), POD)).toEqual(order('b', 'a'));
    expect(threeWayPatch(pod('a'), pod('a'), pod('a', 'b'), POD)).toEqual(order('a'));
    expect(threeWayPatch(pod('a', 'b'), pod('a', 'b'), pod('a', 'b'), POD)).toEqual({});
  });

  it('compares finalizers with the sorted ones of the server', () => {
    const pod = (...finalizers: readonly string[]) => ({ metadata: { finalizers: [...finalizers] } });
    expect(threeWayPatch(pod('x/a', 'x/b'), pod('x/a', 'x/b'), pod('x/b', 'x/a'), POD)).toEqual({});
    expect(threeWayPatch(pod('x/b', 'x/a'), pod('x/b', 'x/a'), pod('x/b', 'x/a'), POD)).toEqual({
      metadata: { '$setElementOrder/finalizers': ['x/b', 'x/a'] },
    });
  });
});
