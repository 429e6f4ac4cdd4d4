import { describe, expect, test } from 'vitest';
import type { ObjectMeta } from '../object.ts';
import type { FieldError } from './field-error.ts';
import { validateLabelSelector } from './labels.ts';
import { nameIsDNSSubdomain } from './names.ts';
import {
  validateDeleteOptions,
  validateObjectMeta,
  validateObjectMetaUpdate,
  validatePatchOptions,
  validateStandardFinalizers,
  validateWriteOptions,
} from './object-meta.ts';

const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const messages = (errors: readonly FieldError[]) => errors.map((error) => error.message);

describe('validateObjectMeta', () => {
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'dad', uid: 'u1' };
  const cases: [what: string, meta: ObjectMeta, complaints: string[]][] = [
    [
      'a good object',
      { name: 'a', namespace: 'default', labels: { 'x/y': 'z' }, ownerReferences: [owner] },
      [],
    ],
    ['no name', { namespace: 'd' }, ['metadata.name: Required value: name or generateName is required']],
    [
      'a bad generated name',
      { namespace: 'd', generateName: 'Bad_', name: 'Bad_2pdxt' },
      [
        `metadata.generateName: Invalid value: "Bad_": ${SUBDOMAIN}`,
        `metadata.name: Invalid value: "Bad_2pdxt": ${SUBDOMAIN}`,
      ],
    ],
    ['no namespace', { name: 'a' }, ['metadata.namespace: Required value']],
    [
      'an owner without uid',
      { name: 'a', namespace: 'd', ownerReferences: [{ ...owner, uid: '' }] },
      ['metadata.ownerReferences.uid: Invalid value: "": uid must not be empty'],
    ],
    [
      'two controllers',
      {
        name: 'a',
        namespace: 'd',
        ownerReferences: [
          { ...owner, controller: true },
          { ...owner, name: 'mum', uid: 'u2', controller: true },
        ],
      },
      [
        'metadata.ownerReferences: Invalid value: []v1.OwnerReference{v1.OwnerReference{APIVersion:"v1", Kind:"ConfigMap", Name:"dad", UID:"u1", Controller:(*bool)(0xc000000000), BlockOwnerDeletion:(*bool)(nil)}, v1.OwnerReference{APIVersion:"v1", Kind:"ConfigMap", Name:"mum", UID:"u2", Controller:(*bool)(0xc000000000), BlockOwnerDeletion:(*bool)(nil)}}: Only one reference can have Controller set to true. Found "true" in references for ConfigMap/dad and ConfigMap/mum',
      ],
    ],
    [
      'both finalizers for dependents',
      { name: 'a', namespace: 'd', finalizers: ['orphan', 'foregroundDeletion'] },
      [
        'metadata.finalizers: Invalid value: []string{"orphan", "foregroundDeletion"}: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
    [
      'too many annotations',
      { name: 'a', namespace: 'd', annotations: { a: 'x'.repeat(262144) } },
      ['metadata.annotations: Too long: must have at most 262144 bytes'],
    ],
  ];
  test.each(cases)('%s', (_, meta, complaints) => {
    expect(messages(validateObjectMeta(meta, true, nameIsDNSSubdomain))).toEqual(complaints);
  });

  test('an object without namespace may not name one', () => {
    expect(messages(validateObjectMeta({ name: 'a', namespace: 'b' }, false, nameIsDNSSubdomain))).toEqual([
      'metadata.namespace: Forbidden: not allowed on this type',
    ]);
  });
});

describe('validateObjectMetaUpdate', () => {
  const old: ObjectMeta = {
    name: 'a',
    namespace: 'd',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-11-23T17:01:13Z',
  };
  const cases: [what: string, meta: ObjectMeta, old: ObjectMeta, complaints: string[]][] = [
    ['nothing changed', old, old, []],
    ['a label', { ...old, labels: { a: 'b' } }, old, []],
    ['another uid', { ...old, uid: 'v' }, old, ['metadata.uid: Invalid value: "v": field is immutable']],
    [
      'no resourceVersion',
      { ...old, resourceVersion: '' },
      old,
      ['metadata.resourceVersion: Invalid value: "": must be specified for an update'],
    ],
    [
      'another time',
      { ...old, creationTimestamp: '2026-11-23T18:01:13Z' },
      old,
      ['metadata.creationTimestamp: Invalid value: 2026-11-23 18:01:13 +0000 UTC: field is immutable'],
    ],
    [
      'a finalizer on a deleted object',
      {
        ...old,
        deletionTimestamp: '2026-11-23T17:01:13Z',
        finalizers: ['example.com/a', 'example.com/more'],
      },
      { ...old, deletionTimestamp: '2026-11-23T17:01:13Z', finalizers: ['example.com/a'] },
      [
        'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/more"}',
      ],
    ],
  ];
  test.each(cases)('%s', (_, meta, before, complaints) => {
    expect(messages(validateObjectMetaUpdate(meta, before))).toEqual(complaints);
  });
});

test('a finalizer without a domain is a standard one', () => {
  expect(messages(validateStandardFinalizers(['nodomain', 'kubernetes', 'a.b/c']))).toEqual([
    'metadata.finalizers[0]: Invalid value: "nodomain": name is neither a standard finalizer name nor is it fully qualified',
  ]);
});

test('options', () => {
  expect(messages(validateWriteOptions({ dryRun: ['Some'], fieldValidation: 'Loose' }))).toEqual([
    'dryRun: Unsupported value: []string{"Some"}: supported values: "All"',
    'fieldValidation: Unsupported value: "Loose": supported values: "", "Ignore", "Strict", "Warn"',
  ]);
  expect(messages(validatePatchOptions({}, true))).toEqual([
    'fieldManager: Required value: is required for apply patch',
  ]);
  expect(messages(validatePatchOptions({ force: true, fieldManager: 'a\u0001' }, false))).toEqual([
    'force: Forbidden: may not be specified for non-apply patch',
    'fieldManager: Invalid value: "a\\x01": invalid character U+0001 (at position 1)',
  ]);
  expect(messages(validateDeleteOptions({ propagationPolicy: 'Sideways' }))).toEqual([
    'propagationPolicy: Unsupported value: "Sideways": supported values: "Foreground", "Background", "Orphan", "nil"',
  ]);
});

test('validateLabelSelector', () => {
  expect(
    messages(
      validateLabelSelector(
        {
          matchExpressions: [
            { key: 'a', operator: 'In' },
            { key: 'a', operator: 'Exists', values: ['x'] },
            { key: 'a', operator: 'Near' },
          ],
        },
        'spec.selector',
      ),
    ),
  ).toEqual([
    "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    "spec.selector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    'spec.selector.matchExpressions[2].operator: Invalid value: "Near": not a valid selector operator',
  ]);
});
