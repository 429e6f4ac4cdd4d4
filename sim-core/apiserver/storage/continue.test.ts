import { describe, expect, test } from 'vitest';
import { decodeContinue, encodeContinue } from './continue.ts';

const PREFIX = '/registry/configmaps/a/';

test('a token is the one that upstream makes of the same key and revision', () => {
  expect(encodeContinue(`${PREFIX}c2\0`, PREFIX, 227)).toBe(
    'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MjI3LCJzdGFydCI6ImMyXHUwMDAwIn0',
  );
});

test('a token leads back to its key and revision', () => {
  const token = encodeContinue(`${PREFIX}c5\0`, PREFIX, 42);
  expect(decodeContinue(token, PREFIX)).toEqual({ revision: 42, startKey: `${PREFIX}c5\0` });
});

describe('a token that this server did not make is refused', () => {
  test.each([
    ['garbage', "invalid character '\\u0081' looking for beginning of value"],
    ['a?', 'illegal base64 data at input byte 1'],
    [encode('{"v":"v0","rv":1,"start":"a"}'), 'server does not recognize this encoded version v0'],
    [
      encode('{"v":"meta.k8s.io/v1","rv":0,"start":"a"}'),
      'incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
    ],
    [encode('{"v":"meta.k8s.io/v1","rv":1}'), 'encoded start key empty (version meta.k8s.io/v1)'],
    [encode('{"v":"meta.k8s.io/v1","rv":1,"start":"../secrets"}'), '../secrets'],
  ])('%s', (token, detail) => {
    expect(() => decodeContinue(token, PREFIX)).toThrow(
      `invalid continue token: continue key is not valid: ${detail}`,
    );
  });
});

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
