import { expect, test } from 'vitest';
import { readerOf } from '../../../testing/object-reader.ts';
import type { AuthorizationAttributes } from '../authorizer.ts';
import { NodeGraph } from './graph.ts';
import { NodeAuthorizer } from './node-authorizer.ts';

const pod = (name: string, nodeName: string, spec: object, annotations?: Record<string, string>) => ({
  metadata: { name, namespace: 'x', ...(annotations && { annotations }) },
  spec: { nodeName, serviceAccountName: 'app', containers: [], ...spec },
});
const volumes = [
  { name: 's', secret: { secretName: 'used' } },
  { name: 'p', projected: { sources: [{ configMap: { name: 'projected' } }] } },
  { name: 'c', persistentVolumeClaim: { claimName: 'claim' } },
];
const authorizer = new NodeAuthorizer(
  new NodeGraph(
    readerOf({
      pods: [
        pod('a', 'node01', { volumes }),
        pod(
          'm',
          'node01',
          { volumes: [{ name: 's', secret: { secretName: 'mirrored' } }] },
          { 'kubernetes.io/config.mirror': '1' },
        ),
      ],
      persistentvolumes: [
        { metadata: { name: 'pv' }, spec: { claimRef: { namespace: 'x', name: 'claim' } } },
      ],
    }),
  ),
);
const ask = (verb: string, resource: string, name: string, more: Partial<AuthorizationAttributes> = {}) =>
  authorizer.authorize({
    user: { name: 'system:node:node01', groups: ['system:nodes'] },
    verb,
    resourceRequest: true,
    group: '',
    version: 'v1',
    resource,
    subresource: '',
    namespace: 'x',
    name,
    path: '',
    ...more,
  });
const user = (name: string, ...groups: string[]) => ({ user: { name, groups } });
const UNRELATED = "no relationship found between node 'node01' and this object";

test.each<[string, Promise<unknown>, string, string]>([
  ['a secret of its pod', ask('get', 'secrets', 'used'), 'allow', ''],
  ['a secret of no pod', ask('get', 'secrets', 'other'), 'no opinion', UNRELATED],
  ['a secret that a mirror pod names', ask('get', 'secrets', 'mirrored'), 'no opinion', UNRELATED],
  ['all secrets', ask('list', 'secrets', ''), 'no opinion', 'No Object name found'],
  [
    'to write a secret',
    ask('update', 'secrets', 'used'),
    'no opinion',
    'can only read resources of this type',
  ],
  ['a projected config map', ask('watch', 'configmaps', 'projected'), 'allow', ''],
  ['the volume of a claim of its pod', ask('get', 'persistentvolumes', 'pv', { namespace: '' }), 'allow', ''],
  [
    'a token for the account of its pod',
    ask('create', 'serviceaccounts', 'app', { subresource: 'token' }),
    'allow',
    '',
  ],
  [
    'a token for another account',
    ask('create', 'serviceaccounts', 'root', { subresource: 'token' }),
    'no opinion',
    UNRELATED,
  ],
  [
    'its own lease',
    ask('update', 'leases', 'node01', { group: 'coordination.k8s.io', namespace: 'kube-node-lease' }),
    'allow',
    '',
  ],
  [
    "another's lease",
    ask('update', 'leases', 'node02', { group: 'coordination.k8s.io', namespace: 'kube-node-lease' }),
    'no opinion',
    'can only access node lease with the same name as the requesting node',
  ],
  ['all pods', ask('list', 'pods', '', { namespace: '' }), 'allow', ''],
  ['a deployment', ask('get', 'deployments', 'web', { group: 'apps' }), 'no opinion', ''],
  [
    'a secret on another node',
    ask('get', 'secrets', 'used', user('system:node:node02', 'system:nodes')),
    'no opinion',
    "no relationship found between node 'node02' and this object",
  ],
  ['one who is no node', ask('list', 'pods', '', user('jane')), 'no opinion', ''],
  [
    'a node without a name',
    ask('list', 'pods', '', user('system:node:', 'system:nodes')),
    'no opinion',
    'unknown node for user "system:node:"',
  ],
])('NodeAuthorizer: %s', async (_name, got, decision, reason) => {
  expect(await got).toEqual({ decision, reason });
});
