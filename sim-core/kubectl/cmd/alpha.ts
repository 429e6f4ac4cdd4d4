import type { CommandDefinition } from '../cobra/command.ts';

/** Models pkg/cmd/alpha.go: features in alpha, of which this version has none. */
export const alpha: CommandDefinition = {
  name: 'alpha',
  short: 'Commands for features in alpha',
  hidden: true,
  subcommands: [],
  ownHelp: { to: 'stderr', text: 'No alpha commands are available in this version of kubectl\n' },
};
