import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { resolveTargets } from '../../resource/builder.ts';
import { objectsOf } from '../../resource/objects.ts';
import { resolveReference } from './env-resolve.ts';
import { patchVerb, SET_FLAGS } from './patch-verb.ts';
import { type Container, containersOf, type EnvVar, podSpecOf } from './pod-spec.ts';

const NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** Models pkg/cmd/set/set_env.go. */
export const environment = patchVerb({
  name: 'env',
  use: 'RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N [options]',
  short: 'Update environment variables on a pod template',
  operation: 'env updated',
  failure: 'failed to patch env update to pod template: ',
  namesFailures: true,
  flags: [
    ...SET_FLAGS,
    { name: 'containers', shorthand: 'c', type: 'string', default: '*' },
    { name: 'env', shorthand: 'e', type: 'stringArray' },
    { name: 'from', type: 'string' },
    { name: 'keys', type: 'stringSlice' },
    { name: 'list', type: 'bool', default: 'false' },
    { name: 'overwrite', type: 'bool', default: 'true' },
    { name: 'prefix', type: 'string' },
    { name: 'resolve', type: 'bool', default: 'false' },
  ],
  async prepare({ args, flags }, invocation) {
    const { resources, pairs } = split(args);
    if (resources.length === 0 && flags.list('filename').length === 0)
      throw new Error('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    if (flags.bool('list') && flags.string('output') !== '')
      throw new Error('--list and --output may not be specified together');
    if (flags.list('keys').length > 0 && flags.string('from') === '')
      throw new Error('when specifying --keys, a configmap or secret must be provided with --from');
    const given = [...flags.list('env'), ...pairs];
    const { set, remove } = parse(given, given.includes('-') ? await invocation.io.stdin.readAll() : '');
    if (flags.string('from') !== '') set.push(...(await imported(invocation, flags)));
    const prefix = flags.string('prefix');
    const changes = set.map((variable) => ({ ...variable, name: prefix + variable.name }));
    return {
      resources,
      listOnly: flags.bool('list'),
      async change(object) {
        const containers = containersOf(podSpecOf(object), flags.string('containers'));
        if (containers.length === 0) {
          const pattern = JSON.stringify(flags.string('containers'));
          invocation.io.stderr(
            `Warning: ${object.kind}/${object.metadata.name} does not have any containers matching ${pattern}\n`,
          );
        }
        for (const container of containers) {
          const before = container.env ?? [];
          if (!flags.bool('overwrite')) refuseOverwrites(before, changes);
          const after = updated(before, changes, remove);
          if (after.length > 0) container.env = after;
          else delete container.env;
          if (!flags.bool('list')) continue;
          invocation.io.stdout(`# ${object.kind} ${object.metadata.name}, container ${container.name}\n`);
          if (flags.bool('resolve')) await listResolved(invocation, object, container);
          else for (const variable of after) invocation.io.stdout(`${shown(variable)}\n`);
        }
      },
    };
  },
});

/** References that cannot be resolved are shown as such, and why comes after all of them. */
async function listResolved(
  invocation: Invocation,
  object: KubeObject,
  { env = [], ...container }: Container,
): Promise<void> {
  const problems = new Map<string, string[]>();
  for (const variable of env) {
    let text = shown(variable);
    if (variable.valueFrom !== undefined) {
      try {
        text = `${variable.name}=${await resolveReference(invocation, variable, object, container)}`;
      } catch (error) {
        const { message } = error as Error;
        problems.set(message, [...(problems.get(message) ?? []), variable.name]);
      }
    }
    invocation.io.stdout(`${text}\n`);
  }
  const lines = [...problems].map(
    ([message, names]) => `error retrieving reference for ${names.sort().join(', ')}: ${message}\n`,
  );
  invocation.io.stderr(lines.sort().join(''));
}

/** Models pkg/cmd/set/env SplitEnvironmentFromResources. */
function split(args: readonly string[]): { resources: readonly string[]; pairs: readonly string[] } {
  const isPair = (argument: string) =>
    argument.includes('=') || (argument.endsWith('-') && argument !== '-') || argument === '-';
  const first = args.findIndex(isPair);
  if (first < 0) return { resources: args, pairs: [] };
  if (!args.slice(first).every(isPair))
    throw new Error(`all resources must be specified before environment changes: ${args.join(' ')}`);
  return { resources: args.slice(0, first), pairs: args.slice(first) };
}

/** Models pkg/cmd/set/env ParseEnv; "-" stands for the lines of stdin. */
function parse(pairs: readonly string[], stdin: string): { set: EnvVar[]; remove: readonly string[] } {
  const set: EnvVar[] = [];
  const remove: string[] = [];
  for (const pair of pairs) {
    if (pair === '-') {
      set.push(
        ...parse(
          stdin.split('\n').filter((line) => line.includes('=')),
          '',
        ).set,
      );
      continue;
    }
    const equals = pair.indexOf('=');
    if (equals >= 0) {
      const name = pair.slice(0, equals);
      if (!NAME.test(name)) {
        throw new Error(
          `${JSON.stringify(name)} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
        );
      }
      set.push({ name, value: pair.slice(equals + 1) });
    } else if (pair.endsWith('-')) remove.push(pair.slice(0, -1));
    else throw new Error(`unknown environment argument: ${pair}`);
  }
  return { set, remove };
}

/** The keys of --from as variables that refer to them. */
async function imported(invocation: Invocation, flags: FlagSet): Promise<EnvVar[]> {
  const { targets } = await resolveTargets(invocation, [flags.string('from')], { allowEmptySelector: false });
  const keys = flags.list('keys');
  const found: EnvVar[] = [];
  for (const target of targets) {
    for (const { object } of await objectsOf(invocation, target)) {
      const reference = { Secret: 'secretKeyRef', ConfigMap: 'configMapKeyRef' }[object.kind ?? ''];
      if (reference === undefined) throw new Error('unsupported resource specified in --from');
      for (const key of keysOf(object)) {
        if (keys.length > 0 && !keys.includes(key)) continue;
        const name = key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase();
        if (name !== key) invocation.io.stderr(`Warning: key ${key} transferred to ${name}\n`);
        found.push({ name, valueFrom: { [reference]: { key, name: object.metadata.name } } });
      }
    }
  }
  return found;
}

function keysOf(object: KubeObject): string[] {
  return Object.keys((object.data as object | undefined) ?? {}).sort();
}

function refuseOverwrites(before: readonly EnvVar[], changes: readonly EnvVar[]): void {
  for (const { name, value = '' } of changes) {
    const current = before.find((variable) => variable.name === name);
    if (current !== undefined && (current.value ?? '') !== value)
      throw new Error(`'${name}' already has a value (${current.value ?? ''}), and --overwrite is false`);
  }
}

function updated(before: readonly EnvVar[], changes: readonly EnvVar[], remove: readonly string[]): EnvVar[] {
  const after = new Map(before.map((variable) => [variable.name, variable]));
  for (const variable of changes) after.set(variable.name, variable);
  for (const name of remove) after.delete(name);
  return [...after.values()];
}

/** "A=b", or "# A from secret db, key password". Models pkg/cmd/set/env GetEnvVarRefString. */
function shown({ name, value = '', valueFrom }: EnvVar): string {
  if (valueFrom === undefined) return `${name}=${value}`;
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom as Record<
    string,
    Record<string, string> | undefined
  >;
  if (configMapKeyRef !== undefined)
    return `# ${name} from configmap ${configMapKeyRef.name}, key ${configMapKeyRef.key}`;
  if (secretKeyRef !== undefined)
    return `# ${name} from secret ${secretKeyRef.name}, key ${secretKeyRef.key}`;
  if (fieldRef !== undefined) return `# ${name} from field path ${fieldRef.fieldPath}`;
  const container = resourceFieldRef?.containerName;
  return `# ${name} from resource field ${container ? `${container}/` : ''}${resourceFieldRef?.resource ?? ''}`;
}
