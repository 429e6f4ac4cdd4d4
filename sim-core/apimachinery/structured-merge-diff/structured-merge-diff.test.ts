import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../object.ts';
import { schemaOf } from '../schema/schema.ts';
import { AtomResolver } from './atom.ts';
import { compare } from './compare.ts';
import { merge } from './merge.ts';
import { keyElement } from './path-element.ts';
import { removeItems } from './remove-items.ts';
import { toFieldSet } from './to-field-set.ts';
import { validate } from './validate.ts';

const atoms = new AtomResolver();
const POD = atoms.object(schemaOf('io.k8s.api.core.v1.Pod'));
const SERVICE = atoms.object(schemaOf('io.k8s.api.core.v1.Service'));
const DEPLOYMENT = atoms.object(schemaOf('io.k8s.api.apps.v1.Deployment'));
const ANYTHING = atoms.object(undefined);

const pod = (spec: JsonObject): JsonObject => ({ spec });
const container = (name: string, rest: JsonObject = {}): JsonObject => ({ name, ...rest });

describe('toFieldSet', () => {
  test('items and keys of maps are members, structures are not', () => {
    const config = {
      metadata: { labels: { app: 'web' }, annotations: {} },
      spec: { containers: [container('web', { ports: [{ containerPort: 80 }], command: ['a'] })] },
    };
    expect(toFieldSet(POD, config)).toEqual({
      'f:metadata': { 'f:labels': { 'f:app': {} }, 'f:annotations': {} },
      'f:spec': {
        'f:containers': {
          'k:{"name":"web"}': {
            '.': {},
            'f:name': {},
            'f:command': {},
            'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
          },
        },
      },
    });
  });

  test('sets are known by their values, atomic things as a whole', () => {
    expect(
      toFieldSet(POD, { metadata: { finalizers: ['a/b'] }, spec: { nodeSelector: { x: 'y' } } }),
    ).toEqual({ 'f:metadata': { 'f:finalizers': { 'v:"a/b"': {} } }, 'f:spec': { 'f:nodeSelector': {} } });
  });

  test('without a schema maps are merged by key, all else is a whole', () => {
    expect(toFieldSet(ANYTHING, { spec: { list: [{ name: 'a' }], map: { a: 1 } } })).toEqual({
      'f:spec': { '.': {}, 'f:list': {}, 'f:map': { '.': {}, 'f:a': {} } },
    });
  });
});

describe('compare', () => {
  test('of nothing, what is always there is not added', () => {
    const { added, modified } = compare(
      DEPLOYMENT,
      {},
      {
        spec: { replicas: 1, strategy: { type: 'Recreate' }, selector: { matchLabels: { a: 'b' } } },
        status: {},
      },
    );
    expect(added).toEqual({
      'f:spec': { 'f:replicas': {}, 'f:strategy': { 'f:type': {} }, 'f:selector': {} },
    });
    expect(modified).toEqual({});
  });

  test('a new item comes with all that is in it', () => {
    const { added } = compare(
      POD,
      pod({ containers: [] }),
      pod({ containers: [container('a', { resources: {}, livenessProbe: { tcpSocket: { port: 1 } } })] }),
    );
    expect(added).toEqual({
      'f:spec': {
        'f:containers': {
          'k:{"name":"a"}': {
            '.': {},
            'f:name': {},
            'f:resources': {},
            'f:livenessProbe': { '.': {}, 'f:tcpSocket': { '.': {}, 'f:port': {} } },
          },
        },
      },
    });
  });

  test('tells added, modified and removed apart', () => {
    const before = { metadata: { labels: { keep: '1', change: '1', drop: '1' } } };
    const after = { metadata: { labels: { keep: '1', change: '2', add: '1' } } };
    expect(compare(POD, before, after)).toEqual({
      added: { 'f:metadata': { 'f:labels': { 'f:add': {} } } },
      modified: { 'f:metadata': { 'f:labels': { 'f:change': {} } } },
      removed: { 'f:metadata': { 'f:labels': { 'f:drop': {} } } },
    });
  });

  test('the order of items is no difference, that of an atomic list is', () => {
    const before = pod({
      containers: [container('a'), container('b')],
      tolerations: [{ key: 'a' }, { key: 'b' }],
    });
    const after = pod({
      containers: [container('b'), container('a')],
      tolerations: [{ key: 'b' }, { key: 'a' }],
    });
    expect(compare(POD, before, after)).toEqual({
      added: {},
      modified: { 'f:spec': { 'f:tolerations': {} } },
      removed: {},
    });
  });

  test('items that occur twice are taken as one', () => {
    const port = (nodePort: number) => ({ port: 80, nodePort });
    const before = { spec: { ports: [port(1)] } };
    const after = { spec: { ports: [port(1), port(2)] } };
    const element = 'k:{"port":80,"protocol":"TCP"}';
    expect(compare(SERVICE, before, after).added).toEqual({ 'f:spec': { 'f:ports': { [element]: {} } } });
    expect(compare(SERVICE, after, { spec: { ports: [port(1), port(3)] } }).modified).toEqual({
      'f:spec': { 'f:ports': { [element]: {} } },
    });
  });
});

describe('merge', () => {
  const names = (object: JsonObject) =>
    ((object['spec'] as JsonObject)['containers'] as { name: string }[]).map(({ name }) => name);
  test.each([
    ['untouched', ['a', 'b'], [], ['a', 'b']],
    ['new items at the end', ['a', 'b'], ['c'], ['a', 'b', 'c']],
    ['the order of the configuration', ['a', 'b'], ['b', 'a'], ['b', 'a']],
    ['others keep their place', ['a', 'b', 'c'], ['c', 'x', 'a'], ['b', 'c', 'x', 'a']],
    ['an item in between', ['a', 'b'], ['a', 'x', 'b'], ['a', 'x', 'b']],
  ])('%s', (_name, live, config, want) => {
    const list = (all: readonly string[]) => pod({ containers: all.map((name) => container(name)) });
    expect(names(merge(POD, list(live), list(config)))).toEqual(want);
  });

  test('fields of items are merged, atomic lists replaced', () => {
    const live = pod({ containers: [container('a', { image: '1', command: ['x', 'y'] })] });
    const config = pod({ containers: [container('a', { command: ['z'] })] });
    expect(merge(POD, live, config)).toEqual(
      pod({ containers: [container('a', { image: '1', command: ['z'] })] }),
    );
  });
});

test('removeItems takes out members; null is left of a container that becomes empty', () => {
  const object = { metadata: { labels: { a: '1' } }, spec: { containers: [container('a'), container('b')] } };
  expect(
    removeItems(POD, object, {
      'f:metadata': { 'f:labels': { 'f:a': {} } },
      'f:spec': { 'f:containers': { 'k:{"name":"a"}': {} } },
    }),
  ).toEqual({ metadata: { labels: null }, spec: { containers: [container('b')] } });
});

test.each<[JsonObject, string[]]>([
  [pod({ foo: 1 }), ['.spec.foo: field not declared in schema']],
  [pod({ containers: {} }), ['.spec.containers: expected list, got &{map[]}']],
  [
    pod({ containers: [container('a'), container('a')] }),
    ['.spec.containers: duplicate entries for key [name="a"]'],
  ],
  // A name that Go never leaves out is "" where nobody gives it: validation will complain.
  [pod({ containers: [{ image: 'x' }] }), []],
  [pod({ priority: 'high' }), ['.spec.priority: expected numeric (int or float), got string']],
  [pod({ nodeName: 1 }), ['.spec.nodeName: expected string, got &value.valueUnstructured{Value:1}']],
  [pod({ hostNetwork: null, containers: null }), []],
])('validate %j', (config, problems) => {
  expect(validate(POD, config)).toEqual(problems);
});

test('keyElement: every key must be there or have a default', () => {
  const keyOf = (item: JsonObject) => keyElement(item, ['port', 'protocol'], { protocol: 'TCP' });
  expect(keyOf({ port: 80 })).toBe('k:{"port":80,"protocol":"TCP"}');
  expect(() => keyOf({ protocol: 'UDP' })).toThrow(
    'associative list with keys has an element that omits key field "port" (and doesn\'t have default value)',
  );
});
