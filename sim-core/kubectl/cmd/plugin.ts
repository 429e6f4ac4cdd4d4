import type { CommandDefinition } from '../cobra/command.ts';

const PREFIX = 'kubectl-';

/** Models pkg/cmd/plugin: executables called kubectl-… in the directories of $PATH. */
const list: CommandDefinition = {
  name: 'list',
  use: '[flags] [options]',
  short: "List all visible plugin executables on a user's PATH",
  flags: [{ name: 'name-only', type: 'bool', default: 'false' }],
  async run({ io, environment: { machine, variables } }, { flags }) {
    const { files } = machine;
    const found = (variables.PATH ?? '')
      .split(':')
      .filter((directory) => directory !== '' && files.exists(directory))
      .flatMap((directory) =>
        files
          .list(directory)
          .filter((name) => name.startsWith(PREFIX))
          .map((name) => ({ name, path: `${directory}/${name}` })),
      );
    if (found.length === 0) throw new Error('unable to find any kubectl plugins in your PATH');
    io.stdout('The following compatible plugins are available:\n\n');
    for (const { name, path } of found) {
      io.stdout(`${flags.bool('name-only') ? name : path}\n`);
      const { mode } = files.stat(files.realPath(path));
      if ((mode & 0o111) === 0)
        io.stderr(`  - warning: ${path} identified as a kubectl plugin, but it is not executable\n`);
    }
    return 0;
  },
};

export const plugin: CommandDefinition = {
  name: 'plugin',
  use: '[flags] [options]',
  short: 'Provides utilities for interacting with plugins',
  helpTo: 'stderr',
  subcommands: [list],
};
