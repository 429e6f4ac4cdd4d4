import { expect, test } from 'vitest';
import { encodeUtf8 } from '../encoding/utf8.ts';
import { PrivateKey } from './private-key.ts';
import { curve } from './curve.ts';

await curve.fetch();

test('signToken: signatures that the public key verifies, for every entry of the table', () => {
  const key = PrivateKey.fromRandom(Uint8Array.from({ length: 32 }, (_, index) => index * 7));
  const points = new Set<string>();
  for (let index = 0; points.size < 16; index++) {
    const message = encodeUtf8(`message ${index}`);
    const signature = key.signToken(message);
    const point = String(signature.slice(0, 32));
    if (points.has(point)) continue;
    points.add(point);
    expect(key.publicKey.verifyToken(message, signature)).toBe(true);
    expect(key.publicKey.verifyToken(encodeUtf8(`message ${index + 1}`), signature)).toBe(false);
  }
});

test('signToken gives the same signature for the same message', () => {
  const key = PrivateKey.fromRandom(new Uint8Array(32).fill(9));
  expect(key.signToken(encodeUtf8('a'))).toEqual(key.signToken(encodeUtf8('a')));
  expect(key.signToken(encodeUtf8('a'))).not.toEqual(key.signToken(encodeUtf8('b')));
});
