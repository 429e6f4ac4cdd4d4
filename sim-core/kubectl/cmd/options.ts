import type { CommandDefinition } from '../cobra/command.ts';

/** Models pkg/cmd/options. */
export const options: CommandDefinition = {
  name: 'options',
  short: 'Print the list of flags inherited by all commands',
  hidden: true,
  // It has no page: what it prints are the options themselves.
  ownHelp: { to: 'stdout', text: '' },
  async run({ io, environment }) {
    const { globalOptionsText } = await environment.clock.outside(import('../help/help.ts'));
    io.stdout(globalOptionsText());
    return 0;
  },
};
