import { expect, test } from 'vitest';
import { PrivateKey } from '../../../../crypto/keys/private-key.ts';
import { encodePem } from '../../../../crypto/encoding/pem.ts';
import { keyPairFault } from './key-pair.ts';
import { curve } from '../../../../crypto/keys/curve.ts';

await curve.fetch();

const key = PrivateKey.fromRandom(new Uint8Array(32).fill(7)).pem;
const broken = encodePem({ type: 'CERTIFICATE', bytes: Uint8Array.of(1, 2, 3) });

test.each<[what: string, certificate: string, key: string, fault: string]>([
  ['nothing', '', '', 'tls: failed to find any PEM data in certificate input'],
  [
    'a key for a certificate',
    key,
    key,
    'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
  ],
  ['no key', broken, 'x', 'tls: failed to find any PEM data in key input'],
  [
    'a certificate for a key',
    broken,
    broken,
    'tls: found a certificate rather than a key in the PEM for the private key',
  ],
  ['a certificate that is none', broken, key, 'x509: malformed certificate'],
])('%s', (_what, certificate, keyText, fault) => {
  expect(keyPairFault(certificate, keyText)).toBe(fault);
});
