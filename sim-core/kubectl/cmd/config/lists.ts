import type { CommandDefinition } from '../../cobra/command.ts';
import { Tabwriter, TABLE_COLUMNS } from '../../printers/tabwriter.ts';

export const currentContext: CommandDefinition = {
  name: 'current-context',
  use: '[flags] [options]',
  short: 'Display the current-context',
  async run({ io, factory }) {
    const { currentContext: name } = factory.kubeconfig({ mayBeMissing: true });
    if (name === '') throw new Error('current-context is not set');
    io.stdout(`${name}\n`);
    return 0;
  },
};

export const getContexts: CommandDefinition = {
  name: 'get-contexts',
  use: '[(-o|--output=)name)] [options]',
  short: 'Describe one or many contexts',
  flags: [
    { name: 'no-headers', type: 'bool', default: 'false' },
    { name: 'output', shorthand: 'o', type: 'string' },
  ],
  async run({ io, factory }, { args, flags }) {
    const { contexts, currentContext: current } = factory.kubeconfig({ mayBeMissing: true });
    const names = args.length > 0 ? [...args] : [...contexts.keys()];
    names.sort();
    const output = flags.string('output');
    if (output !== '' && output !== 'name') {
      throw new Error(
        `--output ${output} is not available in kubectl config get-contexts; resetting to default output format`,
      );
    }
    const nameOnly = output === 'name';
    const writer = new Tabwriter(TABLE_COLUMNS);
    if (!nameOnly && !flags.bool('no-headers')) writer.write('CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n');
    const missing: string[] = [];
    for (const name of names) {
      const context = contexts.get(name);
      if (context === undefined) {
        missing.push(name);
        continue;
      }
      if (nameOnly) writer.write(`${name}\n`);
      else
        writer.write(
          `${[name === current ? '*' : '', name, context.cluster ?? '', context.user ?? '', context.namespace ?? ''].join('\t')}\n`,
        );
    }
    io.stdout(writer.flush());
    if (missing.length > 0)
      throw new Error(missing.map((name) => `context ${name} not found`).join('\nerror: '));
    return 0;
  },
};

export function listNames(name: string, heading: string, of: 'clusters' | 'users'): CommandDefinition {
  return {
    name,
    use: '[flags] [options]',
    short: `Display ${of} defined in the kubeconfig`,
    async run({ io, factory }) {
      io.stdout(
        [heading, ...[...factory.kubeconfig({ mayBeMissing: true })[of].keys()].sort()]
          .map((line) => `${line}\n`)
          .join(''),
      );
      return 0;
    },
  };
}
