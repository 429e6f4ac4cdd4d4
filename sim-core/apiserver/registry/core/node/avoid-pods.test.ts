import { expect, test } from 'vitest';
import { validateAvoidPods } from './avoid-pods.ts';

const NAME = 'scheduler.alpha.kubernetes.io/preferAvoidPods';
const FIELD = 'metadata.annotations';

test.each([
  ['{"preferAvoidPods":[{"podSignature":{"podController":{"controller":true}}}]}', []],
  ['{"preferAvoidPods":[{}]}', [`${FIELD}.${NAME}[0].PodSignature: Required value`]],
  [
    '{"preferAvoidPods":[{"podSignature":{"podController":{"controller":false}}}]}',
    [
      `${FIELD}.${NAME}[0].PodSignature.PodController.Controller: Invalid value: false: must point to a controller`,
    ],
  ],
  [
    'x',
    [`${FIELD}.AvoidPods: Invalid value: "${NAME}": invalid character 'x' looking for beginning of value`],
  ],
])('validateAvoidPods: %s', (text, expected) => {
  expect(validateAvoidPods({ [NAME]: text }).map(({ message }) => message)).toEqual(expected);
});
