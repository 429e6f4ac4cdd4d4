import { beforeAll, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../apimachinery/object.ts';
import { validateConditions } from '../../apimachinery/validation/conditions.ts';
import type { FieldError } from '../../apimachinery/validation/field-error.ts';
import { replicaNumbers, validateStatusNumbers } from './apps/validation.ts';
import { statefulSetStrategy } from './apps/statefulset/strategy.ts';
import { validateFailurePolicy } from './batch/job/failure-policy.ts';
import { validateRequestUpdate, validateSignerName } from './certificates/validation.ts';
import { validateEndpointSlice } from './discovery/validation.ts';
import { runtimeClass } from './node/validation.ts';
import { csiDriver, storageClass, volumeAttachment } from './storage/validation.ts';
import { checks } from './checks.ts';

beforeAll(() => Promise.all(Object.values(checks).map((module) => module.fetch())));

const texts = (errors: readonly FieldError[] | undefined) => (errors ?? []).map(({ message }) => message);
const object = (rest: object) => ({ metadata: { name: 'x' }, ...rest }) as KubeObject;
const context = {} as never;

describe('storage', () => {
  const good = { provisioner: 'a/b', reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' };
  test.each([
    [good, []],
    [{ ...good, provisioner: '' }, ['provisioner: Required value']],
    [
      { ...good, reclaimPolicy: 'Recycle' },
      ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
    ],
    [
      { ...good, allowedTopologies: [{ matchLabelExpressions: [{ key: 'a', values: ['x', 'x'] }] }] },
      ['allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "x"'],
    ],
  ])('StorageClass %j', (rest, want) => {
    expect(texts(storageClass.validate!(object(rest), context))).toEqual(want);
  });

  test('a class keeps its parameters', () => {
    const errors = storageClass.validateUpdate!(
      object({ ...good, parameters: { a: 'b' } }),
      object(good),
      context,
    );
    expect(texts(errors)).toEqual(['parameters: Forbidden: updates to parameters are forbidden.']);
  });

  test('an attachment has one source', () => {
    const spec = { attacher: 'a', nodeName: 'n', source: {} };
    expect(texts(volumeAttachment.validate!(object({ spec }), context))).toEqual([
      'spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName',
    ]);
  });

  test('a driver asks for each audience once', () => {
    const spec = { fsGroupPolicy: 'None', tokenRequests: [{ audience: 'a' }, { audience: 'a' }] };
    expect(texts(csiDriver.validate!(object({ spec }), context))).toEqual([
      'spec.tokenRequests[1].audience: Duplicate value: "a"',
    ]);
  });
});

describe('EndpointSlice', () => {
  const slice = (addressType: string, address: string) =>
    object({ addressType, endpoints: [{ addresses: [address] }] });
  test.each([
    ['IPv4', '10.0.0.1', []],
    [
      'IPv4',
      'fd00::1',
      ['endpoints[0].addresses[0]: Invalid value: "fd00::1": must be a valid IPv4 address'],
    ],
    [
      'FQDN',
      'host',
      [
        'endpoints[0].addresses[0]: Invalid value: "host": should be a domain with at least two segments separated by dots',
      ],
    ],
  ])('%s %s', (type, address, want) => {
    expect(texts(validateEndpointSlice(slice(type, address)))).toEqual(want);
  });
});

test.each([
  ['example.com/signer', []],
  ['', ['f: Required value']],
  [
    'signer',
    [
      `f: Invalid value: "signer": must be a fully qualified domain and path of the form 'example.com/signer-name'`,
    ],
  ],
  [
    'com/signer',
    ['f: Invalid value: "com": should be a domain with at least two segments separated by dots'],
  ],
])('signer name %j', (name, want) => {
  expect(texts(validateSignerName(name, 'f'))).toEqual(want);
});

test('a decision on a certificate request stays, and only …/approval makes one', () => {
  const spec = { usages: ['client auth'], signerName: 'a.b/c' };
  const approved = { conditions: [{ type: 'Approved', status: 'True' }] };
  const complaints = (now: object, old: object, allowed: object) =>
    texts(
      validateRequestUpdate(object({ spec, status: now }), object({ spec, status: old }), allowed),
    ).filter((text) => !text.startsWith('spec.request'));
  expect(complaints(approved, {}, { decisions: true })).toEqual([]);
  expect(complaints(approved, {}, {})).toEqual([
    'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
  ]);
  expect(complaints({}, approved, { decisions: true })).toEqual([
    'status.conditions: Forbidden: updates may not remove a condition of type "Approved"',
  ]);
});

test('a RuntimeClass names a handler', () => {
  const [error] = texts(runtimeClass.validate!(object({ handler: 'A' }), context));
  expect(error).toMatch(/^handler: Invalid value: "A": a lowercase RFC 1123 label/);
});

test("a job's rules for failed pods", () => {
  const spec = {
    template: { spec: { containers: [{ name: 'a' }] } },
    podFailurePolicy: {
      rules: [
        { action: 'Ignore' },
        { action: 'FailJob', onExitCodes: { operator: 'In', values: [2, 0], containerName: 'b' } },
      ],
    },
  };
  expect(texts(validateFailurePolicy(spec as never, 'p'))).toEqual([
    'p.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required',
    'p.rules[1].onExitCodes.containerName: Invalid value: "b": must be one of the container or initContainer names in the pod template',
    'p.rules[1].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator',
    'p.rules[1].onExitCodes.values: Invalid value: []int32{2, 0}: must be ordered',
  ]);
});

test('what a StatefulSet mounts of its claims is no error', () => {
  const spec = {
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Keep' },
    selector: { matchLabels: { a: 'b' } },
    template: {
      metadata: { labels: { a: 'b' } },
      spec: { restartPolicy: 'Always', containers: [{ name: 'c', volumeMounts: [{ name: 'data' }] }] },
    },
  };
  expect(texts(statefulSetStrategy.validate!(object({ spec }), context))).toEqual([
    "spec.updateStrategy.rollingUpdate: Invalid value: apps.RollingUpdateStatefulSetStrategy{Partition:1}: only allowed for updateStrategy 'RollingUpdate'",
    'spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: "Keep": supported values: "Retain", "Delete"',
  ]);
});

test('numbers of a status', () => {
  const numbers = replicaNumbers(
    ['readyReplicas'],
    ['collisionCount'],
    'cannot be greater than readyReplicas',
  );
  const status = { replicas: 1, readyReplicas: 2, availableReplicas: -1, collisionCount: 0 };
  expect(texts(validateStatusNumbers(status, { collisionCount: 1 }, numbers))).toEqual([
    'status.availableReplicas: Invalid value: -1: must be greater than or equal to 0',
    'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    'status.collisionCount: Invalid value: 0: cannot be decremented',
  ]);
  expect(texts(validateStatusNumbers({ replicas: -1 }, undefined, numbers)).slice(1)).toEqual([
    'status.readyReplicas: Invalid value: 0: cannot be greater than status.replicas',
    'status.availableReplicas: Invalid value: 0: cannot be greater than status.replicas',
  ]);
});

test('conditions', () => {
  const condition = { type: 'Ready', status: 'Maybe', reason: '1', lastTransitionTime: null };
  const [status, time, reason] = texts(validateConditions([condition], 'c'));
  expect(status).toBe(
    'c[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
  );
  expect(time).toBe('c[0].lastTransitionTime: Required value: must be set');
  expect(reason).toMatch(/^c\[0\]\.reason: Invalid value: "1": a condition reason must start with/);
});
