import { beforeEach, describe, expect, test } from 'vitest';
import { BareApiServer } from '../../../../../testing/bare-apiserver.ts';

const BASE = '/apis/admissionregistration.k8s.io/v1';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const RULES = [
  { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] },
];

const policy = (spec: object, name = 'limits') => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name },
  spec: { matchConstraints: { resourceRules: RULES }, ...spec },
});
const binding = (spec: object = {}, policyName = 'limits') => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name: `${policyName}-binding` },
  spec: { policyName, validationActions: ['Deny'], ...spec },
});
const configMap = (name: string, data: Record<string, string> = {}, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels },
  data,
});

let server: BareApiServer;
beforeEach(async () => {
  server = await new BareApiServer().start();
});

async function install(spec: object, bindingSpec: object = {}): Promise<void> {
  for (const [path, body] of [
    [`${BASE}/validatingadmissionpolicies`, policy(spec)],
    [`${BASE}/validatingadmissionpolicybindings`, binding(bindingSpec)],
  ] as const) {
    const answer = await server.send('POST', path, body);
    expect(answer.body.message).toBeUndefined();
    expect(answer.status).toBe(201);
  }
}
const create = (name: string, data?: Record<string, string>, labels?: Record<string, string>) =>
  server.send('POST', CONFIG_MAPS, configMap(name, data, labels));

const SMALL = { expression: 'size(object.data) < 2' };

describe('a denial', () => {
  test('may be of a connection', async () => {
    const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec'] };
    await install({
      matchConstraints: { resourceRules: [rule] },
      validations: [
        { expression: "object.kind == 'PodExecOptions' && object.command[0] != 'sh'", message: 'no shell' },
      ],
    });
    const exec = async (command: string) =>
      (await server.send('POST', `/api/v1/namespaces/default/pods/a/exec?stdout=1&command=${command}`, {}))
        .body.message;
    expect(await exec('sh')).toBe(
      "pods \"a\" is forbidden: ValidatingAdmissionPolicy 'limits' with binding 'limits-binding' denied request: no shell",
    );
    expect(await exec('ls')).toBe('pods "a" not found');
  });

  test('names policy and binding', async () => {
    await install({ validations: [SMALL] });
    expect((await create('ok', { a: '1' })).status).toBe(201);
    const { status, body } = await create('bad', { a: '1', b: '2' });
    const text =
      "ValidatingAdmissionPolicy 'limits' with binding 'limits-binding' denied request: failed expression: size(object.data) < 2";
    expect(status).toBe(422);
    expect(body).toMatchObject({
      message: `configmaps "bad" is forbidden: ${text}`,
      reason: 'Invalid',
      details: { name: 'bad', kind: 'configmaps', causes: [{ message: text }] },
    });
  });

  test('has the message and reason of the validation', async () => {
    await install({
      validations: [
        {
          ...SMALL,
          message: 'too much',
          messageExpression: "'at most 1, not ' + string(size(object.data))",
          reason: 'Forbidden',
        },
      ],
    });
    const { status, body } = await create('bad', { a: '1', b: '2' });
    expect(status).toBe(403);
    expect(body.message).toMatch(/denied request: at most 1, not 2$/);
  });

  test('comes of an error, unless errors are to be ignored', async () => {
    await install({ validations: [{ expression: "object.data.missing == 'x'" }] });
    const { body } = await create('bad', { a: '1' });
    expect(body.message).toMatch(
      /expression 'object.data.missing == 'x'' resulted in error: no such key: missing$/,
    );
    const patch = { spec: { failurePolicy: 'Ignore' } };
    await server.send('PATCH', `${BASE}/validatingadmissionpolicies/limits`, patch, {
      'content-type': 'application/merge-patch+json',
    });
    expect((await create('bad', { a: '1' })).status).toBe(201);
  });

  test('may be a warning', async () => {
    await install({ validations: [SMALL] }, { validationActions: ['Warn', 'Audit'] });
    const { status, warning } = await create('bad', { a: '1', b: '2' });
    expect(status).toBe(201);
    expect(warning).toBe(
      `299 - "Validation failed for ValidatingAdmissionPolicy 'limits' with binding 'limits-binding': failed expression: size(object.data) < 2"`,
    );
  });
});

test('variables, the old object, the request, its namespace and the authorizer', async () => {
  await install({
    variables: [
      { name: 'count', expression: 'size(object.data)' },
      { name: 'doubled', expression: 'variables.count * 2' },
    ],
    validations: [
      { expression: 'variables.doubled < 4 || oldObject != null' },
      { expression: "request.operation in ['CREATE', 'UPDATE'] && request.userInfo.username != ''" },
      { expression: "namespaceObject.metadata.name == 'default'" },
      {
        expression: "!has(request.subResource) && request.options.apiVersion == 'meta.k8s.io/v1'",
      },
      {
        expression:
          "authorizer.group('').resource('secrets').namespace('default').check('get').allowed() && authorizer.requestResource.check('create').allowed()",
      },
    ],
  });
  expect((await create('ok', { a: '1' })).status).toBe(201);
  expect((await create('bad', { a: '1', b: '2' })).body.message).toMatch(
    /failed expression: variables.doubled < 4/,
  );
  const patch = { data: { b: '2', c: '3' } };
  const headers = { 'content-type': 'application/merge-patch+json' };
  expect((await server.send('PATCH', `${CONFIG_MAPS}/ok`, patch, headers)).status).toBe(200);
});

test('parameters come from an object that the binding names', async () => {
  await create('max', { max: '2' });
  await install(
    {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: 'size(object.data) <= int(params.data.max)' }],
    },
    { paramRef: { name: 'max', namespace: 'default', parameterNotFoundAction: 'Deny' } },
  );
  expect((await create('ok', { a: '1', b: '2' })).status).toBe(201);
  expect((await create('bad', { a: '1', b: '2', c: '3' })).status).toBe(422);
  await server.send('DELETE', `${CONFIG_MAPS}/max`);
  expect((await create('any')).body.message).toMatch(
    /failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction$/,
  );
});

test('match conditions and selectors leave requests alone', async () => {
  await install(
    {
      matchConditions: [{ name: 'not-exempt', expression: "!object.metadata.name.startsWith('exempt')" }],
      validations: [SMALL],
    },
    { matchResources: { objectSelector: { matchLabels: { checked: 'yes' } } } },
  );
  const many = { a: '1', b: '2' };
  expect((await create('exempt', many, { checked: 'yes' })).status).toBe(201);
  expect((await create('free', many)).status).toBe(201);
  expect((await create('bad', many, { checked: 'yes' })).status).toBe(422);
});

test('a policy of a custom resource with a custom resource as parameter', async () => {
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { max: { type: 'integer' } } } },
  };
  await server.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'limits.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Cluster',
      names: { plural: 'limits', kind: 'Limit' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  });
  await server.clock.advance(100);
  const limit = { apiVersion: 'example.com/v1', kind: 'Limit', metadata: { name: 'one' }, spec: { max: 1 } };
  expect((await server.send('POST', '/apis/example.com/v1/limits', limit)).status).toBe(201);
  await install(
    {
      paramKind: { apiVersion: 'example.com/v1', kind: 'Limit' },
      validations: [{ expression: 'size(object.data) <= params.spec.max' }],
    },
    { paramRef: { name: 'one', parameterNotFoundAction: 'Allow' } },
  );
  expect((await create('bad', { a: '1', b: '2' })).status).toBe(422);
});

describe('what is refused', () => {
  test.each<[string, object, string]>([
    [
      'an expression that does not compile',
      { validations: [{ expression: 'objct.data == 1' }] },
      `spec.validations[0].expression: Invalid value: "objct.data == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'objct' (in container '')\n | objct.data == 1\n | ^`,
    ],
    [
      'an expression of the wrong type',
      { validations: [{ expression: 'size(object.data)' }] },
      'spec.validations[0].expression: Invalid value: "size(object.data)": must evaluate to bool but got int',
    ],
    [
      'a variable that is not there',
      { variables: [{ name: 'a', expression: '1' }], validations: [{ expression: 'variables.b == 1' }] },
      `spec.validations[0].expression: Invalid value: "variables.b == 1": compilation failed: ERROR: <input>:1:10: undefined field 'b'\n | variables.b == 1\n | .........^`,
    ],
    [
      'a list of known and unknown types',
      { validations: [{ expression: '["a", object.x].size() == 2' }] },
      `spec.validations[0].expression: Invalid value: "[\\"a\\", object.x].size() == 2": compilation failed: ERROR: <input>:1:13: expected type 'string' but found 'dyn'\n | ["a", object.x].size() == 2\n | ............^`,
    ],
    [
      'nothing to check',
      {},
      'spec.validations: Required value: validations or auditAnnotations must contain at least one item',
    ],
  ])('%s', async (_, spec, message) => {
    const { status, body } = await server.send('POST', `${BASE}/validatingadmissionpolicies`, policy(spec));
    expect(status).toBe(422);
    expect(body.details.causes[0].field + ': ' + body.details.causes[0].message).toBe(message);
  });

  test('a binding that denies and warns', async () => {
    const body = binding({ validationActions: ['Deny', 'Warn'] });
    const answer = await server.send('POST', `${BASE}/validatingadmissionpolicybindings`, body);
    expect(answer.body.message).toContain('must not contain both Deny and Warn');
  });
});
