import { deepCopy } from '../../apimachinery/copy.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { FileError, type FileSystem } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { readYaml } from '../resource/yaml-reader.ts';
import { contentHash } from '../util/hash.ts';
import { generate } from './generators.ts';
import { type Kustomization, readKustomization } from './kustomization.ts';
import { type Renamed, updateReferences } from './name-references.ts';
import { applyPatch } from './patches.ts';
import { transform } from './transformers.ts';

/** The order in which `kustomize build` prints kinds: what others need first, what guards them last. */
const FIRST = [
  ...['Namespace', 'ResourceQuota', 'StorageClass', 'CustomResourceDefinition', 'ServiceAccount'],
  ...['PodSecurityPolicy', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ConfigMap'],
  ...['Secret', 'Endpoints', 'Service', 'LimitRange', 'PriorityClass', 'PersistentVolume'],
  ...['PersistentVolumeClaim', 'Deployment', 'StatefulSet', 'CronJob', 'PodDisruptionBudget'],
];
const LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

interface Entry extends Renamed {
  /** Its name gets a hash of its content in the end. */
  readonly hashed: boolean;
}

/** What a build has to say beside its objects. */
export interface BuildOptions {
  readonly warn?: (line: string) => void;
}

/**
 * The objects of the kustomization in `directory`. Throws an Error with kustomize's words.
 * Models sigs.k8s.io/kustomize/api/krusty Kustomizer.Run.
 */
export function buildKustomization(
  files: FileSystem,
  cwd: string,
  directory: string,
  options: BuildOptions = {},
): KubeObject[] {
  const path = resolvePath(cwd, directory);
  if (!files.exists(path)) {
    throw new Error(`must build at directory: ${notThere(path, directory)}`);
  }
  if (files.stat(files.realPath(path)).type !== 'directory')
    throw new Error(`must build at directory: '${directory}': file is not directory`);
  const builder = new Builder(files, options);
  const { entries, kustomization } = builder.build(path);
  for (const entry of entries) {
    if (!entry.hashed) continue;
    const { object } = entry;
    object.metadata = { ...object.metadata, name: `${object.metadata.name}-${contentHash(object, '')}` };
  }
  const objects = entries.map(({ object }) => object);
  updateReferences(objects, entries);
  const order = kustomization.sortOptions?.order ?? 'legacy';
  return order === 'legacy' ? objects.sort(byKind) : objects;
}

function notThere(path: string, shown: string): string {
  return `not a valid directory: evalsymlink failure on '${shown}' : lstat ${path}: no such file or directory`;
}

class Builder {
  readonly #files: FileSystem;
  readonly #options: BuildOptions;
  readonly #open: string[] = [];

  constructor(files: FileSystem, options: BuildOptions) {
    this.#files = files;
    this.#options = options;
  }

  build(directory: string): { readonly entries: readonly Entry[]; readonly kustomization: Kustomization } {
    if (this.#open.includes(directory)) {
      throw new Error(
        `accumulating resources: cycle detected: candidate root '${directory}' contains visited root '${this.#open[0]}'`,
      );
    }
    this.#open.push(directory);
    const { kustomization, warnings } = readKustomization(this.#files, directory);
    for (const warning of warnings) this.#options.warn?.(warning);
    const read = (path: string) => this.#read(directory, path);
    let entries: Entry[] = [];
    for (const resource of [...(kustomization.resources ?? []), ...(kustomization.bases ?? [])]) {
      entries.push(...this.#resource(directory, resource));
    }
    for (const [kind, generators] of [
      ['ConfigMap', kustomization.configMapGenerator],
      ['Secret', kustomization.secretGenerator],
    ] as const) {
      for (const given of generators ?? []) {
        const options = kustomization.generatorOptions ?? {};
        const object = generate(kind, given, options, read);
        const hashed = ({ ...options, ...given.options }.disableNameSuffixHash ?? false) === false;
        entries = withGenerated(entries, { kind, original: given.name, object, hashed }, given.behavior);
      }
    }
    const patches = [
      ...(kustomization.patchesStrategicMerge ?? []).map((text) =>
        text.includes('\n') ? { patch: text } : { path: text },
      ),
      ...(kustomization.patchesJson6902 ?? []),
      ...(kustomization.patches ?? []),
    ];
    for (const patch of patches) entries = applyPatch(entries, patch, read) as Entry[];
    transform(
      entries.map(({ object }) => object),
      kustomization,
    );
    updateReferences(
      entries.map(({ object }) => object),
      entries,
    );
    this.#open.pop();
    // From here on the objects are known by the names that they have now as well.
    return {
      entries: entries.map((entry) => ({ ...entry, original: entry.object.metadata.name! })),
      kustomization,
    };
  }

  #resource(directory: string, resource: string): Entry[] {
    const path = resolvePath(directory, resource);
    const outer = (detail: string) =>
      new Error(
        `accumulating resources: accumulation err='accumulating resources from '${resource}': ${detail}': must build at directory: ${
          this.#files.exists(path) ? `'${path}': file is not directory` : notThere(path, path)
        }`,
      );
    if (!this.#files.exists(path)) {
      throw outer(`evalsymlink failure on '${path}' : lstat ${path}: no such file or directory`);
    }
    if (this.#files.stat(this.#files.realPath(path)).type === 'directory') {
      return [...this.build(path).entries];
    }
    try {
      return readYaml(this.#files.read(path)).map((value) => {
        const object = deepCopy(value) as unknown as KubeObject;
        if (typeof object.kind !== 'string' || typeof object.metadata?.name !== 'string')
          throw new Error(
            `missing metadata.name in object {{${object.apiVersion ?? ''} ${object.kind ?? ''}} {{ } map[] map[]}}`,
          );
        return { kind: object.kind, original: object.metadata.name, object, hashed: false };
      });
    } catch (error) {
      throw outer((error as Error).message);
    }
  }

  #read(directory: string, path: string): string {
    const full = resolvePath(directory, path);
    try {
      return this.#files.read(full);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new Error(`evalsymlink failure on '${full}' : lstat ${full}: ${error.message.toLowerCase()}`);
    }
  }
}

function withGenerated(entries: readonly Entry[], made: Entry, behavior = 'create'): Entry[] {
  if (behavior === 'create') return [...entries, made];
  return entries.map((entry) => {
    if (entry.kind !== made.kind || entry.original !== made.original) return entry;
    const data =
      behavior === 'merge'
        ? { ...(entry.object.data as object | undefined), ...(made.object.data as object | undefined) }
        : made.object.data;
    return { ...entry, object: { ...entry.object, data } as KubeObject };
  });
}

function byKind(a: KubeObject, b: KubeObject): number {
  const rank = ({ kind = '' }: KubeObject) =>
    FIRST.includes(kind)
      ? FIRST.indexOf(kind)
      : FIRST.length + (LAST.includes(kind) ? 1 + LAST.indexOf(kind) : 0);
  const text = ({ apiVersion = '', kind = '', metadata }: KubeObject) =>
    [apiVersion, kind, metadata.namespace ?? '', metadata.name ?? ''].join('|');
  return rank(a) - rank(b) || (text(a) < text(b) ? -1 : 1);
}
