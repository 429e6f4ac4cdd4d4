import { expect, test } from 'vitest';
import { attributesOf } from '../../../../testing/admission.ts';
import { TaintNodesByCondition } from './admission.ts';

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

test.each([
  ['a node without taints', undefined, [NOT_READY]],
  [
    'a node with another taint',
    [{ key: 'a', effect: 'NoSchedule' }],
    [{ key: 'a', effect: 'NoSchedule' }, NOT_READY],
  ],
  ['a node that has it already', [NOT_READY], [NOT_READY]],
])('TaintNodesByCondition: %s', async (_name, taints, want) => {
  const attributes = attributesOf({
    resource: 'nodes',
    object: { metadata: { name: 'n' }, spec: { taints } },
  });
  await new TaintNodesByCondition().admit(attributes);
  expect(attributes.object!.spec.taints).toEqual(want);
});
