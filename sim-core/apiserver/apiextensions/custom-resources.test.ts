import { beforeEach, describe, expect, test } from 'vitest';
import { BareApiServer } from '../../testing/bare-apiserver.ts';
import type { JSONSchemaProps } from './types.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets';

const spec = (properties: Record<string, JSONSchemaProps>): JSONSchemaProps => ({
  type: 'object',
  properties: { spec: { type: 'object', properties } },
});
const definition = (schema: JSONSchemaProps, more: object = {}, names: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', ...names },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more }],
  },
});
const widget = (name: string, more: object = {}) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name },
  ...more,
});
const SIZE = spec({ size: { type: 'integer' } });

let server: BareApiServer;
beforeEach(async () => {
  server = await new BareApiServer().start();
});

async function serve(crd: object): Promise<void> {
  const { status, body } = await server.send('POST', CRDS, crd);
  expect(body.message).toBeUndefined();
  expect(status).toBe(201);
  await server.clock.advance(100);
}

describe('a custom resource', () => {
  test('is described by OpenAPI as its definition says', async () => {
    const maybe = { type: 'string', nullable: true, description: 'An owner.' } as const;
    await serve(definition(spec({ size: { type: 'integer', minimum: 1 }, owner: maybe })));
    const { paths } = (await server.send('GET', '/openapi/v3')).body;
    const url: string = paths['apis/example.com/v1'].serverRelativeURL;
    const v3 = (await server.send('GET', url)).body;
    expect(v3.components.schemas['com.example.v1.Widget']).toMatchObject({
      type: 'object',
      properties: {
        apiVersion: { type: 'string' },
        metadata: {
          allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
        },
        spec: { type: 'object', properties: { size: { type: 'integer', minimum: 1 }, owner: maybe } },
      },
      'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Widget' }],
    });
    expect(v3.components.schemas['com.example.v1.WidgetList'].properties.items.items).toEqual({
      $ref: '#/components/schemas/com.example.v1.Widget',
    });
    expect(v3.components.schemas).toHaveProperty(['io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry']);
    const list = v3.paths['/apis/example.com/v1/widgets'].get;
    expect(list.responses['200'].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/com.example.v1.WidgetList',
    });
    const v2 = (await server.send('GET', '/openapi/v2')).body;
    expect(v2.definitions['com.example.v1.Widget'].properties.spec.properties.owner).toEqual({
      description: 'An owner.',
    });
    await server.send(
      'PATCH',
      `${CRDS}/widgets.example.com`,
      [{ op: 'remove', path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/owner' }],
      { 'content-type': 'application/json-patch+json' },
    );
    await server.clock.advance(100);
    const later = (await server.send('GET', '/openapi/v3')).body.paths['apis/example.com/v1'];
    expect(later.serverRelativeURL).not.toBe(url);
  });

  test('is served as soon as its definition is established, and no longer than that', async () => {
    expect((await server.send('GET', WIDGETS)).body).toBe('404 page not found\n');
    await serve(definition(SIZE));
    expect((await server.send('POST', WIDGETS, widget('a', { spec: { size: 1 } }))).status).toBe(201);
    const watch = await server.watch(`${WIDGETS}?watch=1`);
    await server.send('DELETE', `${CRDS}/widgets.example.com`);
    await server.clock.advance(1000);
    expect(watch.events.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
    expect(watch.ended).toBe(true);
    expect((await server.send('GET', WIDGETS)).body).toBe('404 page not found\n');
    expect((await server.send('GET', '/apis/example.com')).status).toBe(404);
  });

  test('is there again after a restart of the server', async () => {
    await serve(definition(SIZE));
    await server.send('POST', WIDGETS, widget('a', { spec: { size: 1 } }));
    server.stop();
    await server.start();
    expect((await server.send('GET', `${WIDGETS}/a`)).body.spec).toEqual({ size: 1 });
  });

  test('with a finalizer holds its definition; nothing new is made meanwhile', async () => {
    await serve(definition(SIZE));
    await server.send('POST', WIDGETS, {
      ...widget('a'),
      metadata: { name: 'a', finalizers: ['example.com/hold'] },
    });
    await server.send('DELETE', `${CRDS}/widgets.example.com`);
    await server.clock.advance(1000);
    const refused = await server.send('POST', WIDGETS, widget('b'));
    expect(refused.status).toBe(405);
    expect(refused.body.message).toBe('create not allowed while custom resource definition is terminating');
    const patch = { metadata: { finalizers: null } };
    await server.send('PATCH', `${WIDGETS}/a`, patch, { 'content-type': 'application/merge-patch+json' });
    await server.clock.advance(10_000);
    expect((await server.send('GET', `${CRDS}/widgets.example.com`)).status).toBe(404);
  });

  test('lists with kind and apiVersion of each item', async () => {
    await serve(definition(SIZE));
    await server.send('POST', WIDGETS, widget('a'));
    const { body } = await server.send('GET', WIDGETS);
    expect(body.kind).toBe('WidgetList');
    expect(body.items[0]).toMatchObject({ kind: 'Widget', apiVersion: 'example.com/v1' });
  });

  test('is deleted with its namespace scope in mind', async () => {
    await serve({ ...definition(SIZE), spec: { ...definition(SIZE).spec, scope: 'Cluster' } });
    expect((await server.send('POST', WIDGETS, widget('a'))).body).toBe('404 page not found\n');
    expect((await server.send('POST', '/apis/example.com/v1/widgets', widget('a'))).status).toBe(201);
  });

  test('needs a resource version for an update', async () => {
    await serve(definition(SIZE));
    await server.send('POST', WIDGETS, widget('a'));
    const { status, body } = await server.send('PUT', `${WIDGETS}/a`, widget('a', { spec: { size: 2 } }));
    expect(status).toBe(422);
    expect(body.message).toContain(
      'metadata.resourceVersion: Invalid value: 0x0: must be specified for an update',
    );
  });

  test('of another kind, or of none, is refused', async () => {
    await serve(definition(SIZE));
    const other = await server.send('POST', WIDGETS, { ...widget('a'), kind: 'Gadget' });
    expect(other.body.message).toBe(
      'Gadget.example.com "a" is invalid: kind: Invalid value: "Gadget": must be Widget',
    );
    const none = await server.send('POST', WIDGETS, { metadata: { name: 'a' } });
    expect(none.body.message).toContain(`Object 'Kind' is missing in '{"metadata":{"name":"a"}}'`);
  });
});

describe('two versions', () => {
  const both = {
    ...definition(SIZE),
    spec: {
      ...definition(SIZE).spec,
      versions: [
        {
          name: 'v1beta1',
          served: true,
          storage: false,
          deprecated: true,
          schema: { openAPIV3Schema: spec({ size: { type: 'integer' }, old: { type: 'string' } }) },
        },
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: SIZE } },
      ],
    },
  };

  test('show one object, each as its schema says', async () => {
    await serve(both);
    const old = { ...widget('a', { spec: { size: 1, old: 'x' } }), apiVersion: 'example.com/v1beta1' };
    const path = WIDGETS.replace('v1', 'v1beta1');
    const made = await server.send('POST', path, old);
    expect(made.warning).toBe('299 - "example.com/v1beta1 Widget is deprecated; use example.com/v1 Widget"');
    expect((await server.send('GET', `${WIDGETS}/a`)).body).toMatchObject({
      apiVersion: 'example.com/v1',
      spec: { size: 1 },
    });
    expect((await server.send('GET', `${path}/a`)).body.apiVersion).toBe('example.com/v1beta1');
    const group = (await server.send('GET', '/apis/example.com')).body;
    expect(group.versions.map(({ version }: { version: string }) => version)).toEqual(['v1', 'v1beta1']);
  });

  test('what the stored version does not know is gone at once, its defaults are there', async () => {
    const old = { type: 'string', default: 'x' } as const;
    const fresh = { type: 'integer', default: 7 } as const;
    const versions = [
      { ...both.spec.versions[0], schema: { openAPIV3Schema: spec({ size: fresh, old }) } },
      { ...both.spec.versions[1], schema: { openAPIV3Schema: spec({ size: fresh }) } },
    ];
    await serve({ ...both, spec: { ...both.spec, versions } });
    const path = WIDGETS.replace('v1', 'v1beta1');
    const made = await server.send('POST', path, {
      ...widget('a', { spec: { old: 'y' } }),
      apiVersion: 'example.com/v1beta1',
    });
    expect(made.body.spec).toEqual({ size: 7 });
    expect((await server.send('GET', `${path}/a`)).body.spec).toEqual({ size: 7 });
    const watched = (await server.watch(`${path}?watch=true`)).events;
    await server.clock.advance(100);
    expect(watched[0]?.object['spec']).toEqual({ size: 7 });
  });
});

test('fields that cannot be selected or are not where a scale looks for them', async () => {
  const anything: JSONSchemaProps = { 'x-kubernetes-preserve-unknown-fields': true };
  const schema = { type: 'object', properties: { spec: anything, status: anything } } as const;
  const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };
  await serve(definition(schema, { subresources: { scale } }));
  expect((await server.send('GET', `${WIDGETS}?fieldSelector=spec.replicas%3D1`)).body).toMatchObject({
    code: 400,
    message: 'field label not supported: spec.replicas',
  });
  expect((await server.send('POST', WIDGETS, widget('a', { spec: 'str' }))).body.message).toBe(
    'Widget.example.com "a" is invalid: .spec.replicas: Invalid value: 0: .spec.replicas accessor error: str is of the type string, expected map[string]interface{}',
  );
});

test('numbers that are written as floats are floats', async () => {
  const schema = spec({ replicas: { type: 'integer' }, n: { type: 'number', multipleOf: 0.5 } });
  const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };
  await serve(definition(schema, { subresources: { scale } }));
  const post = (values: string) =>
    server.sendText('POST', WIDGETS, JSON.stringify(widget('a')).replace(/}$/, `,"spec":${values}}`));
  expect((await post('{"replicas":1.0}')).body.message).toBe(
    'Widget.example.com "a" is invalid: .spec.replicas: Invalid value: 0: .spec.replicas accessor error: 1 is of the type float64, expected int64',
  );
  expect((await post('{"n":200}')).body.message).toContain(
    'factor MultipleOf declared for spec.n must be positive: 0',
  );
  const made = await post('{"n":200.0,"replicas":1}');
  expect(made.status).toBe(201);
  expect(made.body.spec).toEqual({ n: 200, replicas: 1 });
});

describe('names', () => {
  test('that another definition of the group has are not accepted until they are free', async () => {
    await serve(definition(SIZE, {}, { shortNames: ['w'] }));
    const second = definition(SIZE, {}, { plural: 'wheels', kind: 'Wheel', shortNames: ['w'] });
    await serve({ ...second, metadata: { name: 'wheels.example.com' } });
    const conditions = async () =>
      (await server.send('GET', `${CRDS}/wheels.example.com`)).body.status.conditions as {
        type: string;
        status: string;
        message: string;
      }[];
    expect((await conditions())[0]).toMatchObject({ status: 'False', message: '"w" is already in use' });
    expect((await server.send('GET', WIDGETS.replace('widgets', 'wheels'))).status).toBe(404);
    await server.send('DELETE', `${CRDS}/widgets.example.com`);
    await server.clock.advance(1000);
    expect((await conditions()).map(({ status }) => status)).toEqual(['True', 'True']);
    expect((await server.send('GET', WIDGETS.replace('widgets', 'wheels'))).status).toBe(200);
  });
});

describe('a table', () => {
  test('has the columns of the definition', async () => {
    const columns = [
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: 'Size', type: 'integer', jsonPath: '.spec.size', priority: 1 },
    ];
    const schema = spec({ size: { type: 'integer' } });
    const status: JSONSchemaProps = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    await serve(
      definition(
        { ...schema, properties: { ...schema.properties, status } },
        { additionalPrinterColumns: columns },
      ),
    );
    const conditions = [{ type: 'Ready', status: 'True' }];
    await server.send('POST', WIDGETS, widget('a', { spec: { size: 4 }, status: { conditions } }));
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { body } = await server.send('GET', WIDGETS, undefined, { accept });
    expect(body.rows[0].cells).toEqual(['a', 'True', 4]);
    expect(body.columnDefinitions[2].priority).toBe(1);
  });
});

describe('a patch', () => {
  test.each([
    [{ kind: 'Gadget' }, 'Gadget.example.com "a" is invalid: kind: Invalid value: "Gadget": must be Widget'],
    [
      { apiVersion: 'v1', kind: 'Pod' },
      'Pod "a" is invalid: [kind: Invalid value: "Pod": must be Widget, apiVersion: Invalid value: "v1": must be example.com/v1]',
    ],
  ])('does not make another kind: %j', async (patch, message) => {
    await serve(definition(SIZE));
    await server.send('POST', WIDGETS, widget('a'));
    const headers = { 'content-type': 'application/merge-patch+json' };
    const { status, body } = await server.send('PATCH', `${WIDGETS}/a`, patch, headers);
    expect([status, body.message]).toEqual([422, message]);
  });
});

describe('a selectable field', () => {
  test('may be selected by', async () => {
    await serve(
      definition(spec({ color: { type: 'string' } }), { selectableFields: [{ jsonPath: '.spec.color' }] }),
    );
    await server.send('POST', WIDGETS, widget('a', { spec: { color: 'red' } }));
    await server.send('POST', WIDGETS, widget('b', { spec: { color: 'blue' } }));
    const { body } = await server.send('GET', `${WIDGETS}?fieldSelector=spec.color%3Dblue`);
    expect(body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(['b']);
  });
});

describe('rules', () => {
  const schema: JSONSchemaProps = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: { min: { type: 'integer' }, max: { type: 'integer' } },
        'x-kubernetes-validations': [{ rule: 'self.min <= self.max', message: 'min must not exceed max' }],
      },
    },
  };

  test('are checked on every write', async () => {
    await serve(definition(schema));
    const bad = await server.send('POST', WIDGETS, widget('a', { spec: { min: 2, max: 1 } }));
    expect(bad.status).toBe(422);
    expect(bad.body.message).toBe(
      'Widget.example.com "a" is invalid: spec: Invalid value: "object": min must not exceed max',
    );
    expect((await server.send('POST', WIDGETS, widget('a', { spec: { min: 1, max: 1 } }))).status).toBe(201);
    const patch = { spec: { min: 3 } };
    const headers = { 'content-type': 'application/merge-patch+json' };
    expect((await server.send('PATCH', `${WIDGETS}/a`, patch, headers)).status).toBe(422);
  });

  test('about the whole object are checked when its status is written', async () => {
    const status: JSONSchemaProps = {
      type: 'object',
      properties: { ready: { type: 'integer', maximum: 9 } },
    };
    const rule = { rule: '!has(self.status) || self.status.ready <= self.spec.max' };
    await serve(
      definition(
        {
          ...schema,
          properties: { ...schema.properties, status },
          'x-kubernetes-validations': [rule],
        },
        { subresources: { status: {} } },
      ),
    );
    await server.send('POST', WIDGETS, widget('a', { spec: { min: 1, max: 2 } }));
    const headers = { 'content-type': 'application/merge-patch+json' };
    const write = async (ready: number) =>
      (await server.send('PATCH', `${WIDGETS}/a/status`, { status: { ready } }, headers)).body;
    expect((await write(2)).status).toEqual({ ready: 2 });
    expect((await write(3)).message).toBe(
      `Widget.example.com "a" is invalid: <nil>: Invalid value: "object": failed rule: ${rule.rule}`,
    );
    // Where the status itself is wrong, v1.28 tells the place in it.
    expect((await write(10)).details.causes[0].field).toBe('ready');
  });

  test('that do not compile refuse the definition', async () => {
    const wrong = structuredClone(schema) as {
      properties: { spec: { 'x-kubernetes-validations': unknown } };
    };
    wrong.properties.spec['x-kubernetes-validations'] = [{ rule: 'self.minn == 1' }];
    const { status, body } = await server.send('POST', CRDS, definition(wrong as JSONSchemaProps));
    expect(status).toBe(422);
    expect(body.details.causes[0].field).toBe(
      'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule',
    );
    expect(body.details.causes[0].message).toContain("undefined field 'minn'");
  });
});
