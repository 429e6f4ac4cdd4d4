import { isConfigMapKey, isEnvVarName } from '../../../apimachinery/validation/names.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FlagSet, ParsedArguments } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { FileError } from '../../../node/file-system.ts';
import { baseName, resolvePath } from '../../../node/path.ts';

/** Flags that fill a ConfigMap or a Secret. */
export const SOURCE_FLAGS = [
  { name: 'append-hash', type: 'bool', default: 'false' },
  { name: 'from-env-file', type: 'stringSlice' },
  { name: 'from-file', type: 'stringSlice' },
  { name: 'from-literal', type: 'stringArray' },
] as const;

/** The object under a name with a hash of its content, if --append-hash asks for it. */
export async function withHash(
  object: KubeObject,
  flags: FlagSet,
  { environment }: Invocation,
): Promise<KubeObject> {
  if (!flags.bool('append-hash')) return object;
  const { namedHash } = await environment.clock.outside(import('../../util/hash.ts'));
  return { ...object, metadata: { ...object.metadata, name: namedHash(object) } };
}

/**
 * Keys and texts from --from-literal, --from-file and --from-env-file. `what` is "ConfigMap" or
 * "Secret". Throws an Error with kubectl's words. Models pkg/cmd/create/create_configmap.go.
 */
export function keyValueSources(
  name: string,
  { flags }: ParsedArguments,
  { environment }: Invocation,
  what: 'ConfigMap' | 'Secret',
): Record<string, string> {
  const { machine, cwd } = environment;
  const data: Record<string, string> = {};
  const add = (key: string, value: string): void => {
    const wrong = isConfigMapKey(key);
    if (wrong.length > 0) {
      throw new Error(
        what === 'ConfigMap'
          ? `${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${wrong.join(',')}`
          : `${JSON.stringify(key)} is not valid key name for a Secret ${wrong.join(';')}`,
      );
    }
    if (key in data) {
      throw new Error(
        what === 'ConfigMap'
          ? `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ${JSON.stringify(name)}`
          : `cannot add key ${key}, another key by that name already exists`,
      );
    }
    data[key] = value;
  };
  if (
    flags.list('from-env-file').length > 0 &&
    flags.list('from-file').length + flags.list('from-literal').length > 0
  ) {
    throw new Error('from-env-file cannot be combined with from-file or from-literal');
  }
  const read = (path: string): string => {
    try {
      return machine.files.read(resolvePath(cwd, path));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new Error(
        `error reading ${path}: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`,
      );
    }
  };
  const isDirectory = (path: string): boolean => {
    const absolute = resolvePath(cwd, path);
    return (
      machine.files.exists(absolute) &&
      machine.files.stat(machine.files.realPath(absolute)).type === 'directory'
    );
  };
  for (const source of flags.list('from-file')) {
    const equals = source.indexOf('=');
    if (equals !== source.lastIndexOf('=')) throw new Error("key names or file paths cannot contain '='");
    if (equals === 0) throw new Error(`key name for file path ${source.slice(1)} missing`);
    if (equals === source.length - 1 && equals > 0)
      throw new Error(`file path for key name ${source.slice(0, -1)} missing`);
    const path = source.slice(equals + 1);
    const absolute = resolvePath(cwd, path);
    const { files } = machine;
    if (isDirectory(path)) {
      if (equals > 0) throw new Error('cannot give a key name for a directory path');
      for (const entry of files.list(absolute)) {
        if (files.stat(resolvePath(absolute, entry)).type === 'file')
          add(entry, read(`${path.replace(/\/$/, '')}/${entry}`));
      }
    } else add(equals > 0 ? source.slice(0, equals) : baseName(absolute), read(path));
  }
  for (const literal of flags.list('from-literal')) {
    const equals = literal.indexOf('=');
    if (equals < 1) throw new Error(`invalid literal source ${literal}, expected key=value`);
    add(literal.slice(0, equals), literal.slice(equals + 1));
  }
  for (const path of flags.list('from-env-file')) {
    if (isDirectory(path))
      throw new Error(`env ${what === 'ConfigMap' ? 'config' : 'secret'} file cannot be a directory`);
    for (const line of read(path).split(/\r?\n/)) {
      const text = line.trimStart();
      if (text === '' || text.startsWith('#')) continue;
      const equals = text.indexOf('=');
      const key = equals < 0 ? text : text.slice(0, equals);
      const wrong = isEnvVarName(key);
      if (wrong.length > 0)
        throw new Error(`${JSON.stringify(key)} is not a valid key name: ${wrong.join(';')}`);
      add(key, equals < 0 ? (environment.variables[text] ?? '') : text.slice(equals + 1));
    }
  }
  return data;
}
