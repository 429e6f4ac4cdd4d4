import type { FileSystem } from '../../node/file-system.ts';
import { FileError } from '../../node/file-system.ts';
import { directoryName, resolvePath } from '../../node/path.ts';
import type { ClusterEntry, ContextEntry, KubeconfigFile, ParseYaml, UserEntry } from './kubeconfig-file.ts';
import { readKubeconfigFile, YamlLibraryNeeded } from './kubeconfig-file.ts';

/** A kubeconfig, merged from one or more files; paths in it are absolute. */
export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly currentContext: string;
  /** The files that were read, in order. */
  readonly files: readonly string[];
}

const PATH_FIELDS = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'] as const;

export interface LoadingRules {
  readonly files: FileSystem;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The file that a flag names is empty if it is not there. */
  readonly mayBeMissing?: boolean;
  /** --kubeconfig; must exist. */
  readonly explicitPath?: string;
}

/** The files that kubectl looks at, the one that it writes to first. */
export function kubeconfigPaths(rules: Omit<LoadingRules, 'files'>): string[] {
  return givenPaths(rules).map((path) => resolvePath(rules.cwd, path));
}

/** The same as they were named. */
function givenPaths({ explicitPath, variables }: Omit<LoadingRules, 'files'>): string[] {
  if (explicitPath !== undefined && explicitPath !== '') return [explicitPath];
  const listed = (variables.KUBECONFIG ?? '').split(':').filter((path) => path !== '');
  if (listed.length > 0) return listed;
  return [resolvePath(variables.HOME ?? '/root', '.kube/config')];
}

/**
 * Reads and merges the kubeconfig files: the first to set a value wins; missing files are passed
 * over, unless the path was given by flag. Throws an Error with kubectl's words.
 *
 * Models k8s.io/client-go/tools/clientcmd ClientConfigLoadingRules.Load.
 */
export function loadKubeconfig(rules: LoadingRules, parseYaml?: ParseYaml): Kubeconfig {
  const clusters = new Map<string, ClusterEntry>();
  const users = new Map<string, UserEntry>();
  const contexts = new Map<string, ContextEntry>();
  const read: string[] = [];
  let currentContext = '';
  const explicit = rules.explicitPath !== undefined && rules.explicitPath !== '';
  for (const given of givenPaths(rules)) {
    const path = resolvePath(rules.cwd, given);
    let file: KubeconfigFile;
    try {
      file = readKubeconfigFile(rules.files, path, parseYaml);
    } catch (error) {
      if (error instanceof YamlLibraryNeeded) throw error;
      if (!(error instanceof FileError))
        throw new Error(`error loading config file "${given}": ${(error as Error).message}`);
      if (error.code === 'ENOENT' && explicit && rules.mayBeMissing !== true) {
        throw new Error(`stat ${rules.explicitPath}: no such file or directory`);
      }
      if (error.code === 'ENOENT') continue;
      throw new Error(`error loading config file "${given}": open ${given}: ${error.message.toLowerCase()}`);
    }
    read.push(path);
    const base = directoryName(path);
    for (const { name, cluster } of file.clusters ?? []) {
      if (!clusters.has(name)) clusters.set(name, absolutePaths(cluster ?? {}, base));
    }
    for (const { name, user } of file.users ?? []) {
      if (!users.has(name)) users.set(name, absolutePaths(user ?? {}, base));
    }
    for (const { name, context } of file.contexts ?? [])
      if (!contexts.has(name)) contexts.set(name, context ?? {});
    currentContext ||= file['current-context'] ?? '';
  }
  return { clusters, users, contexts, currentContext, files: read };
}

function absolutePaths<T extends ClusterEntry | UserEntry>(entry: T, base: string): T {
  const copy: Record<string, unknown> = { ...entry };
  for (const field of PATH_FIELDS) {
    const value = copy[field];
    if (typeof value === 'string' && value !== '') copy[field] = resolvePath(base, value);
  }
  return copy as T;
}
