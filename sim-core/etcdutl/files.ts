import { ExitError } from '../etcdctl/cobrautl/exit.ts';
import { FileError } from '../node/file-system.ts';
import { resolvePath } from '../node/path.ts';
import type { CommandEnvironment } from '../shell/command.ts';

/** The text of a file; throws an ExitError with the words of os.Stat. */
export function readText({ machine, cwd }: CommandEnvironment, path: string): string {
  try {
    return machine.files.read(resolvePath(cwd, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ExitError('error', `stat ${path}: ${error.message.toLowerCase()}`);
  }
}
