import { FileError, type FileSystem } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { readYaml } from '../resource/yaml-reader.ts';

export interface OptionDefault {
  readonly name: string;
  readonly default: string;
}

interface AliasOverride {
  readonly name: string;
  readonly command: string;
  readonly prependArgs?: readonly string[];
  readonly appendArgs?: readonly string[];
  readonly options?: readonly OptionDefault[];
}

interface CommandDefaults {
  readonly command: string;
  readonly options?: readonly OptionDefault[];
}

/** Models k8s.io/kubectl/pkg/config/v1beta1 Preference. */
export interface Preference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly defaults?: readonly CommandDefaults[];
  readonly aliases?: readonly AliasOverride[];
  readonly credentialPluginPolicy?: string;
  readonly credentialPluginAllowlist?: readonly { readonly command?: string }[];
}

export const EMPTY: Preference = { apiVersion: 'kubectl.config.k8s.io/v1beta1', kind: 'Preference' };

/** Where the file is, and whether somebody said so; undefined if it is turned off. */
interface PreferencePlace {
  readonly path: string;
  readonly explicit: boolean;
}

/** Throws an Error with kubectl's words. Models pkg/kuberc LoadKuberc. */
export function placeOf(
  given: string,
  variables: Readonly<Record<string, string>>,
): PreferencePlace | undefined {
  const variable = variables.KUBERC ?? '';
  if (variable === 'off') {
    if (given !== '')
      throw new Error('disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive');
    return undefined;
  }
  if (given !== '') return { path: given, explicit: true };
  if (variable !== '') return { path: variable, explicit: true };
  return { path: `${variables.HOME ?? ''}/.kube/kuberc`, explicit: false };
}

/** The first preference among the documents of a file. Models pkg/kuberc decodePreference. */
export function readPreference(files: FileSystem, cwd: string, path: string): Preference | undefined {
  let text: string;
  try {
    text = files.read(resolvePath(cwd, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Error(`open ${path}: ${error.message.toLowerCase()}`);
  }
  const documents = readYaml(text).filter((document) => document !== null && document !== undefined);
  const found = documents.find((document) => isPreference(document));
  if (found === undefined && documents.length > 0)
    throw new Error(`no valid preferences found in ${path}, use --v=5 to see details`);
  return found as Preference | undefined;
}

function isPreference(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  return /^kubectl\.config\.k8s\.io\/v1(alpha1|beta1)$/.test(String(apiVersion)) && kind === 'Preference';
}
