import { JsonSyntaxError, parseJson } from '../../apimachinery/json/parse.ts';
import { goJson } from '../../apimachinery/json/go-json.ts';
import { YamlError } from '../../apimachinery/json/yaml-error.ts';
import type { Json, KubeObject } from '../../apimachinery/object.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { matchingPaths } from './file-pattern.ts';
import { AggregateError } from '../util/errors.ts';
import { parsePlainYaml } from '../util/plain-yaml.ts';
import type { ParseDocument } from './yaml-documents.ts';
import { yamlDocuments } from './yaml-documents.ts';

/** An object from a file or from stdin. */
export interface Manifest {
  readonly object: KubeObject;
  /** "STDIN" or the path as it was given; stands in messages. */
  readonly source: string;
}

export interface ManifestSources {
  readonly filenames: readonly string[];
  readonly recursive: boolean;
  readonly files: FileSystem;
  readonly cwd: string;
  readonly stdin: string;
  /** False for --validate=false. */
  readonly validate: boolean;
  /** Reads YAML in full; missing: a text that wants it ends in {@link YamlLibraryNeeded}. */
  readonly parseYaml?: ParseDocument;
}

/** A text is more than plain YAML, and no library was given. */
export class YamlLibraryNeeded extends Error {}

const EXTENSIONS = ['.json', '.yaml', '.yml'];

/** An object, or what is wrong with one. */
export type ManifestOrError = Manifest | { readonly error: Error };

/**
 * Reads the objects of all sources in order; the members of lists stand for themselves. What cannot be
 * read ends its file; an object that is none does not. Throws YamlLibraryNeeded. Models cli-runtime resource.FileVisitor and StreamVisitor.
 */
export function readManifests(sources: ManifestSources): ManifestOrError[] {
  const found: ManifestOrError[] = [];
  for (const filename of sources.filenames) {
    try {
      for (const { text, source } of textsOf(filename, sources))
        found.push(...streamOf(text, source, sources));
    } catch (error) {
      if (!(error instanceof Error) || error instanceof YamlLibraryNeeded) throw error;
      found.push({ error });
    }
  }
  return found;
}

function streamOf(
  text: string,
  source: string,
  { validate, parseYaml = parsePlain }: ManifestSources,
): ManifestOrError[] {
  const found: ManifestOrError[] = [];
  try {
    for (const value of yamlDocuments(text, parseYaml)) found.push(...objectsOf(value, source, validate));
  } catch (error) {
    if (!(error instanceof Error) || error instanceof YamlLibraryNeeded) throw error;
    const problem = jsonProblem(text) ?? `error converting YAML to JSON: ${error.message}`;
    found.push({
      error: error instanceof YamlError ? new Error(`error parsing ${source}: ${problem}`) : error,
    });
  }
  return found;
}

/** What is wrong with a text that begins as JSON does; undefined for others. Models YAMLOrJSONDecoder.Decode. */
function jsonProblem(text: string): string | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    parseJson(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return error.offset === undefined ? 'unexpected EOF' : `json: offset ${error.offset}: ${error.message}`;
  }
}

function parsePlain(text: string): Json {
  const value = parsePlainYaml(text);
  if (value === undefined) throw new YamlLibraryNeeded();
  return value as Json;
}

function textsOf(
  filename: string,
  { files, cwd, stdin, recursive }: ManifestSources,
): { text: string; source: string }[] {
  if (filename === '-') return [{ text: stdin, source: 'STDIN' }];
  if (/^https?:\/\//.test(filename)) {
    const host = /^https?:\/\/([^/:]+)/.exec(filename)![1]!;
    throw new Error(`unable to read URL ${JSON.stringify(filename)}: dial tcp: lookup ${host}: no such host`);
  }
  const path = resolvePath(cwd, filename);
  if (!files.exists(path)) {
    const matches = matchingPaths(filename, files, cwd);
    if (matches.length === 0) throw new Error(`the path ${JSON.stringify(filename)} does not exist`);
    return matches.flatMap((match) =>
      textsOf(match, { files, cwd, stdin, recursive, filenames: [], validate: false }),
    );
  }
  if (files.stat(files.realPath(path)).type !== 'directory')
    return [{ text: read(files, path, filename), source: filename }];
  const found: { text: string; source: string }[] = [];
  const visit = (directory: string, shown: string): void => {
    for (const name of files.list(directory)) {
      const inner = resolvePath(directory, name);
      const source = `${shown.replace(/\/$/, '')}/${name}`;
      if (files.stat(files.realPath(inner)).type === 'directory') {
        if (recursive) visit(inner, source);
      } else if (EXTENSIONS.some((extension) => name.endsWith(extension))) {
        found.push({ text: read(files, inner, source), source });
      }
    }
  };
  visit(path, filename);
  if (found.length === 0) {
    throw new Error(`error reading [${filename}]: recognized file extensions are [${EXTENSIONS.join(' ')}]`);
  }
  return found;
}

function read(files: FileSystem, path: string, shown: string): string {
  try {
    return files.read(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Error(`open ${shown}: ${error.message.toLowerCase()}`);
  }
}

function objectsOf(value: unknown, source: string, validate: boolean): Manifest[] {
  const kindError = (errors: Error[]) =>
    new Error(
      `error validating ${JSON.stringify(source)}: error validating data: ${new AggregateError(errors).message}; ` +
        'if you choose to ignore these errors, turn validation off with --validate=false',
    );
  const cannotDecode = (why: string) => new Error(`unable to decode ${JSON.stringify(source)}: ${why}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (validate) throw kindError([new Error('invalid object to validate')]);
    throw cannotDecode(
      `json: cannot unmarshal ${jsonType(value)} into Go value of type unstructured.detector`,
    );
  }
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  const hasKind = typeof kind === 'string' && kind !== '';
  const missing = [
    ...(typeof apiVersion === 'string' && apiVersion !== '' ? [] : [new Error('apiVersion not set')]),
    ...(hasKind ? [] : [new Error('kind not set')]),
  ];
  if (missing.length > 0) {
    if (validate) throw kindError(missing);
    throw cannotDecode(`Object '${hasKind ? 'apiVersion' : 'Kind'}' is missing in '${goJson(value)}'`);
  }
  const wrong = metadataMistake((value as { metadata?: unknown }).metadata);
  if (wrong !== undefined) throw cannotDecode(wrong);
  const { items } = value as { items?: unknown };
  if ((kind as string).endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item) => objectsOf(item, source, validate));
  }
  const object = value as KubeObject;
  return [{ object: { ...object, metadata: object.metadata ?? {} }, source }];
}

/** What is wrong with the metadata that kubectl reads of every object. Models cli-runtime metadataValidatingDecoder. */
function metadataMistake(metadata: unknown): string | undefined {
  const mistake = (value: unknown, field: string, type: string) =>
    `json: cannot unmarshal ${jsonType(value)} into Go struct field ${field} of type ${type}`;
  if (metadata === undefined || metadata === null) return undefined;
  if (typeof metadata !== 'object' || Array.isArray(metadata))
    return mistake(metadata, 'metadataOnlyObject.metadata', 'v1.ObjectMeta');
  for (const field of ['name', 'namespace', 'generateName']) {
    const value = (metadata as Record<string, unknown>)[field];
    if (value !== undefined && value !== null && typeof value !== 'string')
      return mistake(value, `ObjectMeta.metadata.${field}`, 'string');
  }
  for (const field of ['annotations', 'labels']) {
    const values = (metadata as Record<string, unknown>)[field];
    if (values === undefined || values === null) continue;
    if (typeof values !== 'object' || Array.isArray(values))
      return mistake(values, `ObjectMeta.metadata.${field}`, 'map[string]string');
    const bad = Object.values(values).find((value) => typeof value !== 'string' && value !== null);
    if (bad !== undefined) return mistake(bad, `ObjectMeta.metadata.${field}`, 'string');
  }
  return undefined;
}

/** How encoding/json calls a value. */
function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'object':
      return value === null ? 'null' : 'object';
    default:
      return typeof value;
  }
}
