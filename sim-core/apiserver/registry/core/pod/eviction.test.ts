import { beforeEach, expect, test } from 'vitest';
import { BareApiServer } from '../../../../testing/bare-apiserver.ts';

const PODS = '/api/v1/namespaces/default/pods';
let server: BareApiServer;

/** A pod that runs on a node, which keeps it for its grace period. */
async function runningPod(name: string, ready = 'True'): Promise<string> {
  const { body } = await server.send('POST', PODS, {
    metadata: { name, labels: { app: 'web' } },
    spec: { nodeName: 'n1', automountServiceAccountToken: false, containers: [{ name: 'a', image: 'a' }] },
  });
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] };
  await server.send('PUT', `${PODS}/${name}/status`, { ...body, status });
  return body.metadata.resourceVersion;
}

async function budgetWith(status: object, spec: object = {}): Promise<void> {
  const path = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
  const { body } = await server.send('POST', path, {
    metadata: { name: 'b' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } }, ...spec },
  });
  const counts = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 1 };
  const answer = await server.send('PUT', `${path}/b/status`, {
    ...body,
    status: { observedGeneration: 1, ...counts, ...status },
  });
  expect(answer.status).toBe(200);
}

const evict = (name: string, deleteOptions?: object, query = '') =>
  server.send('POST', `${PODS}/${name}/eviction${query}`, { metadata: { name }, deleteOptions });
const pod = async (name: string) => (await server.send('GET', `${PODS}/${name}`)).body;

beforeEach(async () => {
  server = await new BareApiServer().start();
  await server.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
});

test.each([
  ['in the body', { dryRun: ['All'] }, ''],
  ['in the query', {}, '?dryRun=All'],
])('a dry run asked for %s writes nothing', async (_, options, query) => {
  await runningPod('e1');
  await budgetWith({ disruptionsAllowed: 1, desiredHealthy: 1, currentHealthy: 2 });
  const before = await pod('e1');
  expect((await evict('e1', options, query)).status).toBe(201);
  expect(await pod('e1')).toEqual(before);
  const { body } = await server.send('GET', '/apis/policy/v1/namespaces/default/poddisruptionbudgets/b');
  expect(body.status.disruptedPods).toBeUndefined();
  expect((await evict('e1')).status).toBe(201);
  expect((await pod('e1')).metadata.deletionTimestamp).toBeDefined();
});

test.each([
  ['uid', 'UID', 'The object might have been deleted and then recreated'],
  ['resourceVersion', 'ResourceVersion', 'The object might have been modified'],
])('a pod with another %s is left as it is', async (field, word, reason) => {
  await runningPod('e1');
  const before = await pod('e1');
  const answer = await evict('e1', { preconditions: { [field]: '1' } });
  expect(answer.status).toBe(409);
  expect(answer.body.message).toBe(
    `Operation cannot be fulfilled on Pod "e1": the ${word} in the precondition (1) does not match the ${word} in record (${before.metadata[field]}). ${reason}`,
  );
  expect(await pod('e1')).toEqual(before);
});

test('the version that a client insists on is the one before the eviction marks the pod', async () => {
  await runningPod('e1');
  const { resourceVersion } = (await pod('e1')).metadata;
  expect((await evict('e1', { preconditions: { resourceVersion } })).status).toBe(201);
});

test.each([
  ['a ready pod', 'True', {}, 429],
  ['an unready one with enough that are healthy', 'False', { desiredHealthy: 1, currentHealthy: 1 }, 201],
  ['an unready one with too few', 'False', { desiredHealthy: 2, currentHealthy: 1 }, 429],
])('without an allowed disruption: %s', async (_, ready, status, code) => {
  await runningPod('e1', ready);
  await budgetWith(status);
  expect((await evict('e1')).status).toBe(code);
});

test('an unready pod always goes where the budget says so', async () => {
  await runningPod('e1', 'False');
  await budgetWith({}, { unhealthyPodEvictionPolicy: 'AlwaysAllow' });
  expect((await evict('e1')).status).toBe(201);
});
