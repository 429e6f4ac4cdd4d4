import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe as suite, expect, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { settle } from '../../testing/settle.ts';
import { COLUMN_DESCRIPTIONS } from './column-descriptions.ts';
import { describe, loadColumnTexts } from './column-texts.ts';
import { loadDescriptions } from './descriptions.ts';
import { GO_TYPES } from './go-types.ts';
import { MERGE_ROWS } from './merge-keys.ts';
import { fieldAt, objectSchemaIn, schemaNames, schemaOf } from './schema.ts';

const POD = schemaOf('io.k8s.api.core.v1.Pod')!;

test('types have OpenAPI names', () => {
  expect(schemaNames().length).toBeGreaterThan(600);
  for (const name of [
    'io.k8s.api.apps.v1.Deployment',
    'io.k8s.api.rbac.v1.RoleBinding',
    'io.k8s.api.autoscaling.v1.Scale',
    'io.k8s.api.policy.v1.Eviction',
    'io.k8s.api.authentication.v1.TokenRequest',
    'io.k8s.api.storage.v1.TokenRequest',
    'io.k8s.api.core.v1.Event',
    'io.k8s.api.events.v1.Event',
    'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
    'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition',
    'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService',
  ]) {
    expect(schemaOf(name)?.name).toBe(name);
  }
  expect(schemaOf('toString')).toBeUndefined();
});

test('every reference leads to a type', () => {
  for (const name of schemaNames()) {
    for (const field of schemaOf(name)!.fields.values()) objectSchemaIn(field.type);
  }
});

test('fields have types, and are required where the API says so', () => {
  const type = (...path: string[]) => fieldAt(POD, path)?.type;
  expect(fieldAt(POD, ['spec', 'containers'])).toMatchObject({ required: true, type: { type: 'array' } });
  expect(fieldAt(POD, ['spec', 'nodeName'])).toMatchObject({ required: false });
  expect(type('spec', 'containers', 'ports', 'containerPort')).toEqual({ type: 'scalar', scalar: 'int32' });
  expect(type('spec', 'activeDeadlineSeconds')).toEqual({ type: 'scalar', scalar: 'int64' });
  expect(type('spec', 'containers', 'resources', 'limits')).toEqual({
    type: 'map',
    values: { type: 'scalar', scalar: 'quantity' },
  });
  expect(type('status', 'allocatedResources')).toEqual({
    type: 'map',
    values: { type: 'scalar', scalar: 'quantity' },
  });
  expect(type('spec', 'containers', 'livenessProbe', 'httpGet', 'port')).toEqual({
    type: 'scalar',
    scalar: 'int-or-string',
  });
  expect(type('metadata', 'creationTimestamp')).toEqual({ type: 'scalar', scalar: 'time' });
  expect(type('metadata', 'managedFields', 'fieldsV1')).toEqual({ type: 'scalar', scalar: 'any' });
  expect(fieldAt(schemaOf('io.k8s.api.core.v1.Secret')!, ['data'])?.type).toEqual({
    type: 'map',
    values: { type: 'scalar', scalar: 'bytes' },
  });
  expect(fieldAt(schemaOf('io.k8s.api.coordination.v1.Lease')!, ['spec', 'renewTime'])?.type).toEqual({
    type: 'scalar',
    scalar: 'micro-time',
  });
  expect(fieldAt(POD, ['spec', 'nope'])).toBeUndefined();
});

test('merge keys, list types and Go names belong to fields that exist', () => {
  for (const key of [...MERGE_ROWS.keys(), ...GO_TYPES.keys()]) {
    const [group, version, type, field] = key.split('.') as [string, string, string, string];
    const name = schemaNames().find((candidate) => candidate.endsWith(`.${group}.${version}.${type}`));
    expect(schemaOf(name ?? '')?.fields.has(field), key).toBe(true);
  }
  expect(fieldAt(POD, ['spec', 'containers', 'ports'])?.merge).toEqual({
    patchStrategy: ['merge'],
    patchMergeKey: 'containerPort',
    listType: 'map',
    listMapKeys: ['containerPort', 'protocol'],
  });
  expect(fieldAt(POD, ['spec', 'volumes'])?.merge?.patchStrategy).toEqual(['merge', 'retainKeys']);
  expect(fieldAt(POD, ['spec', 'tolerations'])?.merge).toBeUndefined();
  expect(fieldAt(POD, ['spec', 'restartPolicy'])?.goType).toBe('v1.RestartPolicy');
});

suite('descriptions', () => {
  test('all are there when loaded', async () => {
    const all = await loadDescriptions();
    expect(all.describe('io.k8s.api.core.v1.Pod')).toMatch(/^Pod is a collection of containers/);
    expect(all.describe('io.k8s.api.core.v1.Pod', 'spec')).toMatch(/^Specification of the desired behavior/);
    expect(all.describe('io.k8s.api.core.v1.Pod', 'metadata')).toMatch(/^Standard object's metadata/);
    expect(all.describe('io.k8s.api.core.v1.Pod', 'nope')).toBe('');
    expect(all.describe('Nope')).toBe('');
  });

  const loadColumns = () => {
    const clock = new VirtualClock({ start: 0, settle });
    const types = COLUMN_DESCRIPTIONS.map(({ of }) => of);
    return clock.until(loadColumnTexts(types, clock));
  };

  test('those of columns come by package', async () => {
    expect(() => describe('io.k8s.api.core.v1.PodSpec', 'nodeName')).toThrow('before it was loaded');
    await loadColumns();
    for (const { of, field } of COLUMN_DESCRIPTIONS) expect(describe(of, field)).not.toBe('');
    expect(() => describe('io.k8s.api.core.v1.PodSpec', 'nope')).toThrow('io.k8s.api.core.v1.PodSpec.nope');
  });

  /** Columns that the recorded server describes with words of its own, by how they begin. */
  const OWN_WORDS =
    /^(The aggregate|The number of times|Number of the pod with|(Names of|Images referenced by) each container|(Users|Groups|ServiceAccounts) in the|StorageClass of|The name of the IngressClass|Hosts that incoming|Address is a list|Ports of TLS|The (status|roles) of the|Time required|Custom resource definition)/;

  test('they are what the recorded server says', async () => {
    await loadColumns();
    const known = new Set(COLUMN_DESCRIPTIONS.map(({ of, field }) => describe(of, field)));
    const folder = join(import.meta.dirname, '../../../tests/golden/recordings/http');
    const recorded = new Set<string>();
    for (const file of readdirSync(folder)) {
      JSON.parse(readFileSync(join(folder, file), 'utf8'), (key, value: unknown) => {
        if (key === 'columnDefinitions') {
          for (const column of value as { description: string }[]) recorded.add(column.description);
        }
        return value;
      });
    }
    expect(recorded.size).toBeGreaterThan(50);
    expect([...recorded].filter((text) => !known.has(text) && !OWN_WORDS.test(text))).toEqual([]);
  });
});
