import type { Pod, PodSpec } from 'kubernetes-types/core/v1';
import { expect, test } from 'vitest';
import { deepCopy } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { defaultPod } from './defaults.ts';
import { validatePodStatusUpdate } from './status-validation.ts';
import { validatePodUpdate } from './update-validation.ts';

const IMAGES =
  'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,';

function podOf(spec: Partial<PodSpec>): Pod {
  const pod = {
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'nginx:1' }], ...deepCopy(spec) },
  };
  defaultPod(pod as unknown as KubeObject);
  return pod as Pod;
}

const term = (...keys: string[]) => ({
  matchExpressions: keys.map((key) => ({ key, operator: 'Exists' })),
});
const affinityOf = (...terms: object[]) =>
  ({
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
  }) as NonNullable<PodSpec['affinity']>;
const GATED: Partial<PodSpec> = { schedulingGates: [{ name: 'g' }] };

test.each<[string, Partial<PodSpec>, Partial<PodSpec>, string[]]>([
  ['another image', {}, { containers: [{ name: 'c', image: 'nginx:2' }] }, []],
  [
    'an image with a space',
    {},
    { containers: [{ name: 'c', image: 'nginx ' }] },
    [
      'spec.containers[0].image: Invalid value: "nginx ": must not have leading or trailing whitespace',
      'spec.containers[0].image: Invalid value: "nginx ": must not have leading or trailing whitespace',
    ],
  ],
  [
    'a deadline below what is possible',
    { activeDeadlineSeconds: 5 },
    { activeDeadlineSeconds: -1 },
    [
      'spec.activeDeadlineSeconds: Invalid value: -1: must be between 1 and 2147483647, inclusive',
      'spec.activeDeadlineSeconds: Invalid value: -1: must be between 0 and 2147483647, inclusive',
    ],
  ],
  [
    'a deadline that goes',
    { activeDeadlineSeconds: 5 },
    {},
    [
      'spec.activeDeadlineSeconds: Invalid value: "null": must not update from a positive integer to nil value',
    ],
  ],
  ['a host name', {}, { hostname: 'h' }, [IMAGES]],
  [
    'more for the selector of a gated pod',
    { ...GATED, nodeSelector: { a: 'b' } },
    { ...GATED, nodeSelector: { a: 'b', c: 'd' } },
    [],
  ],
  [
    'less for it',
    { ...GATED, nodeSelector: { a: 'b' } },
    { ...GATED, nodeSelector: { c: 'd' } },
    [
      'spec.nodeSelector: Invalid value: map[string]string{"c":"d"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
    ],
  ],
  [
    'a narrower term of a gated pod',
    { ...GATED, affinity: affinityOf(term('a')) },
    { ...GATED, affinity: affinityOf(term('a', 'b')) },
    [],
  ],
  ['its first affinity', GATED, { ...GATED, affinity: affinityOf(term('a')) }, []],
  [
    'a wider term of it',
    { ...GATED, affinity: affinityOf(term('a')) },
    { ...GATED, affinity: affinityOf(term('b')) },
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]: Invalid value: core.NodeSelectorTerm{MatchExpressions:[{"key":"b","operator":"Exists"}]}: only additions are allowed (no mutations or deletions)',
    ],
  ],
  [
    'more terms of it',
    { ...GATED, affinity: affinityOf(term('a')) },
    { ...GATED, affinity: affinityOf(term('a'), term('b')) },
    [
      expect.stringContaining(
        'no additions/deletions to non-empty NodeSelectorTerms list are allowed',
      ) as never,
    ],
  ],
])('validatePodUpdate: %s', (_name, before, after, want) => {
  const messages = validatePodUpdate(podOf(after), podOf(before)).map(({ message }) => message);
  expect(messages).toEqual(
    want.map((text) => (text === IMAGES ? (expect.stringContaining(IMAGES) as string) : text)),
  );
});

test.each<[string, Pod['status'], Pod['status'], string[]]>([
  ['the one address of old', {}, { podIP: '10.0.0.1' }, []],
  [
    'no address',
    {},
    { podIPs: [{ ip: 'x' }] },
    ['status.podIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  ],
  [
    'two of a family',
    {},
    { podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }] },
    [expect.stringContaining('may specify no more than one IP for each IP family') as never],
  ],
  [
    'a condition of no type',
    {},
    { conditions: [{ type: 'a b', status: 'True' }] },
    [
      expect.stringContaining(
        'metadata.conditions[0].Type: Invalid value: "a b": name part must consist of',
      ) as never,
    ],
  ],
  [
    'a host of another address',
    {},
    { hostIP: '10.0.0.1', hostIPs: [{ ip: '10.0.0.2' }] } as never,
    ['status.hostIPs[0].ip: Invalid value: "10.0.0.2": must be equal to `hostIP`'],
  ],
])('validatePodStatusUpdate: %s', (_name, before, after, want) => {
  const pod = { ...podOf({}), status: after! };
  const old = { ...podOf({}), status: before! };
  defaultPod(pod as unknown as KubeObject);
  expect(validatePodStatusUpdate(pod, old).map(({ message }) => message)).toEqual(want);
});
