import { expect, test } from 'vitest';
import { hex } from '../encoding/bytes.ts';
import { decodePem } from '../encoding/pem.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import { PrivateKey } from './private-key.ts';
import { ECDSA_SHA256 } from './signature-algorithm.ts';
import { curve } from './curve.ts';

await curve.fetch();

const fromHex = (text: string) => Uint8Array.from(text.match(/../g)!, (byte) => parseInt(byte, 16));

/** RFC 6979, A.2.5. */
const KEY = new PrivateKey(fromHex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'));

test('signs as RFC 6979 has it for P-256 and SHA-256', () => {
  expect(hex(KEY.publicKey.bits)).toBe(
    '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
  );
  const signature = KEY.sign(encodeUtf8('sample'));
  expect(hex(signature)).toBe(
    '3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
  );
  expect(KEY.publicKey.verify(ECDSA_SHA256, encodeUtf8('sample'), signature)).toBe(true);
  expect(KEY.publicKey.verify(ECDSA_SHA256, encodeUtf8('simple'), signature)).toBe(false);
});

test('is read back from its PEM, and from PKCS #8', () => {
  const [block] = decodePem(KEY.pem);
  expect(block!.type).toBe('EC PRIVATE KEY');
  expect(PrivateKey.parse(block!)!.publicKey.equals(KEY.publicKey)).toBe(true);
  // openssl pkcs8 -topk8 -nocrypt of the same key.
  const pkcs8 = fromHex(
    '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721a1440342000460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
  );
  expect(PrivateKey.parse({ type: 'PRIVATE KEY', bytes: pkcs8 })!.pem).toBe(KEY.pem);
  expect(PrivateKey.parse({ type: 'PRIVATE KEY', bytes: pkcs8.subarray(0, 40) })).toBeUndefined();
});
