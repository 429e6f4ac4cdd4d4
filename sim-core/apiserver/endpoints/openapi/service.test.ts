import { describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { JsonObject } from '../../../apimachinery/object.ts';
import { Rand } from '../../../clock/rand.ts';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import { bytesOfText } from '../../../crypto/encoding/byte-text.ts';
import { settle } from '../../../testing/settle.ts';
import { builtinResources } from '../../registry/resources.ts';
import { Query } from '../query.ts';
import { requestInfoOf } from '../request-info.ts';
import type { ServerRequest } from '../request.ts';
import { encodeDocument } from './protobuf/encode.ts';
import { OpenApiService } from './service.ts';

const JSON_TYPE = 'application/json';
const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

const clock = new VirtualClock({ start: Date.UTC(2026, 10, 23), settle });
const service = new OpenApiService({
  clock,
  version: 'v1.36.4',
  groups: () => [
    { name: '', versions: ['v1'] },
    { name: 'apps', versions: ['v1'] },
    { name: 'rbac.authorization.k8s.io', versions: ['v1'] },
  ],
  definitions: () => builtinResources,
});

async function ask(target: string, headers: Record<string, string> = {}): Promise<HttpResponse> {
  const [path = '', text = ''] = target.split('?');
  const query = new Query(text);
  const request: ServerRequest = {
    http: { method: 'GET', path: target, headers, body: '' },
    path,
    query,
    info: requestInfoOf('GET', path, query),
    id: new Rand(1).uuid(),
    receivedAt: clock.now(),
    user: { name: 'jane', groups: [] },
    warnings: [],
    responseHeaders: {},
    trace: () => {},
  };
  return (await clock.until(service.answer(request)))!;
}

const read = async (target: string) => JSON.parse((await ask(target)).body as string);

/** Every "$ref" below `value`. */
function refsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) refsIn(item, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === '$ref' && typeof inner === 'string') found.add(inner);
      else refsIn(inner, found);
    }
  }
  return found;
}

describe('OpenApiService', () => {
  test('lists a document for each group version', async () => {
    const { paths } = await read('/openapi/v3');
    expect(Object.keys(paths)).toEqual(['api/v1', 'apis/apps/v1', 'apis/rbac.authorization.k8s.io/v1']);
    expect(paths['apis/apps/v1'].serverRelativeURL).toMatch(
      /^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/,
    );
  });

  test.each([
    { path: '/openapi/v3/api/v1', prefix: '#/components/schemas/' },
    { path: '/openapi/v3/apis/apps/v1', prefix: '#/components/schemas/' },
    { path: '/openapi/v2', prefix: '#/definitions/' },
  ])('$path holds every type that it refers to', async ({ path, prefix }) => {
    const document = await read(path);
    const schemas: JsonObject = document.components?.schemas ?? document.definitions;
    const missing = [...refsIn(document)].filter(
      (reference) => !reference.startsWith(prefix) || !Object.hasOwn(schemas, reference.slice(prefix.length)),
    );
    expect(missing).toEqual([]);
    expect(Object.keys(schemas).length).toBeGreaterThan(100);
  });

  test('a path of a resource says what kubectl looks for', async () => {
    const { paths, components } = await read('/openapi/v3/apis/apps/v1');
    const { get, patch, parameters } = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
    const kind = { group: 'apps', kind: 'Deployment', version: 'v1' };
    expect(get['x-kubernetes-group-version-kind']).toEqual(kind);
    expect(get.operationId).toBe('readAppsV1NamespacedDeployment');
    expect(patch['x-kubernetes-action']).toBe('patch');
    expect(patch.parameters.map(({ name }: { name: string }) => name)).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ]);
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(['name', 'namespace', 'pretty']);
    expect(components.schemas['io.k8s.api.apps.v1.Deployment']['x-kubernetes-group-version-kind']).toEqual([
      kind,
    ]);
    const { strategy } = components.schemas['io.k8s.api.apps.v1.DeploymentSpec'].properties;
    expect(strategy['x-kubernetes-patch-strategy']).toBe('retainKeys');
  });

  test('fields say how they merge', async () => {
    const { components } = await read('/openapi/v3/api/v1');
    const { containers } = components.schemas['io.k8s.api.core.v1.PodSpec'].properties;
    expect(containers).toMatchObject({
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'name',
    });
  });

  test.each([
    ['/openapi/v3/api/v1', 'TCP'],
    ['/openapi/v2', undefined],
  ])('%s says which values a field takes', async (path, protocol) => {
    const document = await read(path);
    const schemas = document.components?.schemas ?? document.definitions;
    const fieldsOf = (type: string) => schemas[`io.k8s.api.core.v1.${type}`].properties;
    const { restartPolicy } = fieldsOf('PodSpec');
    expect(restartPolicy.enum).toEqual(['Always', 'Never', 'OnFailure']);
    expect(restartPolicy.description).toMatch(/\n\nPossible enum values:\n - `"Always"`\n - `"Never"`\n/);
    expect(fieldsOf('ContainerPort').protocol).toMatchObject({ enum: ['SCTP', 'TCP', 'UDP'] });
    expect(fieldsOf('ContainerPort').protocol.default).toBe(protocol);
    const { scopes } = fieldsOf('ResourceQuotaSpec');
    expect(scopes.items.enum).toContain('BestEffort');
    expect(scopes.description).not.toContain('Possible enum values');
    expect(scopes['x-kubernetes-list-type']).toBe('atomic');
    expect(schemas['io.k8s.api.core.v1.PodList'].properties.items['x-kubernetes-list-type']).toBeUndefined();
  });

  test('operation ids are unique', async () => {
    const { paths } = await read('/openapi/v2');
    const ids = Object.values(paths).flatMap((item) =>
      Object.values(item as object).flatMap((operation) => operation.operationId ?? []),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('listCoreV1PodForAllNamespaces');
    expect(ids).toContain('deleteRbacAuthorizationV1CollectionNamespacedRole');
    expect(ids).toContain('replaceAppsV1NamespacedDeploymentScale');
  });

  test('the hash lets a client keep a document for ever', async () => {
    const { paths } = await read('/openapi/v3');
    const url: string = paths['api/v1'].serverRelativeURL;
    const kept = await ask(url);
    expect(kept.headers).toMatchObject({
      'cache-control': 'public, immutable',
      expires: 'Tue, 23 Nov 2027 00:00:00 GMT',
      etag: `"${url.split('=')[1]}"`,
    });
    const moved = await ask('/openapi/v3/api/v1?hash=0000');
    expect([moved.status, moved.headers.location]).toEqual([301, url]);
    const same = await ask('/openapi/v3/api/v1', { 'if-none-match': String(kept.headers.etag) });
    expect([same.status, same.body]).toEqual([304, '']);
  });

  test.each([
    [undefined, JSON_TYPE, JSON_TYPE],
    ['*/*', JSON_TYPE, JSON_TYPE],
    ['application/json;q=0.9', JSON_TYPE, JSON_TYPE],
    ['application/com.github.proto-openapi.spec.v2@v1.0+protobuf', PROTOBUF, undefined],
    [PROTOBUF, PROTOBUF, undefined],
    [`${PROTOBUF}, application/json`, PROTOBUF, JSON_TYPE],
    [`${PROTOBUF};q=0.5, application/json`, JSON_TYPE, JSON_TYPE],
    ['application/com.github.proto-openapi.spec.v3.v1.0+protobuf, application/*', JSON_TYPE, JSON_TYPE],
    ['text/html', undefined, undefined],
  ])('Accept: %s gets %s, of version 3 %s', async (accept, v2, v3) => {
    for (const [path, type] of [
      ['/openapi/v2', v2],
      ['/openapi/v3/apis/apps/v1', v3],
    ] as const) {
      const { status, headers } = await ask(path, accept === undefined ? {} : { accept });
      expect([status, headers['content-type']]).toEqual([type === undefined ? 406 : 200, type]);
    }
  });

  test('version 2 in protobuf is the JSON in bytes', async () => {
    const json = await ask('/openapi/v2');
    const { headers, body } = await ask('/openapi/v2', { accept: PROTOBUF });
    expect(bytesOfText(body as string)).toEqual(encodeDocument(JSON.parse(json.body as string)));
    expect(headers).toEqual({ ...json.headers, 'content-type': PROTOBUF });
    expect(headers).toMatchObject({
      vary: ['Accept-Encoding', 'Accept'],
      'last-modified': 'Mon, 23 Nov 2026 00:00:00 GMT',
    });
  });

  test.each([
    [(etag: string) => etag, 304],
    [(etag: string) => `"other", W/${etag}`, 304],
    [() => '*', 304],
    [() => '"other"', 200],
    [() => 'other', 200],
  ])('If-None-Match %#: %i', async (header, status) => {
    const { headers } = await ask('/openapi/v2');
    const answer = await ask('/openapi/v2', {
      'if-none-match': header(String(headers.etag)),
      accept: PROTOBUF,
    });
    expect([answer.status, answer.headers.etag]).toEqual([status, headers.etag]);
  });

  test('knows no other group version', async () => {
    expect((await ask('/openapi/v3/apis/nope/v1')).status).toBe(404);
  });
});
