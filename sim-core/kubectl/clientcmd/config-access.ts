import { parse } from 'yaml';
import { FileError, type FileSystem } from '../../node/file-system.ts';
import { directoryName } from '../../node/path.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';
import { kubeconfigPaths, type LoadingRules } from './kubeconfig.ts';

/** The lists of a kubeconfig file, and the field that holds what one of their entries says. */
export const STANZAS = { clusters: 'cluster', contexts: 'context', users: 'user' } as const;
export type Stanza = keyof typeof STANZAS;

/** What a named entry says. */
export type Entry = Readonly<Record<string, unknown>>;

interface Named {
  readonly name: string;
  readonly [field: string]: unknown;
}
interface ConfigFile {
  readonly 'current-context'?: string;
  readonly [list: string]: unknown;
}

/**
 * Changes kubeconfig files: an entry where it stands, a new one in the first file that exists.
 * Models k8s.io/client-go/tools/clientcmd ModifyConfig and ConfigAccess.
 */
export class ConfigAccess {
  readonly #files: FileSystem;
  readonly #paths: readonly string[];

  constructor(rules: LoadingRules) {
    this.#files = rules.files;
    this.#paths = kubeconfigPaths(rules);
  }

  /** Where new entries go: the first file that exists, or the last that is looked at. */
  get defaultFile(): string {
    return this.#paths.find((path) => this.#files.exists(path)) ?? this.#paths.at(-1)!;
  }

  /** The entry, as the first file that has it says it. */
  entry(stanza: Stanza, name: string): Entry | undefined {
    const found = this.#find(stanza, name);
    return found === undefined ? undefined : ((found.entry[STANZAS[stanza]] as Entry | null) ?? {});
  }

  /** Makes, changes or (undefined) takes out an entry. */
  setEntry(stanza: Stanza, name: string, entry: Entry | undefined): void {
    const path = this.#find(stanza, name)?.path ?? this.defaultFile;
    const config = this.#read(path);
    const others = listOf(config, stanza).filter((one) => one.name !== name);
    const list = entry === undefined ? others : [...others, { [STANZAS[stanza]]: entry, name }];
    this.#write(path, { ...config, [stanza]: list.sort((a, b) => (a.name < b.name ? -1 : 1)) });
  }

  setCurrentContext(name: string): void {
    const holder = this.#paths.find(
      (path) => this.#files.exists(path) && (this.#read(path)['current-context'] ?? '') !== '',
    );
    const path = name === '' ? holder : this.defaultFile;
    if (path !== undefined) this.#write(path, { ...this.#read(path), 'current-context': name });
  }

  #find(stanza: Stanza, name: string): { readonly path: string; readonly entry: Named } | undefined {
    for (const path of this.#paths) {
      const entry = listOf(this.#read(path), stanza).find((one) => one.name === name);
      if (entry !== undefined) return { path, entry };
    }
    return undefined;
  }

  #read(path: string): ConfigFile {
    try {
      return (parse(this.#files.read(path)) as ConfigFile | null) ?? {};
    } catch (error) {
      if (error instanceof FileError && error.code === 'ENOENT') return {};
      throw error;
    }
  }

  #write(path: string, config: ConfigFile): void {
    this.#files.makeDirectory(directoryName(path), { parents: true });
    const complete: Record<string, unknown> = {
      apiVersion: 'v1',
      'current-context': '',
      kind: 'Config',
      ...config,
    };
    for (const stanza of Object.keys(STANZAS)) complete[stanza] = nullIfEmpty(complete[stanza]);
    this.#files.write(path, toYaml(complete), this.#files.exists(path) ? {} : { mode: 0o600 });
  }
}

function listOf(config: ConfigFile, stanza: Stanza): readonly Named[] {
  return (config[stanza] as readonly Named[] | null | undefined) ?? [];
}

function nullIfEmpty(list: unknown): unknown {
  return Array.isArray(list) && list.length > 0 ? list : null;
}
