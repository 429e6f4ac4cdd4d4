import { expect, test } from 'vitest';
import type { JsonObject } from '../object.ts';
import { fillPrintedZeros } from './printed-zeros.ts';
import { schemaOf } from './schema.ts';

test.each<[string, JsonObject, JsonObject]>([
  ['core.v1.HTTPHeader', { name: 'a' }, { name: 'a', value: '' }],
  ['core.v1.ISCSIVolumeSource', {}, { iqn: '', lun: 0, targetPortal: '' }],
  ['core.v1.ScaleIOVolumeSource', {}, { gateway: '', secretRef: null, system: '' }],
  ['core.v1.ProjectedVolumeSource', {}, { sources: null }],
  ['core.v1.ResourceFieldSelector', { resource: 'limits.cpu' }, { resource: 'limits.cpu', divisor: '0' }],
  [
    'core.v1.ContainerStatus',
    { name: 'c' },
    {
      name: 'c',
      image: '',
      imageID: '',
      lastState: {},
      ready: false,
      restartCount: 0,
      state: {},
    },
  ],
  // What is nested is filled as well, and what is there stays.
  [
    'apps.v1.ReplicaSetSpec',
    { template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c' }] } } },
    {
      template: {
        metadata: { creationTimestamp: null, labels: { a: 'b' } },
        spec: { containers: [{ name: 'c', resources: {} }] },
      },
    },
  ],
  // The metadata of the object itself is the server's.
  [
    'core.v1.PodTemplate',
    { metadata: {} },
    { metadata: {}, template: { metadata: { creationTimestamp: null }, spec: {} } },
  ],
])('fillPrintedZeros: %s %j', (type, object, want) => {
  fillPrintedZeros(object, schemaOf(`io.k8s.api.${type}`)!);
  expect(object).toEqual(want);
});
