import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { attributesOf } from '../../../../testing/admission.ts';
import { readerOf } from '../../../../testing/object-reader.ts';
import { NodeRestriction } from './admission.ts';

const user = { name: 'system:node:node01', groups: ['system:nodes'] };
const here: KubeObject = {
  metadata: { name: 'here', namespace: 'x', uid: 'u1' },
  spec: { nodeName: 'node01' },
};
const there: KubeObject = {
  metadata: { name: 'there', namespace: 'x', uid: 'u2' },
  spec: { nodeName: 'node02' },
};
const plugin = new NodeRestriction({
  reader: readerOf({ pods: [here, there], nodes: [{ metadata: { name: 'node01', uid: 'n1' } }] }),
});

const owner = { apiVersion: 'v1', kind: 'Node', name: 'node01', uid: 'n1', controller: true };
const mirror = (spec: object = {}, meta: object = {}): KubeObject => ({
  metadata: {
    name: 'm',
    namespace: 'x',
    annotations: { 'kubernetes.io/config.mirror': '1' },
    ownerReferences: [owner],
    ...meta,
  },
  spec: { nodeName: 'node01', containers: [], ...spec },
});
const node = (
  name: string,
  more: { labels?: Record<string, string>; taints?: object[] } = {},
): KubeObject => ({
  metadata: { name, ...(more.labels && { labels: more.labels }) },
  spec: { ...(more.taints && { taints: more.taints }) },
});
const podGone = (pod: KubeObject) =>
  attributesOf({
    resource: 'pods',
    operation: 'DELETE',
    user,
    namespace: 'x',
    name: pod.metadata.name!,
    oldObject: pod,
  });
const nodeChange = (object: KubeObject, oldObject: KubeObject) =>
  attributesOf({ resource: 'nodes', operation: 'UPDATE', user, object, oldObject });
const token = (spec: object) =>
  attributesOf({
    resource: 'serviceaccounts',
    subresource: 'token',
    user,
    namespace: 'x',
    object: { metadata: {}, spec },
  });

test.each([
  ['a mirror pod of its own', attributesOf({ resource: 'pods', user, object: mirror() })],
  ['the deletion of its own pod', podGone(here)],
  [
    'a change of its own node',
    nodeChange(node('node01', { labels: { 'example.com/zone': 'a' } }), node('node01')),
  ],
  [
    'a token for its own pod',
    token({ boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'here', uid: 'u1' } }),
  ],
  ['what others do', { ...podGone(there), user: { name: 'jane', groups: [] } }],
])('NodeRestriction admits %s', async (_name, attributes) => {
  await expect(plugin.admit(attributes)).resolves.toBeUndefined();
});

test.each([
  [
    'an ordinary pod',
    attributesOf({ resource: 'pods', user, object: mirror({}, { annotations: {} }) }),
    'pod does not have "kubernetes.io/config.mirror" annotation, node "node01" can only create mirror pods',
  ],
  [
    'a mirror pod of another node',
    attributesOf({ resource: 'pods', user, object: mirror({ nodeName: 'node02' }) }),
    'node "node01" can only create pods with spec.nodeName set to itself',
  ],
  [
    'a mirror pod without an owner',
    attributesOf({ resource: 'pods', user, object: mirror({}, { ownerReferences: [] }) }),
    'can only create pods with an owner reference set to itself',
  ],
  [
    'a mirror pod with a secret',
    attributesOf({ resource: 'pods', user, object: mirror({ imagePullSecrets: [{ name: 's' }] }) }),
    'node "node01" can not create pods that reference secrets',
  ],
  [
    "the deletion of another's pod",
    podGone(there),
    'node "node01" can only delete pods with spec.nodeName set to itself',
  ],
  [
    'another node',
    attributesOf({ resource: 'nodes', user, object: node('node02') }),
    'nodes "node02" is forbidden: node "node01" is not allowed to modify node "node02"',
  ],
  [
    'a reserved label',
    nodeChange(node('node01', { labels: { 'node-role.kubernetes.io/master': '' } }), node('node01')),
    'is not allowed to modify labels: node-role.kubernetes.io/master',
  ],
  [
    'a change of its taints',
    nodeChange(node('node01', { taints: [{ key: 'a' }] }), node('node01')),
    'node "node01" is not allowed to modify taints',
  ],
  ['a token for no pod', token({}), 'node requested token not bound to a pod'],
  [
    "a token for another node's pod",
    token({ boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'there', uid: 'u2' } }),
    'node requested token bound to a pod scheduled on a different node',
  ],
])('NodeRestriction refuses %s', async (_name, attributes, message) => {
  await expect(plugin.admit(attributes)).rejects.toThrow(message);
});
