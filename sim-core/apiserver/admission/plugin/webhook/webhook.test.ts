import { beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../apimachinery/object.ts';
import { BareApiServer } from '../../../../testing/bare-apiserver.ts';
import type { WebhookDecision } from '../../../../testing/webhook-server.ts';
import { webhookServer } from '../../../../testing/webhook-server.ts';

const BASE = '/apis/admissionregistration.k8s.io/v1';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const POD = '10.244.1.7:8443';

const configuration = (kind: 'Mutating' | 'Validating', webhooks: readonly object[]) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: `${kind}WebhookConfiguration`,
  metadata: { name: 'hooks' },
  webhooks: webhooks.map((webhook) => ({
    name: 'check.example.com',
    clientConfig: { service: { namespace: 'default', name: 'hooks', path: '/check' } },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 2,
    ...webhook,
  })),
});

let server: BareApiServer;
beforeEach(async () => {
  server = await new BareApiServer().start();
  await server.send('POST', '/api/v1/namespaces/default/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'hooks' },
    spec: { clusterIP: '10.96.0.77', ports: [{ name: 'https', port: 443, targetPort: 8443 }] },
  });
  await server.send('POST', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'hooks-x', labels: { 'kubernetes.io/service-name': 'hooks' } },
    addressType: 'IPv4',
    ports: [{ name: 'https', port: 8443, protocol: 'TCP' }],
    endpoints: [{ addresses: ['10.244.1.7'], conditions: { ready: true } }],
  });
});

function listen(decide: (request: JsonObject) => WebhookDecision): JsonObject[] {
  const seen: JsonObject[] = [];
  server.listeners.set(
    POD,
    webhookServer((request) => {
      seen.push(request);
      return decide(request);
    }),
  );
  return seen;
}
async function register(kind: 'Mutating' | 'Validating', ...webhooks: readonly object[]): Promise<void> {
  const path = `${BASE}/${kind.toLowerCase()}webhookconfigurations`;
  const answer = await server.send('POST', path, configuration(kind, webhooks));
  expect(answer.body.message).toBeUndefined();
}
const create = (name: string, more: object = {}, query = '') =>
  server.send('POST', CONFIG_MAPS + query, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: { app: name } },
    ...more,
  });

describe('a validating webhook', () => {
  test('is asked about the object and may refuse it', async () => {
    const seen = listen(() => ({
      allowed: false,
      status: { message: 'not today', code: 403, reason: 'Forbidden' },
    }));
    await register('Validating', {});
    const { status, body } = await create('a', { data: { k: 'v' } });
    expect(status).toBe(403);
    expect(body.message).toBe('admission webhook "check.example.com" denied the request: not today');
    expect(seen[0]).toMatchObject({
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      operation: 'CREATE',
      name: 'a',
      namespace: 'default',
      userInfo: { username: 'kubernetes-admin' },
      object: { data: { k: 'v' } },
      oldObject: null,
      dryRun: false,
    });
  });

  test('may warn', async () => {
    listen(() => ({ allowed: true, warnings: ['take care'] }));
    await register('Validating', {});
    expect(await create('a')).toMatchObject({ status: 201, warning: '299 - "take care"' });
  });

  test('is not asked about what its selectors and conditions leave out', async () => {
    const seen = listen(() => ({ allowed: false }));
    await register('Validating', {
      objectSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['free'] }] },
      matchConditions: [{ name: 'not-b', expression: "object.metadata.name != 'b'" }],
    });
    expect((await create('free')).status).toBe(201);
    expect((await create('b')).status).toBe(201);
    expect(seen).toEqual([]);
    expect((await create('c')).body.message).toBe(
      'admission webhook "check.example.com" denied the request without explanation',
    );
  });
});

describe('a webhook that cannot be called', () => {
  const post = 'Post \\"https://hooks.default.svc:443/check?timeout=2s\\"'.replaceAll('\\', '');
  test.each<[string, () => void, object, string]>([
    ['nobody listens', () => {}, {}, `${post}: dial tcp 10.96.0.77:443: connect: connection refused`],
    [
      'there is no service',
      () => {},
      { clientConfig: { service: { namespace: 'default', name: 'none' } } },
      'Post "https://none.default.svc:443/?timeout=2s": service "none" not found',
    ],
    [
      'it does not answer in time',
      () => server.listeners.set(POD, () => new Promise(() => {})),
      {},
      `${post}: context deadline exceeded`,
    ],
    [
      'it has no such path',
      () => server.listeners.set(POD, async () => ({ status: 404, headers: {}, body: '404 page not found' })),
      {},
      'the server could not find the requested resource',
    ],
  ])('%s', async (_, arrange, webhook, reason) => {
    arrange();
    await register('Validating', webhook);
    const { status, body } = await create('a');
    expect(status).toBe(500);
    expect(body.message).toBe(
      `Internal error occurred: failed calling webhook "check.example.com": failed to call webhook: ${reason}`,
    );
  });

  test('is passed over if its failure policy says so', async () => {
    await register('Validating', { failurePolicy: 'Ignore' });
    expect((await create('a')).status).toBe(201);
  });

  test('or whose answer belongs to another question', async () => {
    server.listeners.set(POD, async () => ({
      status: 200,
      headers: {},
      body: JSON.stringify({
        kind: 'AdmissionReview',
        apiVersion: 'admission.k8s.io/v1',
        response: { uid: 'x', allowed: true },
      }),
    }));
    await register('Validating', {});
    expect((await create('a')).body.message).toMatch(
      /received invalid webhook response: expected response.uid="[-0-9a-f]+", got "x"$/,
    );
  });
});

describe('a mutating webhook', () => {
  const label = (key: string, value: string) => [{ op: 'add', path: `/metadata/labels/${key}`, value }];

  test('patches the object', async () => {
    listen(() => ({ allowed: true, patch: label('seen', 'yes') }));
    await register('Mutating', {});
    expect((await create('a')).body.metadata.labels).toEqual({ app: 'a', seen: 'yes' });
  });

  test('sees changes of later ones, if it asks for that', async () => {
    const seen = listen((request) => {
      const labels = (request['object'] as unknown as { metadata: { labels: Record<string, string> } })
        .metadata.labels;
      return labels['first'] === undefined
        ? { allowed: true, patch: label('first', 'yes') }
        : { allowed: true, patch: label('second', String(Object.keys(labels).length)) };
    });
    await register(
      'Mutating',
      { name: 'one.example.com', reinvocationPolicy: 'IfNeeded' },
      { name: 'two.example.com' },
    );
    const { body } = await create('a');
    expect(seen).toHaveLength(3);
    expect(body.metadata.labels).toEqual({ app: 'a', first: 'yes', second: '3' });
  });

  test('with side effects refuses a dry run', async () => {
    listen(() => ({ allowed: true }));
    const answer = await server.send(
      'POST',
      `${BASE}/mutatingwebhookconfigurations`,
      configuration('Mutating', [{ sideEffects: 'Some' }]),
    );
    expect(answer.body.message).toContain('webhooks[0].sideEffects: Unsupported value: "Some"');
    await register('Mutating', { sideEffects: 'NoneOnDryRun' });
    expect((await create('a', {}, '?dryRun=All')).status).toBe(201);
  });
});
