import type { CommandDefinition } from '../../cobra/command.ts';
import { HelpError } from '../../util/errors.ts';
import { accessOf } from './access.ts';

export const useContext: CommandDefinition = {
  name: 'use-context',
  aliases: ['use'],
  use: 'CONTEXT_NAME [options]',
  short: 'Set the current-context in a kubeconfig file',
  async run(invocation, { args, flags }) {
    const [name] = args;
    if (name === undefined || args.length > 1) throw new HelpError(`Unexpected args: [${args.join(' ')}]`);
    if (!invocation.factory.kubeconfig({ mayBeMissing: true }).contexts.has(name)) {
      throw new Error(`no context exists with the name: ${JSON.stringify(name)}`);
    }
    accessOf(invocation, flags).setCurrentContext(name);
    invocation.io.stdout(`Switched to context ${JSON.stringify(name)}.\n`);
    return 0;
  },
};

export const setContext: CommandDefinition = {
  name: 'set-context',
  use: '[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace] [options]',
  short: 'Set a context entry in kubeconfig',
  flags: [
    { name: 'cluster', type: 'string' },
    { name: 'current', type: 'bool', default: 'false' },
    { name: 'namespace', shorthand: 'n', type: 'string' },
    { name: 'user', type: 'string' },
  ],
  async run(invocation, { args, flags }) {
    const { io, factory } = invocation;
    const current = flags.bool('current');
    if (args.length > 1) throw new HelpError(`Unexpected args: [${args.join(' ')}]`);
    if (args.length === 1 && current) throw new Error('you cannot specify both a context name and --current');
    if (args.length === 0 && !current)
      throw new Error('you must specify a non-empty context name or --current');
    const name = current ? factory.kubeconfig({ mayBeMissing: true }).currentContext : args[0]!;
    if (name === '') throw new Error('no current context is set');
    const access = accessOf(invocation, flags);
    const existing = access.entry('contexts', name);
    const entry: Record<string, unknown> = { ...existing };
    for (const flag of ['cluster', 'user', 'namespace'])
      if (flags.changed(flag)) entry[flag] = flags.string(flag);
    access.setEntry('contexts', name, withoutEmpty({ cluster: '', user: '', ...entry }));
    io.stdout(`Context ${JSON.stringify(name)} ${existing === undefined ? 'created' : 'modified'}.\n`);
    return 0;
  },
};

/** Cluster and user stay although they are empty, as the real one writes them. */
function withoutEmpty(entry: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { namespace, ...rest } = entry;
  return { ...rest, ...(namespace !== undefined && namespace !== '' && { namespace }) };
}

export const renameContext: CommandDefinition = {
  name: 'rename-context',
  use: 'CONTEXT_NAME NEW_NAME [options]',
  short: 'Rename a context from the kubeconfig file',
  async run(invocation, { args, flags }) {
    const [name, newName] = args;
    if (name === undefined || newName === undefined || args.length > 2)
      throw new HelpError(`Unexpected args: [${args.join(' ')}]`);
    const access = accessOf(invocation, flags);
    const entry = access.entry('contexts', name);
    if (entry === undefined)
      throw new Error(`cannot rename the context ${JSON.stringify(name)}, it's not in ${access.defaultFile}`);
    if (access.entry('contexts', newName) !== undefined) {
      throw new Error(
        `cannot rename the context ${JSON.stringify(name)}, the context ${JSON.stringify(newName)} already exists in ${access.defaultFile}`,
      );
    }
    const isCurrent = invocation.factory.kubeconfig({ mayBeMissing: true }).currentContext === name;
    access.setEntry('contexts', name, undefined);
    access.setEntry('contexts', newName, entry);
    if (isCurrent) access.setCurrentContext(newName);
    invocation.io.stdout(`Context ${JSON.stringify(name)} renamed to ${JSON.stringify(newName)}.\n`);
    return 0;
  },
};
