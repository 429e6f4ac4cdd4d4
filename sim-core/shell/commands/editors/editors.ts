import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import type { Command, CommandEnvironment, CommandIo } from '../../command.ts';

/** What a program that needs a screen says where there is none, and how it ends. */
interface Refusal {
  readonly text: string;
  readonly exit: number;
}

const VIM_REFUSAL: Refusal = {
  text: 'Vim: Warning: Output is not to a terminal\nVim: Warning: Input is not from a terminal\nVim: Error reading input, exiting...\nVim: Finished.\n',
  exit: 1,
};
const NANO_REFUSAL: Refusal = { text: 'Error opening terminal: dumb.\n', exit: 1 };

/** An editor: the host of the terminal shows the file, whatever it is called here. */
function editorCommand(name: string, refusal: Refusal): Command {
  return {
    name,
    async run(args, io, environment) {
      const paths = args.filter((argument) => !/^[-+]/.test(argument));
      const { editor } = environment;
      if (editor === undefined) {
        io.stderr(refusal.text);
        return refusal.exit;
      }
      for (const path of paths.length === 0 ? ['untitled'] : paths) {
        const exit = await editFile(name, path, io, environment, editor);
        if (exit !== 0) return exit;
      }
      return 0;
    },
  };
}

async function editFile(
  name: string,
  shown: string,
  io: CommandIo,
  { machine, cwd, clock }: CommandEnvironment,
  editor: NonNullable<CommandEnvironment['editor']>,
): Promise<number> {
  const path = resolvePath(cwd, shown);
  try {
    const before = machine.files.exists(path) ? machine.files.read(path) : '';
    const after = await clock.outside(editor.edit(path, before));
    if (after !== undefined && after !== before) machine.files.write(path, after);
    return 0;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    io.stderr(`${name}: ${shown}: ${error.message}\n`);
    return 1;
  }
}

export const vi = editorCommand('vi', VIM_REFUSAL);
export const vim = editorCommand('vim', VIM_REFUSAL);
export const nano = editorCommand('nano', NANO_REFUSAL);
