import { type CommandDefinition, findCommand, firstWord } from '../cobra/command.ts';
import { GLOBAL_FLAGS } from '../genericclioptions/global-flags.ts';

/** `kubectl help create` is `kubectl create --help`. Models cobra's InitDefaultHelpCmd. */
export const help: CommandDefinition = {
  name: 'help',
  use: '[command] [flags] [options]',
  short: 'Help about any command',
  async run({ io, environment, root }, { args }) {
    const { path, args: rest } = await findCommand(root, args, GLOBAL_FLAGS, environment.clock);
    const { helpText, usageText } = await environment.clock.outside(import('../help/help.ts'));
    if (path.length === 1 && firstWord(rest, GLOBAL_FLAGS) !== undefined) {
      const topics = args.map((topic) => `\`${topic}\``).join(' ');
      io.stderr(`Unknown help topic [${topics}]\n\n\n${usageText(path)}`);
      return;
    }
    const { ownHelp } = path.at(-1)!;
    if (ownHelp === undefined) io.stdout(helpText(path));
    else io[ownHelp.to](ownHelp.text);
  },
};
