import { describe, expect, test } from 'vitest';
import { Rand } from '../../clock/rand.ts';
import { PrivateKey } from '../keys/private-key.ts';
import { serverNames } from './alternative-names.ts';
import { Certificate, CertificateError } from './certificate.ts';
import type { CertificateTemplate } from './certificate.ts';
import { Name } from './name.ts';
import { CertPool } from './verify.ts';
import { curve } from '../keys/curve.ts';

await curve.fetch();

const NOW = Date.UTC(2026, 10, 23, 9);
const DAY = 24 * 3600_000;
const rand = new Rand(1);
const newKey = () => PrivateKey.fromRandom(rand.bytes(32));

function authority(commonName: string) {
  const key = newKey();
  const template: CertificateTemplate = {
    serialNumber: 1n,
    subject: Name.of({ commonName }),
    notBefore: NOW - DAY,
    notAfter: NOW + 3650 * DAY,
    keyUsages: ['digital signature', 'key encipherment', 'cert sign'],
    extendedKeyUsages: [],
    isCA: true,
  };
  return { key, certificate: Certificate.create(template, key.publicKey, key) };
}

const CA = authority('kubernetes');
const OTHER = authority('kubernetes');
const ETCD = authority('etcd-ca');

function leaf(change: Partial<CertificateTemplate> = {}, issuer = CA) {
  const template: CertificateTemplate = {
    serialNumber: 0x80n,
    subject: Name.of({ commonName: 'kube-apiserver', organizations: ['kubeadm:cluster-admins', 'a@b'] }),
    notBefore: NOW - DAY,
    notAfter: NOW + 365 * DAY,
    keyUsages: ['digital signature', 'key encipherment'],
    extendedKeyUsages: ['server auth'],
    isCA: false,
    names: serverNames(['controlplane', '*.example.com', '10.96.0.1', '::1', 'fd00::1:0:5']),
    ...change,
  };
  return Certificate.create(template, newKey().publicKey, issuer.key, issuer.certificate);
}

/** As somebody sees it who has the bytes alone. */
const reread = (certificate: Certificate) => Certificate.parse(certificate.der);

test('Certificate says the same after a round through its bytes', () => {
  const made = leaf();
  const read = reread(made);
  for (const field of [
    'serialNumber',
    'notBefore',
    'notAfter',
    'keyUsages',
    'extendedKeyUsages',
    'isCA',
  ] as const)
    expect(read[field]).toEqual(made[field]);
  expect(read.names).toEqual(made.names);
  expect(read.subject.toString()).toBe('CN=kube-apiserver,O=a@b+O=kubeadm:cluster-admins');
  // DER sorts the members of a set.
  expect(read.organizations).toEqual(['a@b', 'kubeadm:cluster-admins']);
  expect(read.issuer.toString()).toBe('CN=kubernetes');
  expect(read.fingerprint).toBe(made.fingerprint);
  expect(read.keyIds.authorityKeyId).toEqual(CA.certificate.keyIds.subjectKeyId);
});

test('Certificate.parse refuses what is no certificate', () => {
  const { der } = leaf();
  expect(() => Certificate.parse(der.subarray(0, 50))).toThrow(CertificateError);
  expect(() => Certificate.parse(Uint8Array.of(1, 2, 3))).toThrow('x509: malformed certificate');
});

describe('CertPool.problem', () => {
  const problem = (
    certificate: Certificate,
    {
      host,
      now = NOW,
      roots = [CA.certificate],
    }: { host?: string; now?: number; roots?: Certificate[] } = {},
  ) =>
    new CertPool(roots).problem(certificate, { now, usage: 'server auth', ...(host && { host }) })?.message;
  const validFor = (list: string, host: string) => `x509: certificate is valid for ${list}, not ${host}`;

  test.each<[string, string | undefined, Certificate, Parameters<typeof problem>[1]]>([
    ['its own name', undefined, leaf(), { host: 'controlplane' }],
    ['a name under a star', undefined, leaf(), { host: 'a.example.com' }],
    ['its own address', undefined, leaf(), { host: '10.96.0.1' }],
    ['a name that it lacks', validFor('controlplane, *.example.com', 'node01'), leaf(), { host: 'node01' }],
    [
      'an address that it lacks',
      validFor('10.96.0.1, ::1, fd00::1:0:5', '10.96.0.2'),
      leaf(),
      { host: '10.96.0.2' },
    ],
    [
      'an address, having names only',
      "x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs",
      leaf({ names: serverNames(['a']) }),
      { host: '10.0.0.1' },
    ],
    [
      'a name that stands in the subject alone',
      'x509: certificate relies on legacy Common Name field, use SANs instead',
      leaf({ names: serverNames([]) }),
      { host: 'kube-apiserver' },
    ],
    [
      'a time after its end',
      'x509: certificate has expired or is not yet valid: current time 2027-11-25T09:00:00Z is after 2027-11-23T09:00:00Z',
      leaf(),
      { now: NOW + 367 * DAY },
    ],
    [
      'a time before its beginning',
      'x509: certificate has expired or is not yet valid: current time 2026-11-21T09:00:00Z is before 2026-11-22T09:00:00Z',
      leaf(),
      { now: NOW - 2 * DAY },
    ],
    ['another authority', 'x509: certificate signed by unknown authority', leaf({}, ETCD), {}],
    [
      'another authority of the same name',
      'x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "kubernetes")',
      leaf(),
      { roots: [OTHER.certificate] },
    ],
    [
      'another use',
      'x509: certificate specifies an incompatible key usage',
      leaf({ extendedKeyUsages: ['client auth'] }),
      {},
    ],
  ])('%s', (_name, expected, certificate, options) => {
    expect(problem(certificate, options)).toBe(expected);
    // Whoever has the bytes alone, and so must look at the signature, says the same.
    const roots = (options?.roots ?? [CA.certificate]).map(reread);
    expect(problem(reread(certificate), { ...options, roots })).toBe(expected);
  });

  test('follows intermediates', () => {
    const key = newKey();
    const middle = Certificate.create(
      {
        serialNumber: 2n,
        subject: Name.of({ commonName: 'middle' }),
        notBefore: NOW - DAY,
        notAfter: NOW + DAY,
        keyUsages: ['cert sign'],
        extendedKeyUsages: [],
        isCA: true,
      },
      key.publicKey,
      CA.key,
      CA.certificate,
    );
    const certificate = leaf({}, { key, certificate: middle });
    const options = { now: NOW, usage: 'server auth' } as const;
    const pool = () => new CertPool([CA.certificate]);
    expect(pool().problem(certificate, { ...options, intermediates: [middle] })).toBeUndefined();
    expect(pool().problem(certificate, options)?.message).toBe(
      'x509: certificate signed by unknown authority',
    );
    const late = { ...options, now: NOW + 2 * DAY, intermediates: [middle] };
    expect(pool().problem(certificate, late)?.reason).toBe('expired');
  });
});
