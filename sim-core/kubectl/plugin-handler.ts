import { resolvePath } from '../node/path.ts';
import type { CommandEnvironment, CommandIo } from '../shell/command.ts';
import { quoteWord } from '../shell/quote.ts';

/**
 * Runs the executable of $PATH that the words name: for `kubectl foo bar --x` it is kubectl-foo-bar, or else kubectl-foo,
 * which is given the rest. Resolves to its exit code; undefined if there is none.
 * Models pkg/cmd HandlePluginCommand.
 */
export async function runPlugin(
  args: readonly string[],
  io: CommandIo,
  environment: CommandEnvironment,
): Promise<number | undefined> {
  const flag = args.findIndex((argument) => argument.startsWith('-'));
  const words = args.slice(0, flag < 0 ? args.length : flag);
  for (let count = words.length; count > 0; count--) {
    const name = words.slice(0, count).map((word) => word.replaceAll('-', '_'));
    const path = findExecutable(`kubectl-${name.join('-')}`, environment);
    if (path !== undefined)
      return environment.execute([path, ...args.slice(count)].map(quoteWord).join(' '), io);
  }
  return undefined;
}

/** Models os/exec LookPath. */
function findExecutable(name: string, { machine, cwd, variables }: CommandEnvironment): string | undefined {
  for (const directory of (variables.PATH ?? '').split(':')) {
    const path = resolvePath(cwd, `${directory || '.'}/${name}`);
    if (!machine.files.exists(path)) continue;
    const { type, mode } = machine.files.stat(machine.files.realPath(path));
    if (type === 'file' && (mode & 0o111) !== 0) return path;
  }
  return undefined;
}
