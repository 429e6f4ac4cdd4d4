import { expect, test } from 'vitest';
import { attributesOf } from '../../../../testing/admission.ts';
import { DefaultTolerationSeconds } from './admission.ts';

const NOT_READY = {
  key: 'node.kubernetes.io/not-ready',
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
};
const UNREACHABLE = { ...NOT_READY, key: 'node.kubernetes.io/unreachable' };

test.each([
  ['nothing is tolerated', undefined, [NOT_READY, UNREACHABLE]],
  [
    'something else is tolerated',
    [{ key: 'x', operator: 'Exists' }],
    [{ key: 'x', operator: 'Exists' }, NOT_READY, UNREACHABLE],
  ],
  [
    'one of the two is tolerated for another time',
    [{ ...NOT_READY, tolerationSeconds: 5 }],
    [{ ...NOT_READY, tolerationSeconds: 5 }, UNREACHABLE],
  ],
  ['everything is tolerated', [{ operator: 'Exists' }], [{ operator: 'Exists' }]],
])('DefaultTolerationSeconds: %s', async (_name, tolerations, want) => {
  const attributes = attributesOf({
    resource: 'pods',
    object: { metadata: { name: 'p' }, spec: { tolerations } },
  });
  await new DefaultTolerationSeconds().admit(attributes);
  expect(attributes.object!.spec.tolerations).toEqual(want);
});
