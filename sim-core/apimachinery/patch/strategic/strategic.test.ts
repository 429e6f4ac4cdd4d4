import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../object.ts';
import { schemaOf } from '../../schema/schema.ts';
import { createThreeWayMergePatch, createTwoWayMergePatch } from './create.ts';
import { StrategicPatchError } from './directives.ts';
import { applyStrategicMergePatch } from './merge.ts';
import { patchSchemaOf } from './patch-schema.ts';

const POD = patchSchemaOf(schemaOf('io.k8s.api.core.v1.Pod')!);
const DEPLOYMENT = patchSchemaOf(schemaOf('io.k8s.api.apps.v1.Deployment')!);
const CONFIG_MAP = patchSchemaOf(schemaOf('io.k8s.api.core.v1.ConfigMap')!);

const containers = (...names: string[]) => names.map((name) => ({ name, image: `${name}:1` }));

describe('applyStrategicMergePatch', () => {
  const cases: [what: string, original: JsonObject, patch: JsonObject, result: JsonObject][] = [
    [
      'merges items by their key',
      { spec: { containers: containers('a', 'b') } },
      { spec: { containers: [{ name: 'b', image: 'b:2' }] } },
      {
        spec: {
          containers: [
            { name: 'a', image: 'a:1' },
            { name: 'b', image: 'b:2' },
          ],
        },
      },
    ],
    [
      'puts new items first, as upstream does',
      { spec: { containers: containers('a') } },
      { spec: { containers: [{ name: 'side', image: 'side:1' }] } },
      { spec: { containers: containers('side', 'a') } },
    ],
    [
      'deletes an item',
      { spec: { containers: containers('a', 'b') } },
      { spec: { containers: [{ $patch: 'delete', name: 'a' }] } },
      { spec: { containers: containers('b') } },
    ],
    [
      'replaces a list',
      { spec: { containers: containers('a', 'b') } },
      { spec: { containers: [{ $patch: 'replace' }, { name: 'c' }] } },
      { spec: { containers: [{ name: 'c' }] } },
    ],
    [
      'replaces a list without merge key',
      { spec: { tolerations: [{ key: 'a' }] } },
      { spec: { tolerations: [{ key: 'b' }] } },
      { spec: { tolerations: [{ key: 'b' }] } },
    ],
    [
      'orders items as told',
      { spec: { containers: containers('a', 'b', 'c') } },
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'c' }, { name: 'd' }, { name: 'a' }],
          containers: [{ name: 'd', image: 'd:1' }],
        },
      },
      { spec: { containers: containers('b', 'c', 'd', 'a') } },
    ],
    [
      'keeps only some keys',
      { spec: { volumes: [{ name: 'v', emptyDir: {} }] } },
      { spec: { volumes: [{ $retainKeys: ['name', 'hostPath'], name: 'v', hostPath: { path: '/' } }] } },
      { spec: { volumes: [{ name: 'v', hostPath: { path: '/' } }] } },
    ],
    [
      'merges scalars, and deletes some',
      { metadata: { finalizers: ['a/a', 'b/b'] } },
      { metadata: { '$deleteFromPrimitiveList/finalizers': ['a/a'], finalizers: ['c/c'] } },
      { metadata: { finalizers: ['c/c', 'b/b'] } },
    ],
    [
      'removes by null, and ignores nulls of what is missing',
      { metadata: { labels: { a: '1', b: '2' } } },
      { metadata: { labels: { a: null, z: null }, annotations: { q: null } } },
      { metadata: { labels: { b: '2' }, annotations: {} } },
    ],
    [
      'replaces an object',
      { metadata: { labels: { a: '1' } } },
      { metadata: { labels: { $patch: 'replace', b: '2' } } },
      { metadata: { labels: { b: '2' } } },
    ],
    [
      'empties an object',
      { metadata: { labels: { a: '1' } } },
      { metadata: { labels: { $patch: 'delete' } } },
      { metadata: { labels: {} } },
    ],
  ];
  test.each(cases)('%s', (_, original, patch, result) => {
    const before = JSON.stringify(original);
    expect(applyStrategicMergePatch(original, patch, POD)).toEqual(result);
    expect(JSON.stringify(original)).toBe(before);
  });

  const failures: [patch: JsonObject, message: string, code: number][] = [
    [
      { spec: { containers: [{ image: 'x' }] } },
      'map: map[image:x] does not contain declared merge key: name',
      500,
    ],
    [{ $patch: 'twist' }, 'unknown patch type: twist in map: map[$patch:twist]', 500],
    [{ spec: { $retainKeys: 'x' } }, 'invalid patch format of retainKeys', 400],
    [
      { spec: { containers: [{ $patch: 'merge' }] } },
      'merging lists cannot yet be specified in the patch',
      500,
    ],
    [
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'a' }],
          containers: [{ name: 'z' }],
        },
      },
      "The order in patch list:\n[map[name:z]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n",
      500,
    ],
  ];
  test.each(failures)('%j fails', (patch, message, code) => {
    const error = new StrategicPatchError(message);
    expect(() => applyStrategicMergePatch({ spec: { containers: containers('a') } }, patch, POD)).toThrow(
      error,
    );
    expect(error.code).toBe(code);
  });
});

describe('createTwoWayMergePatch', () => {
  const cases: [what: string, before: JsonObject, after: JsonObject, patch: JsonObject][] = [
    ['nothing', { spec: { containers: containers('a') } }, { spec: { containers: containers('a') } }, {}],
    [
      'a changed item',
      { spec: { containers: containers('a', 'b') } },
      { spec: { containers: [{ name: 'a', image: 'a:2' }, ...containers('b')] } },
      {
        spec: {
          containers: [{ name: 'a', image: 'a:2' }],
          '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }],
        },
      },
    ],
    [
      'a deleted item',
      { spec: { containers: containers('a', 'b') } },
      { spec: { containers: containers('b') } },
      {
        spec: {
          containers: [{ name: 'a', $patch: 'delete' }],
          '$setElementOrder/containers': [{ name: 'b' }],
        },
      },
    ],
    [
      'finalizers',
      { metadata: { finalizers: ['a/a', 'b/b'] } },
      { metadata: { finalizers: ['b/b', 'c/c'] } },
      {
        metadata: {
          finalizers: ['c/c'],
          '$deleteFromPrimitiveList/finalizers': ['a/a'],
          '$setElementOrder/finalizers': ['b/b', 'c/c'],
        },
      },
    ],
    [
      'a volume of another kind',
      { spec: { volumes: [{ name: 'v', emptyDir: {} }] } },
      { spec: { volumes: [{ name: 'v', hostPath: { path: '/' } }] } },
      {
        spec: {
          volumes: [
            { name: 'v', emptyDir: null, hostPath: { path: '/' }, $retainKeys: ['hostPath', 'name'] },
          ],
          '$setElementOrder/volumes': [{ name: 'v' }],
        },
      },
    ],
    [
      'a label',
      { metadata: { labels: { a: '1' } } },
      { metadata: { labels: { b: '1' } } },
      { metadata: { labels: { a: null, b: '1' } } },
    ],
  ];
  test.each(cases)('%s', (_, before, after, patch) => {
    expect(createTwoWayMergePatch(before, after, POD)).toEqual(patch);
    expect(applyStrategicMergePatch(before, patch, POD)).toEqual(after);
  });
});

describe('createThreeWayMergePatch', () => {
  test('leaves alone what others set, removes what was applied before', () => {
    const original = {
      spec: {
        replicas: 2,
        template: { spec: { containers: [{ name: 'web', image: 'nginx:1', args: ['-x'] }] } },
      },
    };
    const modified = {
      spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:2' }] } } },
    };
    const current: JsonObject = {
      spec: {
        replicas: 2,
        template: {
          spec: {
            containers: [
              { name: 'web', image: 'nginx:1', args: ['-x'], imagePullPolicy: 'Always' },
              { name: 'injected', image: 'proxy' },
            ],
          },
        },
      },
    };
    const patch = createThreeWayMergePatch(original, modified, current, DEPLOYMENT);
    expect(patch).toEqual({
      spec: {
        replicas: null,
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'web' }],
            containers: [{ name: 'web', args: null, image: 'nginx:2' }],
          },
        },
      },
    });
    expect(applyStrategicMergePatch(current, patch, DEPLOYMENT)).toEqual({
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'web', image: 'nginx:2', imagePullPolicy: 'Always' },
              { name: 'injected', image: 'proxy' },
            ],
          },
        },
      },
    });
  });

  test('is empty when nothing is to do', () => {
    const applied = { data: { a: '1' } };
    expect(
      createThreeWayMergePatch(applied, applied, { ...applied, metadata: { uid: 'x' } }, CONFIG_MAP),
    ).toEqual({});
  });
});
