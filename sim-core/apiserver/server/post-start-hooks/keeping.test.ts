import { expect, test } from 'vitest';
import { createCluster } from '../../../cluster/create-cluster.ts';
import { settle } from '../../../testing/settle.ts';

const FLOW_CONTROL = '/apis/flowcontrol.apiserver.k8s.io/v1';

async function newCluster() {
  const cluster = await createCluster({ shape: 'apiserver', seed: 1, settle });
  const certificate = cluster.credentials.get('kubernetes-admin')!.certificate!;
  const send = async (method: string, path: string, body?: object) => {
    const request = {
      method,
      path,
      headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
      certificate,
    };
    const answer = await cluster.clock.until(cluster.request(request));
    return { status: answer.status, body: JSON.parse(answer.body as string) };
  };
  const isThere = async (path: string) => (await send('GET', path)).status === 200;
  return { cluster, send, isThere };
}

test.each([
  ['the service of the apiserver', '/api/v1/namespaces/default/services/kubernetes', 10],
  ['its endpoints', '/api/v1/namespaces/default/endpoints/kubernetes', 10],
  ['their slice', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes', 10],
  ['a mandatory priority level', `${FLOW_CONTROL}/prioritylevelconfigurations/catch-all`, 60],
  ['a suggested flow schema', `${FLOW_CONTROL}/flowschemas/service-accounts`, 60],
])('%s comes back', async (_what, path, seconds) => {
  const { cluster, send, isThere } = await newCluster();
  await cluster.clock.advance(seconds * 1000 - 500);
  const before = (await send('GET', path)).body;
  await send('DELETE', path);
  expect(await isThere(path)).toBe(false);
  await cluster.clock.advance(1000);
  const after = (await send('GET', path)).body;
  expect(after.metadata.uid).not.toBe(before.metadata.uid);
  expect(after.spec).toEqual(before.spec);
});

test('what was changed is corrected, if it is kept', async () => {
  const { cluster, send } = await newCluster();
  const endpoints = '/api/v1/namespaces/default/endpoints/kubernetes';
  const suggested = `${FLOW_CONTROL}/flowschemas/service-accounts`;
  const owned = `${FLOW_CONTROL}/flowschemas/global-default`;
  const was = (await send('GET', endpoints)).body.subsets;
  await send('PATCH', endpoints, { subsets: [] });
  await send('PATCH', suggested, { spec: { matchingPrecedence: 7777 } });
  const annotations = { 'apf.kubernetes.io/autoupdate-spec': 'false' };
  await send('PATCH', owned, { metadata: { annotations }, spec: { matchingPrecedence: 7777 } });
  await cluster.clock.advance(61_000);
  expect((await send('GET', endpoints)).body.subsets).toEqual(was);
  expect((await send('GET', suggested)).body.spec.matchingPrecedence).toBe(9000);
  expect((await send('GET', owned)).body.spec.matchingPrecedence).toBe(7777);
});

test('keeping what is as it should be writes nothing', async () => {
  const { cluster, send } = await newCluster();
  await send('POST', '/api/v1/namespaces/default/services', {
    metadata: { name: 'web' },
    spec: { ports: [{ port: 80 }] },
  });
  const { revision } = (await cluster.etcd.get({ key: 'x' })).header;
  await cluster.clock.advance(200_000);
  expect((await cluster.etcd.get({ key: 'x' })).header.revision).toBe(revision);
});

test('a flow schema says whether its priority level is there', async () => {
  const { cluster, send } = await newCluster();
  const levels = `${FLOW_CONTROL}/prioritylevelconfigurations`;
  const condition = async (name: string) =>
    (await send('GET', `${FLOW_CONTROL}/flowschemas/${name}`)).body.status.conditions[0];
  expect(await condition('service-accounts')).toMatchObject({ type: 'Dangling', status: 'False' });
  const { body } = await send('GET', `${FLOW_CONTROL}/flowschemas/service-accounts`);
  expect(
    body.metadata.managedFields.map((entry: Record<string, unknown>) => [
      entry['manager'],
      entry['operation'],
      entry['subresource'],
    ]),
  ).toContainEqual(['api-priority-and-fairness-config-consumer-v1', 'Apply', 'status']);
  await send('POST', `${FLOW_CONTROL}/flowschemas`, {
    metadata: { name: 'mine' },
    spec: { priorityLevelConfiguration: { name: 'own' } },
  });
  await cluster.clock.advance(1);
  expect(await condition('mine')).toMatchObject({
    status: 'True',
    reason: 'NotFound',
    message:
      'This FlowSchema references the PriorityLevelConfiguration object named "own" but there is no such object',
  });
  const { status } = await send('POST', levels, {
    metadata: { name: 'own' },
    spec: { type: 'Limited', limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' } } },
  });
  expect(status).toBe(201);
  await cluster.clock.advance(1);
  expect(await condition('mine')).toMatchObject({ status: 'False', reason: 'Found' });
});

test('servers behind this one can read how it knows its clients', async () => {
  const { cluster, send } = await newCluster();
  const path = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication';
  const ca = cluster.machines.get('controlplane')!.files.read('/etc/kubernetes/pki/ca.crt');
  expect((await send('GET', path)).body.data).toEqual({ 'client-ca-file': ca });
  await send('PATCH', path, { data: { 'client-ca-file': 'junk', more: 'of another server' } });
  await cluster.clock.advance(61_000);
  expect((await send('GET', path)).body.data).toEqual({ 'client-ca-file': ca, more: 'of another server' });
});

test('the day is known since when legacy tokens are tracked', async () => {
  const { cluster, send } = await newCluster();
  const path =
    '/api/v1/namespaces/kube-system/configmaps/kube-apiserver-legacy-service-account-token-tracking';
  const today = new Date(cluster.clock.now()).toISOString().slice(0, 10);
  expect((await send('GET', path)).body.data).toEqual({ since: today });
  await send('PATCH', path, { data: { since: 'once' } });
  await cluster.clock.advance(30 * 60_000 + 1000);
  expect((await send('GET', path)).body.data).toEqual({ since: today });
});
