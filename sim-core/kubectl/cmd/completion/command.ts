import type { CommandDefinition } from '../../cobra/command.ts';
import { usageError } from '../../util/errors.ts';

const SCRIPTS: Readonly<Record<string, () => Promise<{ readonly SCRIPT: string }>>> = {
  bash: () => import('../../completion/generated/bash.ts'),
  fish: () => import('../../completion/generated/fish.ts'),
  powershell: () => import('../../completion/generated/powershell.ts'),
  zsh: () => import('../../completion/generated/zsh.ts'),
};

/** Models pkg/cmd/completion; the scripts are those of the kubectl that was there at install time. */
export const completion: CommandDefinition = {
  name: 'completion',
  use: 'SHELL [options]',
  short: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
  async run({ io, commandPath, environment }, { args }) {
    const [shell] = args;
    if (shell === undefined) throw usageError(commandPath, 'Shell not specified.');
    if (args.length > 1) throw usageError(commandPath, 'Too many arguments. Expected only the shell type.');
    const load = SCRIPTS[shell];
    if (load === undefined) throw usageError(commandPath, `Unsupported shell type ${JSON.stringify(shell)}.`);
    const { SCRIPT } = await environment.clock.outside(load());
    io.stdout(SCRIPT || `complete -o default -F __start_kubectl kubectl\n`);
    return 0;
  },
};
