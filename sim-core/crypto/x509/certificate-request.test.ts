import { expect, test } from 'vitest';
import { Rand } from '../../clock/rand.ts';
import { decodePem } from '../encoding/pem.ts';
import { PrivateKey } from '../keys/private-key.ts';
import { NO_NAMES, serverNames } from './alternative-names.ts';
import { CertificateRequest } from './certificate-request.ts';
import { Name } from './name.ts';
import { curve } from '../keys/curve.ts';

await curve.fetch();

/** openssl req -new -newkey rsa:2048 -subj /O=developers/CN=gold-jane */
const RSA_REQUEST = `-----BEGIN CERTIFICATE REQUEST-----
MIICbjCCAVYCAQAwKTETMBEGA1UECgwKZGV2ZWxvcGVyczESMBAGA1UEAwwJZ29s
ZC1qYW5lMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1VOHXKqmx30Q
u/34fKLMlXd3+gRSdA/YX18avJVo7DVwt1uEu0LUEf22Vgs61iSV7iMBtfFZfRUd
LPZVh6fhwGa4HAVZFlS8+ogSDwhmcse4DHyUIc0ivFrMnywYsc5cUCH1JEsfhJVI
2/kKZJMLjyuPLGdqNskc78Sqam4MO69jO9Te9up8pgznYqwApuI8ZVfSl32G0BLA
BkCKjMmTC0SMw11W2JhcMKcTFTFYm7R59ZIMgC/tQ1BjNKNaFXPZCtSnShOwUPNZ
mzTyTGgy0Q5JqY2egRgbWudbFdHmxA1/eOdTXBIFqg0Y2S6oEnHxb5QL8IfNgY7n
CgcVY5P8OwIDAQABoAAwDQYJKoZIhvcNAQELBQADggEBAJXMO/TytOJOnTCaKKdi
hJKr/gDU465LSjha0JYu3JwepuqSZSs+kwf9MvqzTfbg/TaCJj0ws5w5cfyQd4+J
ckOPDzaYZbXbFu/mocW6PWEip6eMVqEQpouyW5t13613xwZ4u9kh8Gho1fkxj3sP
9KCAyUtc08rkbCQKR668P5oVkI237r/nK2PxJz8a4vIs9T0cF3DaxK9ONko0jrB5
OTUjb5IwyrYIXpXrUwHSWxcb7R1VkXhby2rAqVEE13Xp/kSOuAlN5dcYeD6rqwBR
OahC1rRWUYF1jNT8giDUHRz9W9arKdHSiZNHT3uHwHxWbPTFQvcs9b2e+2wA9zQL
PZM=
-----END CERTIFICATE REQUEST-----
`;

test('parse reads what openssl wrote, RSA and all', () => {
  const { bytes } = decodePem(RSA_REQUEST)[0]!;
  const request = CertificateRequest.parse(bytes);
  expect(request.subject.toString()).toBe('CN=gold-jane,O=developers');
  expect(request.names).toEqual(NO_NAMES);
  expect(request.signatureProblem).toBeUndefined();
  expect(request.pem).toBe(RSA_REQUEST);
  const forged = Uint8Array.from(bytes);
  forged[30]! ^= 1;
  expect(CertificateRequest.parse(forged).signatureProblem).toBe('crypto/rsa: verification error');
});

test('create and parse agree', () => {
  const key = PrivateKey.fromRandom(new Rand(1).bytes(32));
  const names = serverNames(['node01', '172.30.2.2']);
  const made = CertificateRequest.create(Name.of({ commonName: 'system:node:node01' }), names, key);
  const read = CertificateRequest.parse(made.der);
  expect(read.names).toEqual(names);
  expect(read.subject.commonName).toBe('system:node:node01');
  expect(read.publicKey.equals(key.publicKey)).toBe(true);
  expect(read.signatureProblem).toBeUndefined();
});

test('parse refuses what is none', () => {
  expect(() => CertificateRequest.parse(Uint8Array.of(0x30, 3, 1))).toThrow('asn1: structure error');
});
