import { describe, expect, test } from 'vitest';
import type { JsonObject, KubeObject } from '../object.ts';
import { schemaOf } from '../schema/schema.ts';
import type { StatusError } from '../status.ts';
import { AtomResolver } from '../structured-merge-diff/atom.ts';
import { applyConfig } from './apply.ts';
import { FieldManager } from './field-manager.ts';

const NOW = Date.UTC(2026, 0, 1);
const KIND = { group: '', version: 'v1', kind: 'ConfigMap' };
const DEPLOYMENT = { group: 'apps', version: 'v1', kind: 'Deployment' };
const BOB = { manager: 'bob', force: false, now: NOW };
const atoms = new AtomResolver();
const configMaps = new FieldManager({
  kind: KIND,
  atom: atoms.object(schemaOf('io.k8s.api.core.v1.ConfigMap')),
  subresource: '',
  resetFields: [],
});
const deployment = (subresource: string, resetFields: readonly string[]) =>
  new FieldManager({
    kind: DEPLOYMENT,
    atom: atoms.object(schemaOf('io.k8s.api.apps.v1.Deployment')),
    subresource,
    resetFields,
  });

type Data = Record<string, string>;
const configMap = (data: Data, managedFields?: KubeObject['metadata']['managedFields']): KubeObject => ({
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name: 'c', uid: 'u', ...(managedFields !== undefined && { managedFields }) },
  data,
});
const config = (data: Data): JsonObject => ({
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name: 'c' },
  ...(Object.keys(data).length > 0 && { data }),
});

/** Creates, applies and updates in a row, as a server does. */
class History {
  object: KubeObject | undefined;
  #now = NOW;

  update(manager: string, data: Data): this {
    const next = configMap(data);
    configMaps.update(this.object, next, manager, this.#tick());
    this.object = next;
    return this;
  }

  apply(manager: string, data: Data, force = false): this {
    const applied = applyConfig(configMaps, this.object, config(data), { manager, force, now: this.#tick() });
    const object = (applied.object ?? this.object) as unknown as KubeObject;
    this.object = { ...object, metadata: { ...object.metadata, managedFields: applied.managedFields } };
    return this;
  }

  /** "alice Apply a,b" for each entry. */
  get owners(): string[] {
    return (this.object!.metadata.managedFields ?? []).map((entry) => {
      const { manager, operation, fieldsV1 } = entry as unknown as {
        manager: string;
        operation: string;
        fieldsV1: { 'f:data'?: object };
      };
      const fields = Object.keys(fieldsV1['f:data'] ?? {})
        .map((key) => key.replace('f:', ''))
        .sort();
      return `${manager} ${operation} ${fields.join()}`;
    });
  }

  #tick(): number {
    return (this.#now += 1000);
  }
}

describe('updates', () => {
  test('who creates manages all of it', () => {
    expect(new History().update('alice', { a: '1', b: '1' }).owners).toEqual(['alice Update .,a,b']);
  });

  test('who changes a field manages it', () => {
    const history = new History().update('alice', { a: '1', b: '1' }).update('bob', { a: '1', b: '2' });
    expect(history.owners).toEqual(['alice Update .,a', 'bob Update b']);
  });

  test('what is removed is managed by nobody', () => {
    const history = new History().update('alice', { a: '1', b: '1' }).update('bob', { a: '1' });
    expect(history.owners).toEqual(['alice Update .,a']);
  });

  test('a write that changes nothing keeps everything, times too', () => {
    const history = new History().update('alice', { a: '1' });
    const before = history.object!.metadata.managedFields;
    expect(history.update('bob', { a: '1' }).object!.metadata.managedFields).toEqual(before);
  });

  test.each([[[]], [[{}]]])('%j resets', (managedFields) => {
    const live = new History().update('alice', { a: '1' }).object!;
    const next = configMap({ a: '2' }, managedFields);
    configMaps.update(live, next, 'bob', NOW);
    expect(next.metadata.managedFields).toBeUndefined();
  });

  test('malformed entries are as good as none', () => {
    const live = new History().update('alice', { a: '1' }).object!;
    const next = configMap({ a: '1' }, [{ manager: 'x', operation: 'Steal' }]);
    configMaps.update(live, next, 'bob', NOW);
    expect(next.metadata.managedFields).toEqual(live.metadata.managedFields);
  });

  test('the oldest of more than ten updaters are put together', () => {
    const history = new History();
    const data: Data = {};
    for (let index = 0; index < 12; index++) {
      data[`k${index}`] = '1';
      history.update(`m${index}`, { ...data });
    }
    expect(history.owners).toHaveLength(10);
    expect(history.owners).toContain('ancient-changes Update .,k0,k1,k2');
  });

  test('the main resource does not manage the status, the status endpoint nothing else', () => {
    const object = (): KubeObject => ({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name: 'd' },
      spec: { replicas: 1 },
      status: { replicas: 1 },
    });
    const made = object();
    deployment('', ['status']).update(undefined, made, 'alice', NOW);
    expect(made.metadata.managedFields).toMatchObject([{ fieldsV1: { 'f:spec': { 'f:replicas': {} } } }]);
    const changed = { ...object(), spec: { replicas: 2 }, status: { replicas: 3 } };
    deployment('status', ['spec']).update(made, changed, 'kcm', NOW);
    expect(changed.metadata.managedFields).toMatchObject([
      { manager: 'alice' },
      { manager: 'kcm', subresource: 'status', fieldsV1: { 'f:status': { 'f:replicas': {} } } },
    ]);
  });
});

describe('apply', () => {
  test('what is not applied any more goes, unless others apply it', () => {
    const history = new History().apply('alice', { a: '1', b: '1' }).apply('bob', { b: '1' });
    // Who applies what is there already has an entry without a time.
    expect(history.owners).toEqual(['bob Apply b', 'alice Apply a,b']);
    expect(history.apply('alice', {}).object!['data']).toEqual({ b: '1' });
    expect(history.owners).toEqual(['bob Apply b']);
  });

  test('what an update made stays', () => {
    const history = new History().apply('alice', { a: '1' }).update('bob', { a: '1', b: '1' });
    expect(history.apply('alice', {}).object!['data']).toEqual({ b: '1' });
  });

  test('force takes over', () => {
    const history = new History().apply('alice', { a: '1', b: '1' }).apply('bob', { a: '2' }, true);
    expect(history.owners).toEqual(['alice Apply b', 'bob Apply a']);
  });

  test('an object that was not tracked belongs to before-first-apply', () => {
    const { managedFields } = applyConfig(configMaps, configMap({ a: '1' }), config({ b: '1' }), BOB);
    expect(managedFields).toMatchObject([
      { manager: 'bob', operation: 'Apply' },
      { manager: 'before-first-apply', operation: 'Update' },
    ]);
  });

  test('conflicts name the managers and the fields', () => {
    const history = new History()
      .update('carol', { x: '1' })
      .apply('alice', { a: '1', b: '1' })
      .apply('dave', { b: '1' });
    let error: StatusError | undefined;
    try {
      history.apply('bob', { b: '2', x: '2' });
    } catch (thrown) {
      error = thrown as StatusError;
    }
    expect(error?.status).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(error?.message).toBe(
      [
        'Apply failed with 3 conflicts: conflicts with "alice":',
        '- .data.b',
        'conflicts with "carol" using v1:',
        '- .data.x',
        'conflicts with "dave":',
        '- .data.b',
      ].join('\n'),
    );
    expect(error?.status.details?.causes?.[1]).toEqual({
      reason: 'FieldManagerConflict',
      message: 'conflict with "carol" using v1',
      field: '.data.x',
    });
  });

  test('kubectl goes over from its annotation without conflicts', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const live = configMap({ a: '1' });
    live.metadata.annotations = { [annotation]: JSON.stringify(config({ a: '1' })) };
    configMaps.update(undefined, live, 'kubectl-client-side-apply', NOW);
    const { object } = applyConfig(configMaps, live, config({ a: '2' }), {
      ...BOB,
      manager: 'kubectl',
    });
    expect(object).toMatchObject({ data: { a: '2' } });
    const { annotations } = (object as unknown as KubeObject).metadata;
    expect(JSON.parse(annotations![annotation]!)).toEqual(config({ a: '2' }));
  });

  test.each<[string, JsonObject, number, string]>([
    ['another kind', { apiVersion: 'v1', kind: 'Secret' }, 400, 'invalid object type: /v1, Kind=Secret'],
    [
      'managed fields',
      { ...config({}), metadata: { managedFields: [] } },
      400,
      'metadata.managedFields must be nil',
    ],
    [
      'unknown fields',
      { ...config({}), metadata: { name: 'c', namespace: 'n' }, foo: 1 },
      500,
      'failed to create typed patch object (n/c; /v1, Kind=ConfigMap): .foo: field not declared in schema',
    ],
  ])('refuses %s', (_name, sent, code, message) => {
    expect(() => applyConfig(configMaps, undefined, sent, BOB)).toThrow(
      expect.objectContaining({ code, message }),
    );
  });
});

describe('entries of other versions', () => {
  const atom = atoms.object(schemaOf('io.k8s.api.core.v1.ConfigMap'));
  /** In "v2" the field data is called binaryData. */
  const renamed = ({ data = null, ...rest }: JsonObject): JsonObject => ({ ...rest, binaryData: data });
  const fieldManager = new FieldManager({
    kind: KIND,
    atom,
    subresource: '',
    resetFields: [],
    otherVersion: (apiVersion) =>
      apiVersion === 'v2' ? { type: { atom, ignored: {}, unmanaged: {} }, convert: renamed } : undefined,
  });
  const entry = (apiVersion: string, fieldsV1: JsonObject) => ({
    manager: 'alice',
    operation: 'Apply',
    apiVersion,
    time: '2026-01-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1,
  });

  test('lose in their own words what somebody else changes', () => {
    const live = configMap({ a: '1', b: '1' }, [entry('v2', { 'f:binaryData': { 'f:a': {}, 'f:b': {} } })]);
    const next = configMap({ a: '2', b: '1' });
    fieldManager.update(live, next, 'bob', NOW);
    expect(next.metadata.managedFields).toMatchObject([
      { manager: 'alice', apiVersion: 'v2', fieldsV1: { 'f:binaryData': { 'f:b': {} } } },
      { manager: 'bob', apiVersion: 'v1', fieldsV1: { 'f:data': { 'f:a': {} } } },
    ]);
    expect(() => applyConfig(fieldManager, live, config({ a: '3' }), BOB)).toThrow(
      'Apply failed with 1 conflict: conflict with "alice": .binaryData.a',
    );
  });

  test('are gone with their version', () => {
    const next = configMap({ a: '1' }, [entry('v9', { 'f:data': {} })]);
    fieldManager.update(configMap({ a: '1' }), next, 'bob', NOW);
    expect(next.metadata.managedFields).toBeUndefined();
  });
});
