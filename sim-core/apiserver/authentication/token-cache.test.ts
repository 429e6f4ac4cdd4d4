import { expect, test } from 'vitest';
import { settle } from '../../testing/settle.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import type { TokenAuthenticated } from './bearer-token.ts';
import { CachedTokenAuthenticator } from './token-cache.ts';

test('a token that was good stays so for ten seconds; one that is not known is asked about anew', async () => {
  const clock = new VirtualClock({ start: 0, settle });
  const good = new Set(['a']);
  const found: TokenAuthenticated = { by: 'token', user: { name: 'jane', groups: [] } } as never;
  const cached = new CachedTokenAuthenticator(clock, {
    authenticateToken: (token) => Promise.resolve(good.has(token) ? found : undefined),
  });
  const isKnown = async (token: string, audiences?: readonly string[]) =>
    (await cached.authenticateToken(token, audiences)) !== undefined;
  expect([await isKnown('a'), await isKnown('b')]).toEqual([true, false]);
  good.delete('a');
  good.add('b');
  expect([await isKnown('a'), await isKnown('b'), await isKnown('a', ['x'])]).toEqual([true, true, false]);
  await clock.advance(10_000);
  expect(await isKnown('a')).toBe(false);
});
