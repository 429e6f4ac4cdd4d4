import { ExitError } from '../etcdctl/cobrautl/exit.ts';
import { FileError } from '../node/file-system.ts';
import { resolvePath } from '../node/path.ts';
import type { CommandEnvironment } from '../shell/command.ts';

/** The text of a file; throws an ExitError with the words of Go's os package, which `call` begins. */
export function readText(
  { machine, cwd }: CommandEnvironment,
  path: string,
  call: 'stat' | 'open' = 'stat',
): string {
  try {
    return machine.files.read(resolvePath(cwd, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ExitError('error', `${call} ${path}: ${error.message.toLowerCase()}`);
  }
}
