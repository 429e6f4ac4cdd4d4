import type { KubeObject } from '../../apimachinery/object.ts';
import type { CommandEnvironment } from '../../shell/command.ts';
import { type CommandDefinition, findCommand } from '../cobra/command.ts';
import { type Flag, noOptionDefault, parseFlags } from '../cobra/flags.ts';
import { root } from '../cmd/root.ts';
import type { Factory } from '../factory.ts';
import { GLOBAL_FLAGS } from '../genericclioptions/global-flags.ts';
import { OBJECT_FORMATS } from '../printers/formats.ts';

import { Helper } from '../resource/helper.ts';

/** Commands by what their arguments name. */
const POD_COMMANDS = ['attach', 'cp', 'debug', 'exec', 'logs', 'port-forward'];
const NODE_COMMANDS = ['cordon', 'drain', 'uncordon'];
const TYPE_COMMANDS = [
  ...['annotate', 'autoscale', 'delete', 'describe', 'edit', 'expose', 'get', 'label', 'patch', 'scale'],
  ...['taint', 'wait', 'history', 'pause', 'restart', 'resume', 'status', 'undo', 'env', 'image'],
  ...['resources', 'selector', 'serviceaccount', 'subject', 'view-last-applied', 'edit-last-applied'],
];
const CONTEXT_COMMANDS = ['delete-context', 'rename-context', 'set-context', 'use-context'];

/** What of the server and the configuration completion asks for. */
type NewFactory = (flags: readonly string[]) => Promise<Factory>;

/**
 * What the last of `words` may become; undefined for file names.
 * Models pkg/util/completion and the ValidArgsFunction of the commands.
 */
export async function completeKubectl(
  words: readonly string[],
  { clock }: CommandEnvironment,
  newFactory: NewFactory,
): Promise<readonly string[] | undefined> {
  const before = words.slice(0, -1);
  const partial = words.at(-1) ?? '';
  const { path, args } = await findCommand(root, before, GLOBAL_FLAGS, clock);
  const command = path.at(-1)!;
  const flags = [...(command.flags ?? []), ...GLOBAL_FLAGS];
  const previous = before.at(-1) ?? '';
  const waiting = flagOf(previous, flags);
  const factory = () => newFactory(before);
  if (waiting !== undefined && noOptionDefault(waiting) === undefined)
    return flagValues(waiting, before, factory);
  const assigned = /^(--[\w-]+)=/.exec(partial);
  if (assigned !== null) {
    const flag = flagOf(assigned[1]!, flags);
    const values = flag === undefined ? [] : await flagValues(flag, before, factory);
    return values?.map((value) => `${assigned[1]}=${value}`);
  }
  if (partial.startsWith('-')) return flagNames(flags);
  const given = positionals(args, flags);
  if (command.subcommands !== undefined && given.length === 0)
    return command.subcommands.filter(({ hidden }) => hidden !== true).map(({ name }) => name);
  return argumentsOf(command, path, given, partial, factory);
}

/** The flag that "-n" or "--namespace" names and that takes the next word; undefined if it does not. */
function flagOf(word: string, flags: readonly Flag[]): Flag | undefined {
  if (word.startsWith('--')) return flags.find(({ name }) => name === word.slice(2));
  return /^-\w$/.test(word) ? flags.find(({ shorthand }) => shorthand === word[1]) : undefined;
}

function flagNames(flags: readonly Flag[]): string[] {
  return flags
    .filter(({ hidden, deprecated }) => hidden !== true && deprecated === undefined)
    .map((flag) => `--${flag.name}${noOptionDefault(flag) === undefined ? '=' : ''}`);
}

function positionals(args: readonly string[], flags: readonly Flag[]): readonly string[] {
  try {
    return parseFlags(args, flags).args;
  } catch {
    return [];
  }
}

async function flagValues(
  { name }: Flag,
  before: readonly string[],
  factory: () => Promise<Factory>,
): Promise<readonly string[] | undefined> {
  switch (name) {
    case 'namespace':
      return names(await factory(), 'namespaces');
    case 'context':
      return [...(await factory()).kubeconfig().contexts.keys()];
    case 'cluster':
      return [...(await factory()).kubeconfig().clusters.keys()];
    case 'user':
      return [...(await factory()).kubeconfig().users.keys()];
    case 'output':
      return [...OBJECT_FORMATS, 'custom-columns', 'custom-columns-file', 'wide'];
    case 'dry-run':
      return ['client', 'none', 'server'];
    case 'restart':
      return ['Always', 'Never', 'OnFailure'];
    case 'container':
      return containers(await factory(), before);
    case 'filename':
    case 'kustomize':
    case 'kubeconfig':
      return undefined;
    default:
      return [];
  }
}

async function argumentsOf(
  { name }: CommandDefinition,
  path: readonly CommandDefinition[],
  given: readonly string[],
  partial: string,
  factory: () => Promise<Factory>,
): Promise<readonly string[] | undefined> {
  const slash = partial.indexOf('/');
  if (slash > 0 && (TYPE_COMMANDS.includes(name) || POD_COMMANDS.includes(name))) {
    const type = partial.slice(0, slash);
    return (await names(await factory(), type)).map((one) => `${type}/${one}`);
  }
  if (NODE_COMMANDS.includes(name)) return names(await factory(), 'nodes');
  if (POD_COMMANDS.includes(name)) return given.length === 0 ? names(await factory(), 'pods') : [];
  if (name === 'explain') return given.length === 0 ? types(await factory()) : [];
  if (CONTEXT_COMMANDS.includes(name)) return [...(await factory()).kubeconfig().contexts.keys()];
  if (name === 'delete-cluster') return [...(await factory()).kubeconfig().clusters.keys()];
  if (name === 'delete-user') return [...(await factory()).kubeconfig().users.keys()];
  if (path[1]?.name === 'top') return names(await factory(), name === 'node' ? 'nodes' : 'pods');
  if (!TYPE_COMMANDS.includes(name)) return [];
  const [type, ...others] = given;
  if (type === undefined) return types(await factory());
  const found = await names(await factory(), type);
  return found.filter((one) => !others.includes(one));
}

/** "pods", "deployments.apps", …. */
async function types(factory: Factory): Promise<readonly string[]> {
  try {
    const { server } = await factory.mapper();
    return server.resources.map(({ group, name }) => (group === '' ? name : `${name}.${group}`));
  } catch {
    return [];
  }
}

async function names(factory: Factory, type: string): Promise<readonly string[]> {
  try {
    const mapping = await factory.lookup((mapper) => mapper.mappingFor(type));
    const { namespace } = factory.namespace();
    const list = await new Helper(factory.client(), mapping).list(mapping.namespaced ? namespace : '', {
      limit: '500',
    });
    return (list.items as KubeObject[]).map(({ metadata }) => metadata.name ?? '');
  } catch {
    // A server that does not answer has nothing to offer.
    return [];
  }
}

/** The containers of the pod among the words. */
async function containers(factory: Factory, before: readonly string[]): Promise<readonly string[]> {
  try {
    const mapping = await factory.lookup((mapper) => mapper.mappingFor('pods'));
    const { namespace } = factory.namespace();
    const list = await new Helper(factory.client(), mapping).list(namespace, { limit: '500' });
    const pod = (list.items as KubeObject[]).find(({ metadata }) =>
      before.some((word) => word.replace(/^pods?\//, '') === metadata.name),
    );
    const { containers: found = [] } = (pod?.spec ?? {}) as { containers?: readonly { name: string }[] };
    return found.map(({ name }) => name);
  } catch {
    return [];
  }
}
