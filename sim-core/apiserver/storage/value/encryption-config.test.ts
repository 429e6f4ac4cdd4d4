import { describe, expect, test } from 'vitest';
import { Rand } from '../../../clock/rand.ts';
import { loadEncryptionConfig } from './encryption-config.ts';

const KEYS = {
  one: 'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=',
  two: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY=',
};
const bytes = (text: string) => new TextEncoder().encode(text);
const PATH = bytes('/registry/secrets/default/db');

type Providers = readonly Readonly<Record<string, unknown>>[];

function load(providers: Providers, resources: readonly string[] = ['secrets']) {
  const config = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: [{ resources, providers }],
  };
  return loadEncryptionConfig('/enc.yaml', JSON.stringify(config), new Rand('encryption'));
}

const keyed = (name: string, ...keys: (keyof typeof KEYS)[]) => ({
  [name]: { keys: keys.map((key) => ({ name: key, secret: KEYS[key] })) },
});
const transformerOf = (...providers: Providers) => load(providers)('', 'secrets')!;
const text = (data: Uint8Array) => new TextDecoder().decode(data);

describe('encryption at rest', () => {
  test.each([
    ['aescbc', 'k8s:enc:aescbc:v1:one:'],
    ['aesgcm', 'k8s:enc:aesgcm:v1:one:'],
    ['secretbox', 'k8s:enc:secretbox:v1:one:'],
    ['identity', ''],
  ])('%s writes values that begin with "%s", each time others, and reads them', (name, prefix) => {
    const transformer = transformerOf(name === 'identity' ? { identity: {} } : keyed(name, 'one'));
    const [first, second] = [bytes('a secret'), bytes('a secret')].map((data) =>
      transformer.toStorage(data, PATH),
    );
    expect(text(first!).startsWith(prefix)).toBe(true);
    expect(text(first!).includes('a secret')).toBe(prefix === '');
    expect(text(first!) === text(second!)).toBe(prefix === '');
    expect(text(transformer.fromStorage(first!, PATH).data)).toBe('a secret');
    expect(transformer.fromStorage(first!, PATH).stale).toBe(false);
  });

  test('reads what upstream wrote: AES-CBC with PKCS#7 padding behind the initialization vector', () => {
    // openssl enc -aes-256-cbc -K 3031…3031 -iv 000102…0f
    const cipher = 'w5FUUq/ldO6iVHX5/YQ9Kw==';
    const iv = Uint8Array.from({ length: 16 }, (_, index) => index);
    const stored = new Uint8Array([
      ...bytes('k8s:enc:aescbc:v1:one:'),
      ...iv,
      ...Uint8Array.from(atob(cipher), (character) => character.charCodeAt(0)),
    ]);
    expect(text(transformerOf(keyed('aescbc', 'one')).fromStorage(stored, PATH).data)).toBe('a secret');
  });

  test('a value in another way than the first, or under another key, is stale', () => {
    const plain = transformerOf({ identity: {} }).toStorage(bytes('v'), PATH);
    const old = transformerOf(keyed('aescbc', 'one')).toStorage(bytes('v'), PATH);
    const rotated = transformerOf(keyed('aescbc', 'two', 'one'), { identity: {} });
    expect(rotated.fromStorage(plain, PATH)).toMatchObject({ stale: true });
    expect(rotated.fromStorage(old, PATH)).toMatchObject({ stale: true });
    expect(text(rotated.fromStorage(old, PATH).data)).toBe('v');
    const away = transformerOf({ identity: {} }, keyed('aescbc', 'one'));
    expect(away.fromStorage(old, PATH)).toMatchObject({ stale: true });
    expect(text(away.toStorage(bytes('v'), PATH))).toBe('v');
  });

  test.each([
    ['without a provider', { identity: {} }, 'no matching prefix found'],
    ['with another way only', keyed('secretbox', 'one'), 'no matching prefix found'],
    ['without its key', keyed('aescbc', 'two'), 'no matching key was found for the provided AES transformer'],
  ])('an encrypted value cannot be read %s', (_name, provider, message) => {
    const stored = transformerOf(keyed('aescbc', 'one')).toStorage(bytes('v'), PATH);
    expect(() => transformerOf(provider).fromStorage(stored, PATH)).toThrow(message);
  });

  test('a plain value cannot be read without identity', () => {
    expect(() => transformerOf(keyed('aescbc', 'one')).fromStorage(bytes('{}'), PATH)).toThrow(
      'no matching prefix found',
    );
  });

  test('AES-GCM binds a value to its key in etcd', () => {
    const transformer = transformerOf(keyed('aesgcm', 'one'));
    const stored = transformer.toStorage(bytes('v'), PATH);
    expect(() => transformer.fromStorage(stored, bytes('/registry/secrets/default/other'))).toThrow(
      'cipher: message authentication failed',
    );
  });

  test.each([
    ['secrets', [true, false, false]],
    ['*.', [true, true, false]],
    ['deployments.apps', [false, false, true]],
    ['*.apps', [false, false, true]],
    ['*.*', [true, true, true]],
  ])('"%s" names resources', (name, expected) => {
    const of = load([{ identity: {} }], [name]);
    const found = [of('', 'secrets'), of('', 'configmaps'), of('apps', 'deployments')];
    expect(found.map((transformer) => transformer !== undefined)).toEqual(expected);
  });

  test.each<[fault: string, providers: Providers, resources?: readonly string[]]>([
    ['resources[0].providers: Required value: at least one resources[0].providers is required', []],
    [
      'resources[0].resources: Required value: at least one resources[0].resources is required',
      [{ identity: {} }],
      [],
    ],
    [
      'resources[0].resources[0]: Invalid value: "Secrets": resource name should not contain capital letters',
      [{ identity: {} }],
      ['Secrets'],
    ],
    [
      'resources[0].providers[0].aescbc.keys: Required value: at least one keys is required',
      [{ aescbc: {} }],
    ],
    [
      'resources[0].providers[0].aescbc.keys[0].secret: Invalid value: "REDACTED": secrets must be base64 encoded',
      [{ aescbc: { keys: [{ name: 'a', secret: '<BASE 64 ENCODED SECRET>' }] } }],
    ],
    [
      'resources[0].providers[0].secretbox.keys[0].secret: Invalid value: "REDACTED": secret is not of the expected length, got 3, expected one of [32]',
      [{ secretbox: { keys: [{ name: 'a', secret: 'YWJj' }] } }],
    ],
    [
      'resources[0].providers[0].aesgcm.keys[0].name: Required value: name is a mandatory field for a key',
      [{ aesgcm: { keys: [{ secret: KEYS.one }] } }],
    ],
  ])('refuses: %s', (fault, providers, resources) => {
    expect(() => load(providers, resources)).toThrow(`error while parsing file: ${fault}`);
  });

  test.each([
    ['', 'encryption provider configuration file "/enc.yaml" is empty'],
    [
      'apiVersion: v1\nkind: Pod\n',
      'error decoding encryption provider configuration file "/enc.yaml": no kind "Pod" is registered for version "v1"',
    ],
  ])('refuses a file %j', (content, message) => {
    expect(() => loadEncryptionConfig('/enc.yaml', content, new Rand(1))).toThrow(message);
  });
});
