import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';

/** less and more: the terminal scrolls by itself, so they show all at once, as into a pipe. */
function pager(name: string): Command {
  return {
    name,
    async run(args, io, { machine, cwd }) {
      const paths = args.filter((argument) => !/^[-+]./.test(argument));
      if (paths.length === 0) {
        const text = io.stdin.isTerminal ? '' : await io.stdin.readAll();
        if (text === '') {
          const usage = 'Missing filename ("less --help" for help)';
          io.stderr(
            name === 'less' ? `${usage}\n` : `more: bad usage\nTry 'more --help' for more information.\n`,
          );
          return 1;
        }
        io.stdout(text);
        return 0;
      }
      let exit = 0;
      for (const path of paths) {
        try {
          const full = resolvePath(cwd, path);
          if (
            machine.files.exists(full) &&
            machine.files.stat(machine.files.realPath(full)).type === 'directory'
          ) {
            io.stderr(name === 'less' ? `${path} is a directory\n` : `\n*** ${path}: directory ***\n\n`);
            exit = 1;
          } else io.stdout(machine.files.read(full));
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          io.stderr(
            name === 'less' ? `${path}: ${error.message}\n` : `more: cannot open ${path}: ${error.message}\n`,
          );
          exit = 1;
        }
      }
      return exit;
    },
  };
}

export const less = pager('less');
export const more = pager('more');
