import { expect, test } from 'vitest';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { flowControlObjects } from './bootstrap.ts';
import { flowSchema, priorityLevel } from './validation.ts';

const CONTEXT = {} as never;
const USER = { kind: 'User', user: { name: 'a' } };
const schema = (spec: object, name = 'x') =>
  flowSchema.validate!(
    {
      kind: 'FlowSchema',
      metadata: { name },
      spec: { matchingPrecedence: 100, priorityLevelConfiguration: { name: 'x' }, ...spec },
    } as KubeObject,
    CONTEXT,
  ).map(({ message }) => message);
const level = (spec: object, name = 'x') =>
  priorityLevel.validate!(
    { kind: 'PriorityLevelConfiguration', metadata: { name }, spec } as KubeObject,
    CONTEXT,
  ).map(({ message }) => message);
const subject = (who: object) => ({
  rules: [{ subjects: [who], nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }] }],
});
const resources = (rule: object) => ({ rules: [{ subjects: [USER], resourceRules: [rule] }] });
const paths = (rule: object) => ({ rules: [{ subjects: [USER], nonResourceRules: [rule] }] });

// What a kube-apiserver v1.36 says of these.
test.each<[string, object, readonly string[]]>([
  ['nothing wrong', {}, []],
  [
    'the precedence of the exempt',
    { matchingPrecedence: 1 },
    [
      "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
    ],
  ],
  [
    'an unknown method',
    { distinguisherMethod: { type: 'Foo' } },
    [
      'spec.distinguisherMethod.type: Unsupported value: {"Type":"Foo"}: supported values: "ByNamespace", "ByUser"',
    ],
  ],
  [
    'an empty rule',
    { rules: [{}] },
    [
      'spec.rules[0].subjects: Required value: subjects must contain at least one value',
      'spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty',
    ],
  ],
  [
    'a subject of another kind',
    subject({ kind: 'Group', user: { name: 'a' } }),
    [
      "spec.rules[0].subjects[0].group: Required value: group is required when subject kind is 'Group'",
      "spec.rules[0].subjects[0].user: Forbidden: user is forbidden when subject kind is not 'User'",
    ],
  ],
  [
    'an account without a namespace',
    subject({ kind: 'ServiceAccount', serviceAccount: { name: '*' } }),
    [
      'spec.rules[0].subjects[0].serviceAccount.namespace: Required value: must specify namespace for service account',
    ],
  ],
  [
    'all and more',
    resources({ verbs: ['*', 'get'], apiGroups: ['*'], resources: ['x'], clusterScope: true }),
    [
      'spec.rules[0].resourceRules[0].verbs: Invalid value: ["*","get"]: if \'*\' is present, must not specify other verbs',
    ],
  ],
  [
    'no namespace',
    resources({ verbs: ['get'], apiGroups: [''], resources: ['x'] }),
    [
      'spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace',
    ],
  ],
  [
    'strange paths',
    paths({ verbs: ['foo'], nonResourceURLs: ['/a/*', '/a*', 'x', '//', ''] }),
    [
      'spec.rules[0].nonResourceRules[0].verbs: Unsupported value: ["foo"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "/a*": wildcard can only do suffix matching',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[2]: Invalid value: "x": must start with slash',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[3]: Invalid value: "//": must not contain double slash',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[4]: Invalid value: "": must not be empty',
    ],
  ],
])('a flow schema with %s', (_, spec, messages) => {
  expect(schema(spec)).toEqual(messages);
});

const QUEUES = (queuing: object) => ({
  type: 'Limited',
  limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Queue', queuing } },
});
test.each<[string, object, readonly string[]]>([
  ['queues', QUEUES({ queues: 64, handSize: 8, queueLengthLimit: 50 }), []],
  [
    'another type than its name has',
    { type: 'Exempt' },
    ["spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is 'exempt'"],
  ],
  [
    'no response',
    { type: 'Limited', limited: { nominalConcurrencyShares: 1, lendablePercent: 101 } },
    [
      'spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive',
      'spec.limited.limitResponse.type: Unsupported value: "": supported values: "Queue", "Reject"',
    ],
  ],
  [
    'a hand that is too large',
    QUEUES({ queues: 1_000_000, handSize: 20, queueLengthLimit: 5 }),
    [
      'spec.limited.limitResponse.queuing.handSize: Invalid value: 20: required entropy bits of deckSize 1000000 and handSize 20 should not be greater than 60',
    ],
  ],
])('a priority level with %s', (_, spec, messages) => {
  expect(level(spec)).toEqual(messages);
});

test('what every server has is as it has to be, and stays so', () => {
  for (const object of flowControlObjects()) {
    const { validate } = object.kind === 'FlowSchema' ? flowSchema : priorityLevel;
    expect(validate!(object, CONTEXT)).toEqual([]);
  }
  expect(schema({}, 'catch-all').at(-1)).toMatch(/spec of 'catch-all' must equal the fixed value$/);
  expect(level({ type: 'Exempt', exempt: { nominalConcurrencyShares: 5 } }, 'exempt')).toEqual([]);
});
