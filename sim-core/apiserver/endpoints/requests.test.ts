import { beforeAll, describe, expect, test } from 'vitest';
import { BareApiServer } from '../../testing/bare-apiserver.ts';

const server = new BareApiServer();
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
});
const accept = (type: string) => ({ accept: type });

beforeAll(async () => {
  await server.start();
  for (const name of ['a', 'b', 'c']) await server.send('POST', CONFIG_MAPS, configMap(name));
});

describe('methods and paths', () => {
  const notAllowed = 'the server does not allow this method on the requested resource';
  const notFound = 'the server could not find the requested resource';
  test.each([
    ['HEAD', CONFIG_MAPS, 405, notAllowed],
    ['POST', '/version', 405, notAllowed],
    ['PUT', '/apis/apps/v1', 405, notAllowed],
    ['POST', '/api/v1/watch/namespaces/default/configmaps', 405, notAllowed],
    ['GET', '/api/v1/namespaces/default/finalize', 405, notAllowed],
    ['GET', '/api/v1/bindings', 404, notFound],
    ['GET', '/api/v1/proxy/namespaces/default', 404, notFound],
    ['GET', '/api/v1/namespaces/default/pods/x/log/more', 404, notFound],
    ['GET', '/api/v1/namespaces/%2e%2e/pods', 500, 'invalid key: "/pods/.."'],
    ['GET', '/api/v1/namespaces/%2e/pods/x', 500, 'invalid key: "/pods/./x"'],
    ['DELETE', '/api/v1/namespaces/%2e%2e/pods/x', 500, 'invalid key: "/pods/../x"'],
    ['GET', `${CONFIG_MAPS}/..`, 400, 'Name parameter invalid: "..": may not be \'..\''],
    ['GET', `${CONFIG_MAPS}/%25`, 400, 'Name parameter invalid: "%": may not contain \'%\''],
    [
      'GET',
      `${CONFIG_MAPS}/a?export=true`,
      400,
      'the export parameter, deprecated since v1.14, is no longer supported',
    ],
    [
      'GET',
      '/apis/apps/v1/namespaces/default/deployments/none/scale',
      404,
      'deployments/scale.apps "none" not found',
    ],
    [
      'DELETE',
      '/apis/scheduling.k8s.io/v1/priorityclasses/system-node-critical',
      403,
      'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted',
    ],
  ])('%s %s', async (method, path, code, message) => {
    expect((await server.send(method, path)).body).toMatchObject({ code, message });
  });

  // The aggregator's own handlers look at no method.
  test.each(['/apis', '/apis/apps', '/healthz'])('POST %s', async (path) => {
    expect((await server.send('POST', path)).status).toBe(200);
  });

  test('a path that cannot be decoded', async () => {
    expect(await server.send('GET', `${CONFIG_MAPS}/%`)).toMatchObject({
      status: 400,
      body: '400 Bad Request',
    });
  });
});

describe('representations', () => {
  test('YAML as Go writes it', async () => {
    const { body } = await server.send(
      'GET',
      '/api/v1/namespaces/none',
      undefined,
      accept('application/yaml'),
    );
    expect(body).toBe(
      [
        'apiVersion: v1',
        'code: 404',
        'details:',
        '  kind: namespaces',
        '  name: none',
        'kind: Status',
        'message: namespaces "none" not found',
        'metadata: {}',
        'reason: NotFound',
        'status: Failure',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['application/json;as=Table;v=v1beta1;g=meta.k8s.io', 'meta.k8s.io/v1beta1'],
    ['application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io', 'meta.k8s.io/v1'],
  ])('%s', async (type, apiVersion) => {
    expect((await server.send('GET', `${CONFIG_MAPS}/a`, undefined, accept(type))).body.apiVersion).toBe(
      apiVersion,
    );
  });

  test('a list is no object', async () => {
    const type = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
    expect((await server.send('GET', CONFIG_MAPS, undefined, accept(type))).body.message).toBe(
      'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
    );
  });

  test('what a Table may include', async () => {
    const type = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { body } = await server.send('GET', `${CONFIG_MAPS}?includeObject=x`, undefined, accept(type));
    expect(body.message).toBe(
      "Unable to convert to Table as requested: includeObject: Invalid value: \"x\": must be 'Metadata', 'Object', 'None', or empty",
    );
  });
});

describe('lists', () => {
  test.each([
    ['limit=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    [
      'limit=18446744073709551616',
      400,
      'strconv.ParseInt: parsing "18446744073709551616": value out of range',
    ],
    [
      'continue=bogus',
      400,
      'invalid continue token: continue key is not valid: illegal base64 data at input byte 4',
    ],
    [
      'resourceVersion=1&continue=bogus',
      400,
      'invalid continue token: continue key is not valid: illegal base64 data at input byte 4',
    ],
    [
      'resourceVersion=x',
      500,
      'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
    ],
    [
      'resourceVersion=x&limit=1',
      400,
      'invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
    ],
    [
      'resourceVersion=999999&resourceVersionMatch=Exact',
      500,
      'etcdserver: mvcc: required revision is a future revision',
    ],
  ])('%s', async (query, code, message) => {
    expect((await server.send('GET', `${CONFIG_MAPS}?${query}`)).body).toMatchObject({ code, message });
  });

  test('a page of a resource version is a page of exactly that one', async () => {
    const { body: before } = await server.send('GET', `${CONFIG_MAPS}?fieldSelector=metadata.name%3Da`);
    await server.send('POST', CONFIG_MAPS, configMap('late'));
    const version = before.metadata.resourceVersion;
    const { body } = await server.send('GET', `${CONFIG_MAPS}?limit=10&resourceVersion=${version}`);
    expect(body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual([
      'a',
      'b',
      'c',
    ]);
    await server.send('DELETE', `${CONFIG_MAPS}/late`);
  });

  test('a watch of old', async () => {
    const { events } = await server.watch('/api/v1/watch/namespaces/default/configmaps/b');
    await server.clock.advance(10);
    expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual(['ADDED b']);
  });
});

describe('deletions', () => {
  test.each([
    ['uid=x', 409],
    ['resourceVersion=1', 409],
    ['gracePeriodSeconds=', 400],
  ])('options in the query: %s', async (query, status) => {
    expect((await server.send('DELETE', `${CONFIG_MAPS}/a?${query}`)).status).toBe(status);
  });

  test.each([
    [{ kind: 'Pod', apiVersion: 'v1' }, 500],
    [{ kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 'x' }, 500],
    [{ kind: 'DeleteOptions', apiVersion: 'anything/v7', dryRun: ['All'] }, 200],
  ])('options in the body: %j', async (body, status) => {
    expect((await server.send('DELETE', `${CONFIG_MAPS}/a`, body)).status).toBe(status);
  });

  test('a namespace gets the finalizer of the policy', async () => {
    await server.send('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'gone' },
    });
    const { body } = await server.send('DELETE', '/api/v1/namespaces/gone?propagationPolicy=Foreground');
    expect(body.metadata.finalizers).toEqual(['foregroundDeletion']);
  });
});

describe('metadata', () => {
  const reference = { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'u' };

  test('owner references are kept once', async () => {
    const { body, warning } = await server.send(
      'POST',
      CONFIG_MAPS,
      configMap('owned', { ownerReferences: [reference, { ...reference }] }),
    );
    expect(body.metadata.ownerReferences).toEqual([reference]);
    expect(warning).toContain('contains duplicate entries');
  });

  // Upstream checks metadata four times when a ConfigMap changes, and twice when a PodDisruptionBudget does.
  test.each([
    [`${CONFIG_MAPS}/a`, 4],
    ['/apis/policy/v1/namespaces/default/poddisruptionbudgets/p', 2],
  ])('a label that is wrong shows once for each check: %s', async (path, count) => {
    await server.send('POST', '/apis/policy/v1/namespaces/default/poddisruptionbudgets', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'p' },
    });
    const patch = { metadata: { labels: { a: 'not valid' } } };
    const { body } = await server.send('PATCH', path, patch, {
      'content-type': 'application/merge-patch+json',
    });
    expect(body.details.causes).toHaveLength(count);
  });

  test('a new object has no resource version', async () => {
    const { body } = await server.send('POST', CONFIG_MAPS, configMap('new', { resourceVersion: '5' }));
    expect(body).toMatchObject({
      code: 500,
      message: 'resourceVersion should not be set on objects to be created',
    });
  });
});

describe('patches', () => {
  const patch = (type: string, body: unknown) =>
    server.send('PATCH', `${CONFIG_MAPS}/a`, body, { 'content-type': `application/${type}` });

  test.each([
    [{ kind: 'Secret' }, 'converting (v1.Secret) to (core.ConfigMap): unknown conversion'],
    [
      { apiVersion: 'apps/v1' },
      'no kind "ConfigMap" is registered for version "apps/v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
  ])('an object does not become another kind: %j', async (body, complaint) => {
    const { body: status } = await patch('merge-patch+json', body);
    expect(status.code).toBe(422);
    expect(status.message.endsWith(complaint)).toBe(true);
    expect(status.details.kind).toBeUndefined();
  });

  test('a patch is of one type', async () => {
    const { body } = await patch('merge-patch+json, application/json', {});
    expect(body).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
    expect(body.message).toContain('the body of the request was in an unknown format');
  });

  test('Go converts a text into no number', async () => {
    const path = '/api/v1/namespaces/default/services';
    await server.send('POST', path, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { ports: [{ port: 80 }] },
    });
    const { body } = await server.send(
      'PATCH',
      `${path}/s`,
      { spec: { ports: [{ port: '80' }] } },
      { 'content-type': 'application/strategic-merge-patch+json' },
    );
    expect(body.message).toContain('unrecognized type: int32');
  });

  test('an apply that gives up a map leaves it to whoever else named it', async () => {
    const apply = (manager: string, data?: object) =>
      server.send(
        'PATCH',
        `${CONFIG_MAPS}/shared?fieldManager=${manager}`,
        { ...configMap('shared'), ...(data && { data }) },
        { 'content-type': 'application/apply-patch+yaml' },
      );
    await apply('alice', {});
    await apply('bob', { a: '1' });
    const { body } = await apply('bob');
    const managers = body.metadata.managedFields.map(({ manager }: { manager: string }) => manager);
    expect(managers).toEqual(['alice']);
  });
});

describe('versions of one kind', () => {
  const autoscalers = (version: string) =>
    `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;

  test('what is written in one is read in the other', async () => {
    await server.send('POST', autoscalers('v1'), {
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'h' },
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'd' },
        maxReplicas: 4,
        targetCPUUtilizationPercentage: 60,
      },
    });
    const { body } = await server.send('GET', `${autoscalers('v2')}/h`);
    expect(body.spec.metrics[0].resource.target).toEqual({ type: 'Utilization', averageUtilization: 60 });
    const discovered = await server.send('GET', '/apis/autoscaling/v1');
    expect(discovered.body.resources[0].storageVersionHash).toBe('qwQve8ut294=');
  });
});
