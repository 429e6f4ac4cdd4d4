import { YamlError } from '../../apimachinery/json/yaml-error.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { readYaml } from '../resource/yaml-reader.ts';

const FILE_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

export interface GeneratorArguments {
  readonly name: string;
  readonly namespace?: string;
  readonly behavior?: 'create' | 'merge' | 'replace';
  readonly literals?: readonly string[];
  readonly files?: readonly string[];
  readonly env?: string;
  readonly envs?: readonly string[];
  readonly type?: string;
  readonly options?: GeneratorOptions;
}
export interface GeneratorOptions {
  readonly disableNameSuffixHash?: boolean;
  readonly immutable?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
export interface Selector {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}
export interface PatchEntry {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: Selector;
}
/** Models sigs.k8s.io/kustomize/api/types Kustomization, as far as it is built here. */
export interface Kustomization {
  readonly resources?: readonly string[];
  readonly bases?: readonly string[];
  readonly namespace?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly labels?: readonly {
    readonly pairs: Readonly<Record<string, string>>;
    readonly includeSelectors?: boolean;
    readonly includeTemplates?: boolean;
  }[];
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly images?: readonly {
    readonly name: string;
    readonly newName?: string;
    readonly newTag?: string;
    readonly digest?: string;
  }[];
  readonly replicas?: readonly { readonly name: string; readonly count: number }[];
  readonly configMapGenerator?: readonly GeneratorArguments[];
  readonly secretGenerator?: readonly GeneratorArguments[];
  readonly generatorOptions?: GeneratorOptions;
  readonly patches?: readonly PatchEntry[];
  readonly patchesStrategicMerge?: readonly string[];
  readonly patchesJson6902?: readonly PatchEntry[];
  readonly sortOptions?: { readonly order?: 'fifo' | 'legacy' };
}

/** The fields that a kustomization may have; others are mistakes. */
const FIELDS: readonly string[] = [
  ...['apiVersion', 'kind', 'metadata', 'resources', 'bases', 'components', 'namespace', 'namePrefix'],
  ...['nameSuffix', 'commonLabels', 'labels', 'commonAnnotations', 'images', 'replicas', 'patches'],
  ...['configMapGenerator', 'secretGenerator', 'generatorOptions', 'patchesStrategicMerge'],
  ...['patchesJson6902', 'sortOptions', 'crds', 'vars', 'replacements', 'openapi', 'buildMetadata'],
  ...['generators', 'transformers', 'validators', 'configurations', 'helmCharts', 'helmGlobals'],
];
/** Those of them that nothing here builds. */
const NOT_BUILT = ['components', 'vars', 'replacements', 'generators', 'transformers', 'helmCharts'];

const DEPRECATED: readonly (readonly [string, string])[] = [
  ['bases', 'resources'],
  ['commonLabels', 'labels'],
  ['patchesJson6902', 'patches'],
  ['patchesStrategicMerge', 'patches'],
];

/** Reads the kustomization of a directory. Throws an Error with kustomize's words. */
export function readKustomization(
  files: FileSystem,
  directory: string,
): { readonly kustomization: Kustomization; readonly warnings: readonly string[] } {
  const found = FILE_NAMES.filter((name) => files.exists(resolvePath(directory, name)));
  const [name, another] = found;
  if (name === undefined) {
    throw new Error(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${directory}'`,
    );
  }
  if (another !== undefined) {
    throw new Error(`Found multiple kustomization files: ${found.join(', ')}`);
  }
  const value = parse(files.read(resolvePath(directory, name)));
  if (value === undefined) throw new Error('kustomization.yaml is empty');
  for (const field of Object.keys(value)) {
    if (!FIELDS.includes(field))
      throw new Error(`invalid Kustomization: json: unknown field ${JSON.stringify(field)}`);
    if (NOT_BUILT.includes(field)) throw new Error(`${field} are not supported here`);
  }
  return {
    kustomization: value as Kustomization,
    warnings: DEPRECATED.filter(([field]) => field in value).map(
      ([field, better]) =>
        `# Warning: '${field}' is deprecated. Please use '${better}' instead. Run 'kustomize edit fix' to update your Kustomization automatically.`,
    ),
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const [document] = readYaml(text);
    return document as Record<string, unknown> | undefined;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new Error(`invalid Kustomization: ${error.message}`);
  }
}
