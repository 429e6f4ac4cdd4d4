import { parse } from 'yaml';
import type { Rand } from '../../../clock/rand.ts';
import { decodeBase64 } from '../../registry/core/secret/base64.ts';
import { aesCbc, aesGcm } from './encrypt/aes.ts';
import { identityTransformer } from './encrypt/identity.ts';
import { secretbox } from './encrypt/secretbox.ts';
import type { PrefixTransformer, Transformer } from './transformer.ts';
import { PrefixTransformers } from './transformer.ts';

/** How the values of a resource are stored; undefined: as they are. */
export type TransformerOf = (group: string, resource: string) => Transformer | undefined;

interface Key {
  readonly name?: string;
  readonly secret?: string;
}

type Provider = Readonly<Record<string, { readonly keys?: readonly Key[] } | undefined>>;

interface ResourceConfiguration {
  readonly resources?: readonly string[];
  readonly providers?: readonly Provider[];
}

/** A way to encrypt: its name in the configuration is part of what values begin with. */
interface Encryption {
  readonly keySizes: readonly number[];
  readonly title: string;
  create(key: Uint8Array, rand: Rand): Transformer;
}

const ENCRYPTIONS: Readonly<Record<string, Encryption>> = {
  aescbc: { keySizes: [16, 24, 32], title: 'AES', create: aesCbc },
  aesgcm: { keySizes: [16, 24, 32], title: 'AES', create: aesGcm },
  secretbox: { keySizes: [32], title: 'Secretbox', create: secretbox },
};
const PROVIDERS: readonly string[] = ['kms', 'identity', ...Object.keys(ENCRYPTIONS)];

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Reads the file at `path`, that of --encryption-provider-config. Throws an Error with upstream's words
 * for what is wrong with it; KMS plugins cannot be reached from here and are refused.
 * Models k8s.io/apiserver/pkg/server/options/encryptionconfig LoadEncryptionConfig.
 */
export function loadEncryptionConfig(path: string, text: string, rand: Rand): TransformerOf {
  const { resources: configurations = [] } = decode(path, text);
  const faults = faultsOf(configurations);
  if (faults.length > 0) {
    throw new Error(
      `error while parsing file: ${faults.length === 1 ? faults[0] : `[${faults.join(', ')}]`}`,
    );
  }
  const rules = configurations.map(({ resources, providers }) => ({
    resources: resources!,
    transformer: new PrefixTransformers(
      'no matching prefix found',
      providers!.map((provider) => providerOf(provider, rand)),
    ),
  }));
  return (group, resource) =>
    rules.find(({ resources }) => resources.some((name) => covers(name, group, resource)))?.transformer;
}

interface Configuration {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly resources?: readonly ResourceConfiguration[];
}

/** Models encryptionconfig.loadConfig. */
function decode(path: string, text: string): Configuration {
  const file = `encryption provider configuration file ${JSON.stringify(path)}`;
  if (text === '') throw new Error(`error while parsing file: ${file} is empty`);
  const failed = (detail: string) => new Error(`error while parsing file: error decoding ${file}: ${detail}`);
  let config: Configuration | null;
  try {
    config = parse(text) as Configuration | null;
  } catch (error) {
    throw failed((error as Error).message.split('\n', 1)[0]!);
  }
  const { apiVersion = '', kind = '' } = config ?? {};
  if (kind !== 'EncryptionConfiguration' || !apiVersion.startsWith('apiserver.config.k8s.io/')) {
    throw failed(`no kind "${kind}" is registered for version "${apiVersion}"`);
  }
  return config!;
}

function providerOf(provider: Provider, rand: Rand): PrefixTransformer {
  const [name, settings] = Object.entries(provider)[0]!;
  const encryption = ENCRYPTIONS[name];
  if (encryption === undefined) return { prefix: '', transformer: identityTransformer };
  const keys = settings!.keys!.map((key) => ({
    prefix: `${key.name}:`,
    transformer: encryption.create(bytesOf(key.secret!), rand),
  }));
  const noMatch = `no matching key was found for the provided ${encryption.title} transformer`;
  return { prefix: `k8s:enc:${name}:v1:`, transformer: new PrefixTransformers(noMatch, keys) };
}

/** "secrets", "deployments.apps", "*.apps", "*." (the core group) or "*.*". */
function covers(name: string, group: string, resource: string): boolean {
  const dot = name.indexOf('.');
  const [namedResource, namedGroup] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)];
  return (
    (namedGroup === '*' || namedGroup === group) && (namedResource === '*' || namedResource === resource)
  );
}

/** Models k8s.io/apiserver/pkg/apis/apiserver/validation/validation_encryption.go. */
function faultsOf(configurations: readonly ResourceConfiguration[]): string[] {
  if (configurations.length === 0) return ['resources: Required value: at least one resources is required'];
  const faults: string[] = [];
  const oneOf = (path: string) => faults.push(`${path}: Required value: at least one ${path} is required`);
  for (const [index, { resources = [], providers = [] }] of configurations.entries()) {
    const path = `resources[${index}]`;
    if (resources.length === 0) oneOf(`${path}.resources`);
    for (const [at, name] of resources.entries()) {
      const fault = resourceFault(name);
      if (fault !== undefined) {
        faults.push(`${path}.resources[${at}]: Invalid value: ${JSON.stringify(name)}: ${fault}`);
      }
    }
    if (providers.length === 0) oneOf(`${path}.providers`);
    for (const [at, provider] of providers.entries()) {
      faults.push(...providerFaults(provider ?? {}, `${path}.providers[${at}]`));
    }
  }
  return faults;
}

function resourceFault(name: string): string | undefined {
  if (name.toLowerCase() !== name) return 'resource name should not contain capital letters';
  if (name === '*') {
    return "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources";
  }
  if (name.endsWith('.*') && name !== '*.*') {
    return 'encrypting the same resource across groups is not supported';
  }
  return undefined;
}

function providerFaults(provider: Provider, path: string): string[] {
  const names = Object.keys(provider).filter((name) => PROVIDERS.includes(name));
  const invalid = (detail: string) => [`${path}: Invalid value: ${JSON.stringify(provider)}: ${detail}`];
  if (names.length === 0) {
    return invalid(
      'provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity',
    );
  }
  if (names.length > 1) {
    return invalid(
      'more than one provider specified in a single element, should split into different list elements',
    );
  }
  const name = names[0]!;
  if (name === 'kms') return [`${path}.kms: Forbidden: no KMS plugin can be reached`];
  const encryption = ENCRYPTIONS[name];
  if (encryption === undefined) return [];
  const keys = provider[name]?.keys ?? [];
  if (keys.length === 0) return [`${path}.${name}.keys: Required value: at least one keys is required`];
  return keys.flatMap((key, index) => keyFaults(key, `${path}.${name}.keys[${index}]`, encryption.keySizes));
}

function keyFaults({ name = '', secret = '' }: Key, path: string, sizes: readonly number[]): string[] {
  const faults: string[] = [];
  if (name === '') faults.push(`${path}.name: Required value: name is a mandatory field for a key`);
  if (secret === '') faults.push(`${path}.secret: Required value: secret is a mandatory field for a key`);
  else {
    const size = BASE64.test(secret) ? bytesOf(secret).length : undefined;
    const redacted = `${path}.secret: Invalid value: "REDACTED"`;
    if (size === undefined) faults.push(`${redacted}: secrets must be base64 encoded`);
    else if (!sizes.includes(size)) {
      faults.push(
        `${redacted}: secret is not of the expected length, got ${size}, expected one of [${sizes.join(' ')}]`,
      );
    }
  }
  return faults;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(decodeBase64(base64), (character) => character.charCodeAt(0));
}
