import { expect, test } from 'vitest';
import type { AuthorizationAttributes, Authorizer, Decision } from '../authorizer.ts';
import { UnionAuthorizer } from './union.ts';

const attributes = {} as AuthorizationAttributes;
const says = (decision: Decision['decision'], reason: string): Authorizer => ({
  name: reason,
  authorize: () => Promise.resolve({ decision, reason }),
});

test.each([
  {
    name: 'the first that allows decides',
    parts: [says('no opinion', 'a'), says('allow', 'b'), says('deny', 'c')],
    want: { decision: 'allow', reason: 'b', by: 'b' },
  },
  {
    name: 'the first that denies decides',
    parts: [says('deny', 'a'), says('allow', 'b')],
    want: { decision: 'deny', reason: 'a', by: 'a' },
  },
  {
    name: 'reasons of all are kept when none decides',
    parts: [says('no opinion', 'a'), says('no opinion', ''), says('no opinion', 'b')],
    want: { decision: 'no opinion', reason: 'a\nb' },
  },
])('UnionAuthorizer: $name', async ({ parts, want }) => {
  expect(await new UnionAuthorizer(parts).authorize(attributes)).toEqual(want);
});
