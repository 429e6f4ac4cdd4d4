import type { KubeObject } from '../../apimachinery/object.ts';
import { encodeBase64 } from '../util/base64.ts';
import type { GeneratorArguments, GeneratorOptions } from './kustomization.ts';

/** Reads a file that a generator names. */
type ReadFile = (path: string) => string;

/** The config map or secret that a generator makes, its name without the hash. */
export function generate(
  kind: 'ConfigMap' | 'Secret',
  given: GeneratorArguments,
  options: GeneratorOptions,
  read: ReadFile,
): KubeObject {
  const values = valuesOf(given, read);
  const sorted = Object.fromEntries([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
  const data =
    kind === 'ConfigMap'
      ? sorted
      : Object.fromEntries(Object.entries(sorted).map(([key, value]) => [key, encodeBase64(value)]));
  const { labels, annotations, immutable } = { ...options, ...given.options };
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name: given.name,
      ...(given.namespace !== undefined && { namespace: given.namespace }),
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
    },
    ...(values.size > 0 && { data }),
    ...(kind === 'Secret' && { type: given.type ?? 'Opaque' }),
    ...(immutable === true && { immutable }),
  };
}

function valuesOf({ literals, files, env, envs }: GeneratorArguments, read: ReadFile): Map<string, string> {
  const values = new Map<string, string>();
  for (const literal of literals ?? []) {
    const equals = literal.indexOf('=');
    if (equals < 1) throw new Error(`invalid literal source ${literal}, expected key=value`);
    values.set(literal.slice(0, equals), literal.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2'));
  }
  for (const file of files ?? []) {
    const equals = file.indexOf('=');
    const path = file.slice(equals + 1);
    values.set(equals < 0 ? path.slice(path.lastIndexOf('/') + 1) : file.slice(0, equals), read(path));
  }
  for (const path of [...(envs ?? []), ...(env === undefined ? [] : [env])]) {
    for (const line of read(path).split('\n')) {
      if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
      const equals = line.indexOf('=');
      if (equals > 0) values.set(line.slice(0, equals).trim(), line.slice(equals + 1));
    }
  }
  return values;
}
