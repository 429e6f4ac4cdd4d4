import { JsonSyntaxError, parseJson } from '../../apimachinery/json/parse.ts';
import { goJson } from '../../apimachinery/json/go-json.ts';
import { ConnectionError, UrlError } from '../../apimachinery/http.ts';
import { YamlError } from '../../apimachinery/json/yaml-error.ts';
import type { Json, JsonObject, KubeObject } from '../../apimachinery/object.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { matchingPaths } from './file-pattern.ts';
import { parsePlainYaml } from '../../apimachinery/json/plain-yaml.ts';
import { jsonKind, unmarshalTypeError } from '../../apimachinery/json/unmarshal-type-error.ts';
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
  /** Reads YAML in full; missing: a text that wants it ends in {@link YamlLibraryNeeded}. */
  readonly parseYaml?: ParseDocument;
}

/** A text is more than plain YAML, and no library was given. */
export class YamlLibraryNeeded extends Error {}

const EXTENSIONS = ['.json', '.yaml', '.yml'];

/** What one document of a file says, or why it cannot be read. */
export type ManifestDocument =
  { readonly value: Json; readonly source: string } | { readonly error: Error; readonly source?: string };

/**
 * Reads the documents of all sources in order. What cannot be read ends its file. Throws YamlLibraryNeeded.
 * Models cli-runtime resource.FileVisitor and StreamVisitor.
 */
export function readDocuments(sources: ManifestSources): ManifestDocument[] {
  const found: ManifestDocument[] = [];
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
  { parseYaml = parsePlain }: ManifestSources,
): ManifestDocument[] {
  const found: ManifestDocument[] = [];
  try {
    for (const value of yamlDocuments(text, parseYaml)) found.push({ value, source });
  } catch (error) {
    if (!(error instanceof Error) || error instanceof YamlLibraryNeeded) throw error;
    const problem = jsonProblem(text) ?? `error converting YAML to JSON: ${error.message}`;
    found.push({
      error: error instanceof YamlError ? new Error(`error parsing ${source}: ${problem}`) : error,
      source,
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
    const why = `dial tcp: lookup ${host} on 127.0.0.53:53: no such host`;
    throw new UrlError('GET', filename, new ConnectionError('refused', why));
  }
  const path = resolvePath(cwd, filename);
  if (!files.exists(path)) {
    const matches = matchingPaths(filename, files, cwd);
    if (matches.length === 0) throw new Error(`the path ${JSON.stringify(filename)} does not exist`);
    return matches.flatMap((match) => textsOf(match, { files, cwd, stdin, recursive, filenames: [] }));
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

/** An object of a document; of a list its members. */
export interface Decoded {
  readonly object: KubeObject;
  readonly members?: readonly KubeObject[];
}

/**
 * The object that a document says, or the list: whatever has items. Throws an Error for what is none.
 * Models k8s.io/apimachinery/pkg/apis/meta/v1/unstructured UnstructuredJSONScheme and cli-runtime's FlattenListVisitor.
 */
export function decodeDocument(value: Json, source: string): Decoded {
  const cannotDecode = (why: string) => new Error(`unable to decode ${JSON.stringify(source)}: ${why}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw cannotDecode(unmarshalTypeError(jsonKind(value), 'unstructured.detector'));
  }
  const { kind, items } = value;
  // Of one without an apiVersion there is no mapping, which is another mistake.
  if (typeof kind !== 'string' || kind === '')
    throw cannotDecode(`Object 'Kind' is missing in '${goJson(value)}'`);
  const checked = (object: Json): KubeObject => {
    const wrong = metadataMistake((object as JsonObject)['metadata']);
    if (wrong !== undefined) throw cannotDecode(wrong);
    const { metadata } = object as JsonObject;
    return { ...(object as unknown as KubeObject), metadata: (metadata ?? {}) as KubeObject['metadata'] };
  };
  const object = checked(value);
  if (items === undefined || items === null) return { object };
  if (!Array.isArray(items)) {
    throw cannotDecode(unmarshalTypeError(jsonKind(items), '[]json.RawMessage', 'decodeList.items'));
  }
  const members = items.map((item) => typedMember(checked(item), object));
  if (members.some(({ items: inner }) => Array.isArray(inner)))
    throw new Error('*unstructured.Unstructured is not a list: no Items field in this object');
  return { object, members };
}

/** A member that says nothing of its type is of the list's. */
function typedMember(member: KubeObject, { apiVersion = '', kind = '' }: KubeObject): KubeObject {
  if ((member.kind ?? '') !== '' || (member.apiVersion ?? '') !== '') return member;
  return { ...member, apiVersion, kind: kind.replace(/List$/, '') };
}

/** What is wrong with the metadata that kubectl reads of every object. Models cli-runtime metadataValidatingDecoder. */
function metadataMistake(metadata: unknown): string | undefined {
  const mistake = (value: unknown, field: string, type: string) =>
    unmarshalTypeError(jsonKind(value), type, field);
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
