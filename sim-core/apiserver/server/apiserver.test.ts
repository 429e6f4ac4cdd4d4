import { describe, expect, test } from 'vitest';
import type { HttpStream } from '../../apimachinery/http.ts';
import type { RequestTraceEvent, ClusterTraceEvent } from '../../apimachinery/trace.ts';
import { PrivateKey } from '../../crypto/keys/private-key.ts';
import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { MemoryClient } from '../../etcd/clientv3/memory.ts';
import { EtcdServer } from '../../etcd/server/etcd-server.ts';
import { settle } from '../../testing/settle.ts';
import { AnonymousAuthenticator } from '../authentication/anonymous.ts';
import { UnionTokenAuthenticator } from '../authentication/bearer-token.ts';
import { LazyTokens } from '../authentication/serviceaccount/tokens.ts';
import type { ResourceDefinition } from '../registry/rest/resource.ts';
import { ApiServer } from './apiserver.ts';
import { DEFAULT_LIMITS } from './kube-apiserver.ts';

const CONFIG_MAPS: ResourceDefinition = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  singular: 'configmap',
  namespaced: true,
  storagePrefix: 'configmaps',
  schema: 'io.k8s.api.core.v1.ConfigMap',
  strategy: {},
};
const plain = (kind: string, resource: string, group = '', namespaced = false): ResourceDefinition => ({
  ...CONFIG_MAPS,
  group,
  kind,
  resource,
  namespaced,
  storagePrefix: resource,
  schema: `io.k8s.api.core.v1.${kind}`,
});

async function newServer() {
  const clock = new VirtualClock({ start: 1_700_000_000_000, settle });
  const rand = new Rand(1);
  const etcd = new EtcdServer({ clock, rand: rand.fork('etcd') }, { name: 'controlplane' });
  etcd.start();
  const events: (RequestTraceEvent | ClusterTraceEvent)[] = [];
  const server = new ApiServer(
    { clock, rand, etcd: new MemoryClient(etcd), tracer: { emit: (event) => events.push(event) } },
    {
      settings: {
        serviceClusterIPRange: '10.96.0.0/12',
        serviceNodePortRange: [30000, 32767],
        advertiseAddress: '172.30.1.2',
        securePort: 6443,
        allowPrivileged: true,
        serviceAccountIssuer: 'https://kubernetes.default.svc.cluster.local',
      },
      version: 'v1.36.4',
      gitCommit: '',
      limits: DEFAULT_LIMITS,
      priorityAndFairness: true,
      groups: [{ name: '', versions: ['v1'] }],
      resources: [
        CONFIG_MAPS,
        plain('Namespace', 'namespaces'),
        plain('Service', 'services', '', true),
        plain('Endpoints', 'endpoints', '', true),
        plain('EndpointSlice', 'endpointslices', 'discovery.k8s.io', true),
        plain('FlowSchema', 'flowschemas', 'flowcontrol.apiserver.k8s.io'),
      ],
      authentication: (reader) => {
        const signer = PrivateKey.fromRandom(rand.bytes(32));
        const tokens = new LazyTokens({
          clock,
          rand,
          reader,
          issuer: 'https://issuer',
          signer,
          verifiers: [],
        });
        return {
          authenticators: [new AnonymousAuthenticator()],
          tokens,
          tokenAuthenticator: new UnionTokenAuthenticator([]),
          jsonWebKeySet: () => tokens.jsonWebKeySet(),
        };
      },
      authorizers: () => [
        { name: 'AlwaysAllow', authorize: async () => ({ decision: 'allow', reason: '' }) },
      ],
      rules: () => ({ rulesFor: async () => ({ rules: [], incomplete: false }) }),
      admissionPlugins: async () => [],
      clusterAuthentication: {},
      bootstrapObjects: async () => [],
    },
  );
  await clock.until(server.start());
  const send = async (method: string, path: string, body?: unknown, type = 'application/json') => {
    const response = await clock.until(
      server.handle({
        method,
        path,
        headers: { 'content-type': type },
        body: body === undefined ? '' : JSON.stringify(body),
      }),
    );
    return {
      status: response.status,
      headers: response.headers,
      body:
        typeof response.body === 'string' && response.body.startsWith('{')
          ? JSON.parse(response.body)
          : response.body,
      stream: response.body as HttpStream,
    };
  };
  return { clock, server, etcd, events, send };
}

const COLLECTION = '/api/v1/namespaces/a/configmaps';
const configMap = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...more,
});

async function lines(
  stream: HttpStream,
): Promise<{ type: string; object: { metadata: { name: string } } }[]> {
  const collected = [];
  for await (const line of stream) collected.push(JSON.parse(line));
  return collected;
}

describe('a write', () => {
  test('create, read, update, delete one object', async () => {
    const { send } = await newServer();
    const created = await send('POST', COLLECTION, configMap('app', { data: { a: '1' } }));
    expect(created.status).toBe(201);
    expect(created.body.metadata).toMatchObject({ name: 'app', namespace: 'a' });
    expect((await send('GET', `${COLLECTION}/app`)).body).toEqual(created.body);
    expect((await send('POST', COLLECTION, configMap('app'))).body.reason).toBe('AlreadyExists');
    const updated = await send('PUT', `${COLLECTION}/app`, configMap('app', { data: { a: '2' } }));
    expect(updated.body.data).toEqual({ a: '2' });
    expect(updated.body.metadata.uid).toBe(created.body.metadata.uid);
    expect((await send('DELETE', `${COLLECTION}/app`)).body.status).toBe('Success');
    expect((await send('GET', `${COLLECTION}/app`)).status).toBe(404);
  });

  test('that changes nothing keeps the resource version', async () => {
    const { send } = await newServer();
    const created = await send('POST', COLLECTION, configMap('app', { data: { a: '1', b: '2' } }));
    const same = await send('PUT', `${COLLECTION}/app`, configMap('app', { data: { b: '2', a: '1' } }));
    expect(same.body.metadata.resourceVersion).toBe(created.body.metadata.resourceVersion);
  });

  test('records key and revisions in the trace', async () => {
    const { send, events } = await newServer();
    const created = await send('POST', COLLECTION, configMap('app'));
    expect(events.find(({ type }) => type === 'stored' && events.at(-1)?.type === 'responded')).toBeDefined();
    expect(events.filter(({ type }) => type === 'stored').at(-1)).toEqual({
      type: 'stored',
      operation: 'create',
      key: '/registry/configmaps/a/app',
      before: 0,
      revision: Number(created.body.metadata.resourceVersion),
    });
  });

  test('concurrent updates without a resource version all win, with one they conflict', async () => {
    const { clock, server, send } = await newServer();
    const made = await send('POST', COLLECTION, configMap('app'));
    const put = (data: object, resourceVersion?: string) =>
      server.handle({
        method: 'PUT',
        path: `${COLLECTION}/app`,
        headers: {},
        body: JSON.stringify({
          ...configMap('app', { data }),
          metadata: { name: 'app', ...(resourceVersion !== undefined && { resourceVersion }) },
        }),
      });
    const free = await clock.until(Promise.all([put({ a: '1' }), put({ a: '2' }), put({ a: '3' })]));
    expect(free.map(({ status }) => status)).toEqual([200, 200, 200]);
    const current = (await send('GET', `${COLLECTION}/app`)).body.metadata.resourceVersion as string;
    expect(current).not.toBe(made.body.metadata.resourceVersion);
    const locked = await clock.until(Promise.all([put({ a: '4' }, current), put({ a: '5' }, current)]));
    expect(locked.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('a watch', () => {
  test('shows each change once, in order, from a list on', async () => {
    const { clock, send } = await newServer();
    await send('POST', COLLECTION, configMap('before'));
    const { resourceVersion } = (await send('GET', COLLECTION)).body.metadata;
    const watch = await send(
      'GET',
      `${COLLECTION}?watch=1&resourceVersion=${resourceVersion}&timeoutSeconds=5`,
    );
    const seen = lines(watch.stream);
    await send('POST', COLLECTION, configMap('w'));
    await send('PUT', `${COLLECTION}/w`, configMap('w', { data: { a: '1' } }));
    await send('DELETE', `${COLLECTION}/w`);
    await clock.advance(6000);
    expect((await seen).map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
      'ADDED w',
      'MODIFIED w',
      'DELETED w',
    ]);
  });

  test('sends bookmarks to whoever asks for them', async () => {
    const { clock, send } = await newServer();
    const watch = await send('GET', `${COLLECTION}?watch=1&allowWatchBookmarks=true&timeoutSeconds=130`);
    const seen = lines(watch.stream);
    await clock.advance(131_000);
    expect((await seen).map(({ type }) => type)).toEqual(['BOOKMARK', 'BOOKMARK', 'BOOKMARK']);
  });

  test('sends one two seconds before the end', async () => {
    const { clock, send } = await newServer();
    const watch = await send('GET', `${COLLECTION}?watch=1&allowWatchBookmarks=true&timeoutSeconds=3`);
    const iterator = watch.stream[Symbol.asyncIterator]();
    const first = iterator.next().then(({ value }) => [clock.now(), JSON.parse(value as string).type]);
    const start = clock.now();
    await clock.advance(2_000);
    expect(await first).toEqual([start + 1_000, 'BOOKMARK']);
    await clock.advance(1_000);
    expect(await iterator.next()).toMatchObject({ done: true });
  });

  test('with initial events says where they end', async () => {
    const { clock, send } = await newServer();
    await send('POST', COLLECTION, configMap('before'));
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = await send('GET', `${COLLECTION}?${query}&timeoutSeconds=1`);
    const seen = lines(watch.stream);
    await clock.advance(2000);
    expect(await seen).toMatchObject([
      { type: 'ADDED', object: { metadata: { name: 'before' } } },
      { type: 'BOOKMARK', object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } } },
    ]);
  });

  test('ends when the server stops', async () => {
    const { clock, server, send } = await newServer();
    const seen = lines((await send('GET', `${COLLECTION}?watch=1`)).stream);
    server.stop();
    await clock.settled();
    expect(await seen).toEqual([]);
  });

  test('of a selection turns objects that leave it into deletions', async () => {
    const { clock, send } = await newServer();
    const watch = await send('GET', `${COLLECTION}?watch=1&labelSelector=on%3Dyes&timeoutSeconds=5`);
    const seen = lines(watch.stream);
    const labelled = (on: string) => ({ ...configMap('l'), metadata: { name: 'l', labels: { on } } });
    await send('POST', COLLECTION, labelled('yes'));
    await send('PUT', `${COLLECTION}/l`, labelled('no'));
    await send('PUT', `${COLLECTION}/l`, labelled('yes'));
    await clock.advance(6000);
    expect((await seen).map(({ type }) => type)).toEqual(['ADDED', 'DELETED', 'ADDED']);
  });
});

describe('a list', () => {
  test('goes on from page to page at one revision', async () => {
    const { send } = await newServer();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await send('POST', COLLECTION, configMap(name));
    const first = await send('GET', `${COLLECTION}?limit=2`);
    expect(first.body.metadata.remainingItemCount).toBe(3);
    await send('POST', COLLECTION, configMap('bb'));
    const token = encodeURIComponent(first.body.metadata.continue);
    const second = await send('GET', `${COLLECTION}?limit=2&continue=${token}`);
    const names = (items: { metadata: { name: string } }[]) => items.map(({ metadata }) => metadata.name);
    expect(names(first.body.items)).toEqual(['a', 'b']);
    expect(names(second.body.items)).toEqual(['c', 'd']);
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
  });

  test('of a revision that never comes times out', async () => {
    const { clock, send } = await newServer();
    const before = clock.now();
    const late = await send('GET', `${COLLECTION}?resourceVersion=999999`);
    expect(late.status).toBe(504);
    expect(late.headers['retry-after']).toBe('1');
    expect(clock.now() - before).toBe(3000);
  });
});

describe('health', () => {
  test('a server that has started is ready', async () => {
    const { send } = await newServer();
    expect(await send('GET', '/readyz')).toMatchObject({ status: 200, body: 'ok' });
    const verbose = (await send('GET', '/readyz?verbose')).body as string;
    expect(verbose).toMatch(/^\[\+\]ping ok\n/);
    expect(verbose).toMatch(/readyz check passed\n$/);
  });

  test('without etcd livez fails and names the check, unless it is excluded', async () => {
    const { etcd, send } = await newServer();
    etcd.stop();
    const failed = await send('GET', '/livez');
    expect(failed.status).toBe(500);
    expect(failed.body).toContain('[-]etcd failed: reason withheld\n');
    const excluded = await send('GET', '/livez?verbose&exclude=etcd');
    expect(excluded.status).toBe(200);
    expect(excluded.body).toContain('[+]etcd excluded: ok\n');
  });
});
