import { Pem } from '../../crypto/x509/pem.ts';
import type { FileFormat } from '../../node/file-content.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';
import { decodeBase64, encodeBase64 } from '../util/base64.ts';
import { parsePlainYaml } from '../../apimachinery/json/plain-yaml.ts';

export interface ClusterEntry {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: Pem;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
}
export interface UserEntry {
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: Pem;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: Pem;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
}
export interface ContextEntry {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

/** One kubeconfig file. Models k8s.io/client-go/tools/clientcmd/api/v1 Config. */
export interface KubeconfigFile {
  readonly apiVersion?: string;
  readonly clusters?: readonly { readonly name: string; readonly cluster?: ClusterEntry }[] | null;
  readonly contexts?: readonly { readonly name: string; readonly context?: ContextEntry }[] | null;
  readonly 'current-context'?: string | null;
  readonly kind?: string;
  readonly users?: readonly { readonly name: string; readonly user?: UserEntry }[] | null;
}

/** Reads YAML in full; see {@link parsePlainYaml}. */
export type ParseYaml = (text: string) => unknown;

/** A file is more than plain YAML, or not what a kubeconfig should be, and no library was given. */
export class YamlLibraryNeeded extends Error {}

/** A file as programs write it; throws YamlLibraryNeeded for any other. */
export const KUBECONFIG_FILE: FileFormat<KubeconfigFile> = {
  parse: (text) => fromYaml(plain(text), (pem) => Pem.ofText(pem)),
  saved: { name: 'kubeconfig', restore: (text) => fromYaml(plain(text), (pem) => Pem.ofOwnText(pem)) },
  print: (file) =>
    toYaml({
      ...file,
      clusters:
        file.clusters?.map(({ name, cluster }) => ({ cluster: encoded(cluster ?? {}), name })) ?? null,
      users: file.users?.map(({ name, user }) => ({ name, user: encoded(user ?? {}) })) ?? null,
    }),
};

/**
 * What a file holds, whoever wrote it. Throws an Error for a text that is no YAML, and YamlLibraryNeeded for one that
 * only `parseYaml` could read, if that is missing.
 */
export function readKubeconfigFile(files: FileSystem, path: string, parseYaml?: ParseYaml): KubeconfigFile {
  try {
    return files.readAs(path, KUBECONFIG_FILE);
  } catch (error) {
    if (!(error instanceof YamlLibraryNeeded) || parseYaml === undefined) throw error;
    return fromYaml(parseYaml(files.read(path)), (pem) => Pem.ofText(pem));
  }
}

function plain(text: string): unknown {
  const value = parsePlainYaml(text);
  if (!isSound(value)) throw new YamlLibraryNeeded();
  return value;
}

/** Is it a kubeconfig at a quick look? What is wrong with it otherwise, if anything, the library's reader says. */
function isSound(value: unknown): boolean {
  if (!isRecord(value) || value['apiVersion'] !== 'v1' || value['kind'] !== 'Config') return false;
  if (typeof (value['current-context'] ?? '') !== 'string') return false;
  return ['cluster', 'context', 'user'].every((kind) => {
    const list = value[`${kind}s`] ?? [];
    return (
      Array.isArray(list) &&
      list.every(
        (entry: unknown) =>
          isRecord(entry) &&
          typeof entry['name'] === 'string' &&
          isRecord(entry[kind]) &&
          Object.entries(entry[kind]).every(isSoundField),
      )
    );
  });
}

function isSoundField([name, value]: [string, unknown]): boolean {
  if (typeof value !== 'string') return false;
  return !name.endsWith('-data') || (value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fromYaml(value: unknown, pem: (text: string) => Pem): KubeconfigFile {
  const file = (value as KubeconfigFile | null) ?? {};
  return {
    ...file,
    ...(file.clusters && {
      clusters: file.clusters.map((entry) => ({
        ...entry,
        ...(entry.cluster && { cluster: decoded(entry.cluster, pem) }),
      })),
    }),
    ...(file.users && {
      users: file.users.map((entry) => ({ ...entry, ...(entry.user && { user: decoded(entry.user, pem) }) })),
    }),
  };
}

/** The entry as the file has it, with its data in base64. */
export function encoded(entry: ClusterEntry | UserEntry | ContextEntry): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [
      key,
      value instanceof Pem ? encodeBase64(value.text) : value,
    ]),
  );
}

function decoded<T extends ClusterEntry | UserEntry>(entry: T, pem: (text: string) => Pem): T {
  return Object.fromEntries(
    Object.entries(entry)
      .filter(([key, value]) => !key.endsWith('-data') || (value ?? '') !== '')
      .map(([key, value]) => [key, key.endsWith('-data') ? pem(decodeBase64(String(value))) : value]),
  ) as unknown as T;
}
