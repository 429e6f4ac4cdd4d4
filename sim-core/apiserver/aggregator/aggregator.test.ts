import { beforeEach, expect, test } from 'vitest';
import type { HttpRequest } from '../../apimachinery/http.ts';
import { BareApiServer } from '../../testing/bare-apiserver.ts';

const API_SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
const METRICS = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1.metrics.example.com' },
  spec: {
    group: 'metrics.example.com',
    version: 'v1',
    groupPriorityMinimum: 100,
    versionPriority: 100,
    insecureSkipTLSVerify: true,
    service: { namespace: 'default', name: 'metrics' },
  },
};

let server: BareApiServer;
beforeEach(async () => {
  server = await new BareApiServer().start();
});

const availability = async () => {
  const { body } = await server.send('GET', `${API_SERVICES}/v1.metrics.example.com`);
  const [{ status, reason, message }] = body.status.conditions;
  return { status, reason, message };
};

test('the server has an available APIService for each version of its own groups', async () => {
  const { body } = await server.send('GET', API_SERVICES);
  const names = body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  expect(names).toContain('v1.');
  expect(names).toContain('v1.apps');
  for (const { status } of body.items) {
    expect(status.conditions).toMatchObject([{ type: 'Available', status: 'True', reason: 'Local' }]);
  }
});

test('a name must be that of the group and its version', async () => {
  const { status, body } = await server.send('POST', API_SERVICES, { ...METRICS, metadata: { name: 'x' } });
  expect(status).toBe(422);
  expect(body.message).toContain('must be `spec.version+"."+spec.group`: "v1.metrics.example.com"');
});

test('a group without a server is listed and unavailable', async () => {
  await server.send('POST', API_SERVICES, METRICS);
  await server.clock.advance(1_000);
  expect(await availability()).toEqual({
    status: 'False',
    reason: 'ServiceNotFound',
    message: 'service/metrics in "default" is not present',
  });
  const { body: groups } = await server.send('GET', '/apis');
  expect(groups.groups.at(-1)).toMatchObject({ name: 'metrics.example.com' });
  const answer = await server.send('GET', '/apis/metrics.example.com/v1/pods');
  expect(answer).toMatchObject({ status: 503, body: 'service unavailable\n' });
});

test('requests reach the server of a group, as whom they came', async () => {
  const seen: HttpRequest[] = [];
  server.listeners.set('10.244.1.7:8443', (request: HttpRequest) => {
    seen.push(request);
    const body =
      request.path === '/apis/metrics.example.com/v1'
        ? { resources: [{ name: 'pods', kind: 'PodMetrics', namespaced: true, verbs: ['get', 'list'] }] }
        : { kind: 'PodMetricsList', items: [] };
    return Promise.resolve({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  });
  await server.send('POST', '/api/v1/namespaces/default/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'metrics' },
    spec: { ports: [{ name: 'https', port: 443, targetPort: 8443 }] },
  });
  const address = { ip: '10.244.1.7' };
  await server.send('POST', '/api/v1/namespaces/default/endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'metrics' },
    subsets: [{ addresses: [address], ports: [{ name: 'https', port: 8443 }] }],
  });
  await server.send('POST', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'metrics-x', labels: { 'kubernetes.io/service-name': 'metrics' } },
    addressType: 'IPv4',
    ports: [{ name: 'https', port: 8443, protocol: 'TCP' }],
    endpoints: [{ addresses: [address.ip], conditions: { ready: true } }],
  });
  await server.send('POST', API_SERVICES, METRICS);
  await server.clock.advance(1_000);
  expect(await availability()).toMatchObject({ status: 'True', reason: 'Passed' });
  const { body } = await server.send('GET', '/apis/metrics.example.com/v1/pods');
  expect(body).toEqual({ kind: 'PodMetricsList', items: [] });
  expect(seen.at(-1)!.headers).toMatchObject({ 'x-remote-user': 'kubernetes-admin' });
});

test("a definition's group comes and goes with it", async () => {
  await server.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
      ],
    },
  });
  await server.clock.advance(1_000);
  const path = `${API_SERVICES}/v1.example.com`;
  expect((await server.send('GET', path)).body.metadata.labels).toEqual({
    'kube-aggregator.kubernetes.io/automanaged': 'true',
  });
  await server.send('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com');
  await server.clock.advance(2_000);
  expect((await server.send('GET', path)).status).toBe(404);
});

test('component statuses say who answers, with a warning', async () => {
  const { body, warning } = await server.send('GET', '/api/v1/componentstatuses');
  expect(warning).toBe('299 - "v1 ComponentStatus is deprecated in v1.19+"');
  expect(body.items).toMatchObject([
    { metadata: { name: 'scheduler' }, conditions: [{ status: 'False' }] },
    { metadata: { name: 'controller-manager' }, conditions: [{ status: 'False' }] },
    { metadata: { name: 'etcd-0' }, conditions: [{ status: 'True', message: 'ok' }] },
  ]);
});
