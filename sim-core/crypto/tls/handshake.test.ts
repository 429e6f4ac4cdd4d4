import { expect, test } from 'vitest';
import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { settle } from '../../testing/settle.ts';
import { Pki } from '../../cluster/pki.ts';
import type { ClientTls, ServerTls } from './handshake.ts';
import { handshake } from './handshake.ts';
import { keyPair } from './key-pair.ts';
import { Pem } from '../x509/pem.ts';
import { curve } from '../keys/curve.ts';

await curve.fetch();

const NOW = Date.UTC(2026, 10, 23, 9);
const YEAR = 366 * 24 * 3600_000;
const pki = new Pki(new Rand(1));
const issue = (issuer: string, usages: ('server auth' | 'client auth')[]) =>
  pki.issue(issuer, { subject: { commonName: 'a' }, usages, sans: ['127.0.0.1'], now: NOW });

const pool = (issuer: string) => pki.authority(issuer, NOW).certificateFile.pool;
const SERVER: ServerTls = {
  keyPair: issue('etcd-ca', ['server auth']),
  clientAuth: 'require-and-verify',
  clientCAs: pool('etcd-ca'),
};
const CLIENT: ClientTls = { serverName: '127.0.0.1', rootCAs: pool('etcd-ca') };

test.each<[string, Partial<ClientTls>, number, string | undefined]>([
  ['a client of the same authority', { keyPair: issue('etcd-ca', ['client auth']) }, NOW, undefined],
  ['a client without a certificate', {}, NOW, 'remote error: tls: certificate required'],
  [
    'a client of another authority',
    { keyPair: issue('kubernetes', ['client auth']) },
    NOW,
    'remote error: tls: unknown certificate authority',
  ],
  [
    'a certificate for another use',
    { keyPair: issue('etcd-ca', ['server auth']) },
    NOW,
    'remote error: tls: bad certificate',
  ],
  [
    'a client that trusts somebody else',
    { rootCAs: pool('kubernetes') },
    NOW,
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  [
    'a client that does not look, a year later',
    { insecureSkipVerify: true, keyPair: issue('etcd-ca', ['client auth']) },
    NOW + YEAR,
    'remote error: tls: expired certificate',
  ],
])('%s', async (_name, client, now, problem) => {
  const clock = new VirtualClock({ start: now, settle });
  const result = await clock.until(handshake({ ...CLIENT, ...client }, SERVER, clock));
  expect(result.ok ? undefined : result.client).toBe(problem);
});

test.each([
  ['nothing', '', '', 'tls: failed to find any PEM data in certificate input'],
  [
    'both the other way round',
    SERVER.keyPair.key.pem,
    SERVER.keyPair.certificate.pem,
    'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
  ],
  ['no key', SERVER.keyPair.certificate.pem, '', 'tls: failed to find any PEM data in key input'],
  [
    'a certificate for a key',
    SERVER.keyPair.certificate.pem,
    SERVER.keyPair.certificate.pem,
    'tls: found a certificate rather than a key in the PEM for the private key',
  ],
  [
    "somebody else's key",
    SERVER.keyPair.certificate.pem,
    pki.key().pem,
    'tls: private key does not match public key',
  ],
])('keyPair of %s', (_name, certificate, key, message) => {
  expect(() => keyPair(Pem.ofText(certificate), Pem.ofText(key))).toThrow(message);
});
