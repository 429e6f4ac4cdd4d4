import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { Rand } from '../../clock/rand.ts';
import { Pki } from '../../cluster/pki.ts';
import { serverNames } from './alternative-names.ts';
import { CertificateRequest } from './certificate-request.ts';
import { Name } from './name.ts';
import { signRequest } from './signing-policy.ts';
import { curve } from '../keys/curve.ts';

await curve.fetch();

const NOW = Date.UTC(2026, 10, 23, 9);
const HOUR = 3600_000;
const pki = new Pki(new Rand(1));
const authority = pki.authority('kubernetes', NOW);
const key = pki.key();
const request = CertificateRequest.create(
  Name.of({ commonName: 'jane', organizations: ['developers'] }),
  serverNames(['node01', '172.30.2.2']),
  key,
);
const sign = (ttl: number, usages: readonly string[] = ['client auth', 'digital signature']) =>
  signRequest(authority, request, { usages, ttl, now: NOW, serialNumber: 7n });

test('signRequest gives a certificate for the key of the request, as OpenSSL sees it', () => {
  const read = new X509Certificate(sign(24 * HOUR).pem);
  const issuer = new X509Certificate(authority.certificatePEM);
  expect(read.subject).toBe('O=developers\nCN=jane');
  expect(read.subjectAltName).toBe('DNS:node01, IP Address:172.30.2.2');
  expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(read.publicKey.export({ type: 'spki', format: 'pem' })).toBe(key.publicKey.pem);
  expect([read.verify(issuer.publicKey), read.checkIssued(issuer), read.ca]).toEqual([true, true, false]);
});

test.each([
  ['a day, less what it begins in the past', 24 * HOUR, '2026-11-24T08:55:00.000Z'],
  ['an hour in full', HOUR, '2026-11-23T10:00:00.000Z'],
  ['no longer than its authority', 100 * 365 * 24 * HOUR, '2036-11-20T09:00:00.000Z'],
])('it is good for %s', (_name, ttl, end) => {
  const { notBefore, notAfter } = sign(ttl);
  expect(new Date(notBefore).toISOString()).toBe('2026-11-23T08:55:00.000Z');
  expect(new Date(notAfter).toISOString()).toBe(end);
});

test('a usage that nobody knows is refused', () => {
  expect(() => sign(HOUR, ['signing', 'flying'])).toThrow('unrecognized usages: [flying]');
});
