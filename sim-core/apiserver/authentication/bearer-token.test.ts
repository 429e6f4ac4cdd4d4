import { expect, test } from 'vitest';
import { BearerTokenAuthenticator } from './bearer-token.ts';

const EXTRA_SPACE =
  'the provided Authorization header contains extra space before the bearer token, and is ignored';
const known = { user: { name: 'jane', groups: [] }, by: 'token' } as const;
const authenticator = new BearerTokenAuthenticator({
  authenticateToken: (token) => Promise.resolve(token === 'good' ? known : undefined),
});

test.each([
  ['Bearer good', known, []],
  ['bearer good more', known, []],
  ['Bearer  good', undefined, [EXTRA_SPACE]],
  ['Bearer', undefined, []],
  ['Basic good', undefined, []],
])('%j', async (authorization, expected, warnings) => {
  const said: string[] = [];
  const request = { method: 'GET', path: '/', headers: { authorization }, body: '' };
  expect(await authenticator.authenticate(request, (text) => said.push(text))).toEqual(expected);
  expect(said).toEqual(warnings);
});

test('a token that nobody knows is refused', async () => {
  const request = { method: 'GET', path: '/', headers: { authorization: 'Bearer bad' }, body: '' };
  await expect(authenticator.authenticate(request, () => {})).rejects.toThrow('invalid bearer token');
});
