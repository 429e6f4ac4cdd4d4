import { YamlError } from '../../apimachinery/json/yaml-error.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { AggregateError } from '../util/errors.ts';
import { yamlDocuments } from './yaml-reader.ts';

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
}

const EXTENSIONS = ['.json', '.yaml', '.yml'];

/** An object, or what is wrong with one. */
export type ManifestOrError = Manifest | { readonly error: Error };

/**
 * Reads the objects of all sources in order; the members of lists stand for themselves. What cannot be
 * read ends its file; an object that is none does not. Models cli-runtime resource.FileVisitor and StreamVisitor.
 */
export function readManifests(sources: ManifestSources): ManifestOrError[] {
  const found: ManifestOrError[] = [];
  for (const filename of sources.filenames) {
    try {
      for (const { text, source } of textsOf(filename, sources))
        found.push(...streamOf(text, source, sources.validate));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      found.push({ error });
    }
  }
  return found;
}

function streamOf(text: string, source: string, validate: boolean): ManifestOrError[] {
  const found: ManifestOrError[] = [];
  try {
    for (const value of yamlDocuments(text)) found.push(...objectsOf(value, source, validate));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = `error parsing ${source}: error converting YAML to JSON: ${error.message}`;
    found.push({ error: error instanceof YamlError ? new Error(message) : error });
  }
  return found;
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
  if (!files.exists(path)) throw new Error(`the path ${JSON.stringify(filename)} does not exist`);
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw kindError([new Error('invalid object to validate')]);
  }
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  const missing = [
    ...(typeof apiVersion === 'string' && apiVersion !== '' ? [] : [new Error('apiVersion not set')]),
    ...(typeof kind === 'string' && kind !== '' ? [] : [new Error('kind not set')]),
  ];
  if (missing.length > 0) {
    if (validate) throw kindError(missing);
    throw new Error(
      `unable to decode ${JSON.stringify(source)}: Object '${typeof kind === 'string' ? 'apiVersion' : 'Kind'}' is missing in '${JSON.stringify(value)}'`,
    );
  }
  const { items } = value as { items?: unknown };
  if ((kind as string).endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item) => objectsOf(item, source, validate));
  }
  const object = value as KubeObject;
  return [{ object: { ...object, metadata: object.metadata ?? {} }, source }];
}
