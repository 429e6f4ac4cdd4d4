import { beforeEach, expect, test } from 'vitest';
import { BareApiServer } from '../../../../../testing/bare-apiserver.ts';

const BASE = '/apis/admissionregistration.k8s.io/v1';
const PODS = '/api/v1/namespaces/default/pods';
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'nginx' }] },
};

let server: BareApiServer;
beforeEach(async () => {
  server = await new BareApiServer().start();
  await server.send('POST', '/api/v1/namespaces/default/serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default' },
  });
});

async function install(mutations: readonly object[], more: object = {}): Promise<void> {
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  const policy = await server.send('POST', `${BASE}/mutatingadmissionpolicies`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    metadata: { name: 'add' },
    spec: { matchConstraints: { resourceRules: [rule] }, reinvocationPolicy: 'Never', mutations, ...more },
  });
  expect(policy.body.message).toBeUndefined();
  const binding = await server.send('POST', `${BASE}/mutatingadmissionpolicybindings`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name: 'add' },
    spec: { policyName: 'add' },
  });
  expect(binding.body.message).toBeUndefined();
}
const apply = (expression: string) => ({
  patchType: 'ApplyConfiguration',
  applyConfiguration: { expression },
});
const json = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });

test('an apply configuration merges by keys', async () => {
  await install([
    apply(`Object{
      metadata: Object.metadata{labels: {"team": "blue"}},
      spec: Object.spec{
        containers: [Object.spec.containers.item{name: "web", imagePullPolicy: "Never"},
                     Object.spec.containers.item{name: "side", image: "busybox"}]
      }
    }`),
  ]);
  const { body } = await server.send('POST', PODS, POD);
  expect(body.metadata.labels).toEqual({ app: 'web', team: 'blue' });
  expect(body.spec.containers).toMatchObject([
    { name: 'web', image: 'nginx', imagePullPolicy: 'Never' },
    { name: 'side', image: 'busybox', imagePullPolicy: 'Always' },
  ]);
});

test('a JSON patch with variables', async () => {
  await install(
    [
      json(
        '[JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a/b"), value: variables.name}]',
      ),
    ],
    { variables: [{ name: 'name', expression: 'object.metadata.name + "-x"' }] },
  );
  const { body } = await server.send('POST', PODS, POD);
  expect(body.metadata.labels).toEqual({ app: 'web', 'a/b': 'web-x' });
});

test('each mutation sees the one before it; match conditions may leave objects alone', async () => {
  await install(
    [
      json('[JSONPatch{op: "add", path: "/metadata/labels/one", value: "1"}]'),
      json('[JSONPatch{op: "add", path: "/metadata/labels/two", value: object.metadata.labels.one + "2"}]'),
    ],
    { matchConditions: [{ name: 'web', expression: 'object.metadata.name == "web"' }] },
  );
  const { body } = await server.send('POST', PODS, POD);
  expect(body.metadata.labels).toEqual({ app: 'web', one: '1', two: '12' });
  const other = await server.send('POST', PODS, { ...POD, metadata: { name: 'other' } });
  expect(other.body.metadata.labels).toBeUndefined();
});

test('a mutation that fails denies', async () => {
  await install([json('[JSONPatch{op: "add", path: "/metadata/labels/x", value: object.spec.none}]')]);
  const { status, body } = await server.send('POST', PODS, POD);
  expect(status).toBe(403);
  expect(body.message).toMatch(
    /^policy 'add' with binding 'add' denied request: expression '.*' resulted in error: no such key: none$/,
  );
});

test('a binding without its parameters forbids', async () => {
  const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
  await install([json('[JSONPatch{op: "remove", path: "/metadata/labels/app"}]')], { paramKind });
  const paramRef = { name: 'none', parameterNotFoundAction: 'Deny' };
  const headers = { 'content-type': 'application/merge-patch+json' };
  const binding = `${BASE}/mutatingadmissionpolicybindings/add`;
  expect((await server.send('PATCH', binding, { spec: { paramRef } }, headers)).status).toBe(200);
  const { body } = await server.send('POST', PODS, POD);
  expect(body).toMatchObject({
    code: 403,
    reason: 'Forbidden',
    message:
      "policy 'add' with binding 'add' denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
  });
});

test.each([
  ['Object{nope: 1}', '.nope: field not declared in schema'],
  ['Object{spec: 1}', '.spec: expected map, got &{1}'],
])('a configuration %s does not fit', async (expression, problem) => {
  await install([apply(expression)]);
  const { body } = await server.send('POST', PODS, POD);
  expect(body).toMatchObject({
    reason: 'Invalid',
    message: `policy 'add' with binding 'add' denied request: error applying patch: failed to convert patch object to typed object: ${problem}`,
  });
});

test('atomic lists cannot be written in part', async () => {
  await install([
    apply('Object{spec: Object.spec{containers: [Object.spec.containers.item{name: "web", args: ["x"]}]}}'),
  ]);
  const { body } = await server.send('POST', PODS, POD);
  expect(body.message).toMatch(/may not mutate atomic arrays, maps or structs: \.spec\.containers\.args$/);
});
