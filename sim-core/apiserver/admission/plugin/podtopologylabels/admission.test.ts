import { expect, test } from 'vitest';
import { attributesOf } from '../../../../testing/admission.ts';
import { readerOf } from '../../../../testing/object-reader.ts';
import { PodTopologyLabels } from './admission.ts';

const ZONE = 'topology.kubernetes.io/zone';
const nodes = [
  { metadata: { name: 'here', labels: { [ZONE]: 'a', 'kubernetes.io/os': 'linux' } } },
  { metadata: { name: 'nowhere' } },
];
const plugin = new PodTopologyLabels({ reader: readerOf({ nodes: nodes as never }) });

test.each([
  ['a pod with a node', '', { spec: { nodeName: 'here' } }, { [ZONE]: 'a' }],
  ['a pod without one', '', { spec: {} }, undefined],
  ['a node without a zone', '', { spec: { nodeName: 'nowhere' } }, undefined],
  ['a node that is not there', '', { spec: { nodeName: 'ghost' } }, undefined],
  ['a binding', 'binding', { target: { kind: 'Node', name: 'here' } }, { [ZONE]: 'a' }],
  ['a binding to something else', 'binding', { target: { kind: 'Cloud', name: 'here' } }, undefined],
  ['another subresource', 'status', { spec: { nodeName: 'here' } }, undefined],
])('%s', async (_name, subresource, object, want) => {
  const attributes = attributesOf({
    resource: 'pods',
    subresource,
    object: { metadata: { name: 'p' }, ...object },
  });
  await plugin.admit(attributes);
  expect(attributes.object!.metadata.labels).toEqual(want);
});

test("a pod's own label stays", async () => {
  const object = { metadata: { name: 'p', labels: { [ZONE]: 'own' } }, spec: { nodeName: 'here' } };
  await plugin.admit(attributesOf({ resource: 'pods', object }));
  expect(object.metadata.labels).toEqual({ [ZONE]: 'own' });
});
