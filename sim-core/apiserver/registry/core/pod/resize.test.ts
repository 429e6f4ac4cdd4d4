import { describe, expect, test } from 'vitest';
import { deepCopy } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { podResizeStrategy } from './resize.ts';

const context = {} as never;

const pod = (...containers: object[]): KubeObject => {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x', namespace: 'default', resourceVersion: '1' },
    spec: { containers: containers.map((container) => ({ image: 'a', ...container })) },
    status: { qosClass: 'Burstable' },
  } as KubeObject;
  podResizeStrategy.fillDefaults?.(object);
  return object;
};
const a = (requests: object, limits?: object) => ({
  name: 'a',
  resources: { requests, ...(limits && { limits }) },
});

function resize(old: KubeObject, object: KubeObject): string[] {
  podResizeStrategy.prepareForUpdate!(object, old, context);
  return podResizeStrategy.validateUpdate!(object, old, context).map(({ message }) => message);
}

describe('resize of a pod', () => {
  test('only resources arrive', () => {
    const old = pod(a({ cpu: '100m' }));
    const object = pod({ ...a({ cpu: '200m', memory: '64Mi' }), image: 'other' });
    object.metadata.labels = { a: 'b' };
    expect(resize(old, object)).toEqual([]);
    const want = deepCopy(old);
    want.spec!.containers[0].resources = { requests: { cpu: '200m', memory: '64Mi' } };
    expect(object).toEqual(want);
  });

  test.each([
    [
      'requests cannot go',
      pod(a({ cpu: '1', memory: '1' })),
      pod(a({ cpu: '1' })),
      ['spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed'],
    ],
    [
      'nor limits',
      pod(a({ cpu: '1' }, { cpu: '2' })),
      pod(a({ cpu: '1' })),
      ['spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed'],
    ],
    [
      'the class stays',
      pod(a({ cpu: '1', memory: '1' })),
      pod(a({ cpu: '1', memory: '1' }, { cpu: '1', memory: '1' })),
      ['spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'],
    ],
    [
      'containers keep their order',
      pod(a({ cpu: '1' }), { name: 'b' }),
      pod({ name: 'b' }, a({ cpu: '1' })),
      [
        'spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize',
        'spec.containers[1].name: Forbidden: containers may not be renamed or reordered on resize',
      ],
    ],
    [
      'none comes',
      pod(a({ cpu: '1' })),
      pod(a({ cpu: '1' }), { name: 'b' }),
      ['spec.containers: Forbidden: containers may not be added or removed on resize'],
    ],
    [
      'a request stays below its limit',
      pod(a({ cpu: '1' }, { cpu: '2' })),
      pod(a({ cpu: '3' }, { cpu: '2' })),
      [
        'spec.containers[0].resources.requests: Invalid value: "3": must be less than or equal to cpu limit of 2',
      ],
    ],
  ])('%s', (_name, old, object, want) => {
    expect(resize(old, object)).toEqual(want);
  });

  test('nothing but cpu and memory changes', () => {
    const [error] = resize(
      pod(a({ cpu: '1', 'ephemeral-storage': '1Gi' })),
      pod(a({ cpu: '2', 'ephemeral-storage': '2Gi' })),
    );
    expect(error).toMatch(/^spec: Forbidden: only cpu and memory resources are mutable\n {2}core\.PodSpec\{/);
  });

  test('static pods stay as their file says', () => {
    const old = pod(a({ cpu: '1' }));
    old.metadata.annotations = { 'kubernetes.io/config.mirror': 'x' };
    expect(resize(old, pod(a({ cpu: '2' })))).toEqual([': Forbidden: static pods cannot be resized']);
  });
});
