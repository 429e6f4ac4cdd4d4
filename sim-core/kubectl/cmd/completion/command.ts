import type { CommandDefinition } from '../../cobra/command.ts';
import { BASH_COMPLETION } from '../../completion/bash-script.ts';
import { usageError } from '../../util/errors.ts';

/** Models pkg/cmd/completion; the lab's shell is bash. */
export const completion: CommandDefinition = {
  name: 'completion',
  use: 'SHELL [options]',
  short: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
  async run({ io, commandPath }, { args }) {
    const [shell] = args;
    if (shell === undefined) throw usageError(commandPath, 'Shell not specified.');
    if (args.length > 1) throw usageError(commandPath, 'Too many arguments. Expected only the shell type.');
    if (shell !== 'bash') throw usageError(commandPath, `Unsupported shell type ${JSON.stringify(shell)}.`);
    io.stdout(BASH_COMPLETION);
    return 0;
  },
};
