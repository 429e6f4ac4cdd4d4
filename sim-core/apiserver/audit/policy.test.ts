import { describe, expect, test } from 'vitest';
import type { AuthorizationAttributes } from '../authorization/authorizer.ts';
import { AuditPolicy } from './policy.ts';

const HEAD = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy' };
const asks = (part: Partial<AuthorizationAttributes>): AuthorizationAttributes => ({
  user: { name: 'jane', groups: ['dev'] },
  verb: 'get',
  resourceRequest: true,
  group: '',
  version: 'v1',
  resource: 'pods',
  subresource: '',
  namespace: 'default',
  name: '',
  path: '',
  ...part,
});
const path = (value: string) => asks({ resourceRequest: false, path: value });

describe('AuditPolicy.evaluate', () => {
  const policy = new AuditPolicy({
    ...HEAD,
    omitStages: ['RequestReceived'],
    rules: [
      { level: 'None', users: ['system:kube-proxy'], verbs: ['watch'] },
      { level: 'None', userGroups: ['system:nodes'] },
      { level: 'None', nonResourceURLs: ['/healthz*', '/version'] },
      { level: 'Request', resources: [{ group: '', resources: ['pods/log', 'pods/status'] }] },
      { level: 'RequestResponse', resources: [{ resources: ['configmaps'], resourceNames: ['chosen'] }] },
      { level: 'Metadata', resources: [{ group: 'apps' }], namespaces: ['prod'], omitStages: ['Panic'] },
      { level: 'Request', resources: [{ group: '*', resources: ['*/scale'] }] },
      { level: 'Metadata', resources: [{ resources: ['secrets/*'] }], omitManagedFields: true },
    ],
  });

  test.each([
    {
      name: 'user and verb',
      attributes: asks({ user: { name: 'system:kube-proxy', groups: [] }, verb: 'watch' }),
      want: 'None',
    },
    { name: 'group', attributes: asks({ user: { name: 'n', groups: ['system:nodes'] } }), want: 'None' },
    { name: 'a path below a star', attributes: path('/healthz/etcd'), want: 'None' },
    { name: 'a path that no rule has', attributes: path('/metrics'), want: 'None' },
    { name: 'a subresource', attributes: asks({ subresource: 'log' }), want: 'Request' },
    { name: 'its parent', attributes: asks({}), want: 'None' },
    { name: 'a name', attributes: asks({ resource: 'configmaps', name: 'chosen' }), want: 'RequestResponse' },
    { name: 'another name', attributes: asks({ resource: 'configmaps', name: 'other' }), want: 'None' },
    {
      name: 'a group in a namespace',
      attributes: asks({ group: 'apps', resource: 'deployments', namespace: 'prod' }),
      want: 'Metadata',
    },
    { name: 'a group elsewhere', attributes: asks({ group: 'apps', resource: 'deployments' }), want: 'None' },
    {
      name: 'any subresource scale',
      attributes: asks({ group: 'apps', resource: 'deployments', subresource: 'scale' }),
      want: 'Request',
    },
    { name: 'a resource with all below it', attributes: asks({ resource: 'secrets' }), want: 'Metadata' },
  ])('$name: $want', ({ attributes, want }) => {
    expect(policy.evaluate(attributes).level).toBe(want);
  });

  test('stages are left out by the policy and by the rule', () => {
    const { omitStages } = policy.evaluate(
      asks({ group: 'apps', resource: 'deployments', namespace: 'prod' }),
    );
    expect([...omitStages]).toEqual(['RequestReceived', 'Panic']);
    expect(policy.evaluate(asks({ resource: 'secrets' })).omitManagedFields).toBe(true);
  });
});

describe('a file that is no policy', () => {
  test.each([
    { file: null, message: "Object 'Kind' is missing" },
    { file: { ...HEAD, rules: [] }, message: 'loaded illegal policy with 0 rules' },
    {
      file: { ...HEAD, rules: [{ level: 'All' }] },
      message:
        'rules[0].level: Unsupported value: "All": supported values: "None", "Metadata", "Request", "RequestResponse"',
    },
    { file: { ...HEAD, rules: [{}] }, message: 'rules[0].level: Required value' },
    {
      file: { ...HEAD, rules: [{ level: 'None', nonResourceURLs: ['x'] }] },
      message: `rules[0].nonResourceURLs[0]: Invalid value: "x": non-resource URL rules must begin with a '/' character`,
    },
    {
      file: { ...HEAD, omitStages: ['Start'], rules: [{ level: 'None' }] },
      message:
        'omitStages[0]: Invalid value: "Start": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic',
    },
  ])('$message', ({ file, message }) => {
    expect(() => new AuditPolicy(file)).toThrow(message);
  });
});
