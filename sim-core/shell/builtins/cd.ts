import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Builtin } from '../builtin.ts';
import { changeDirectory } from '../session.ts';

export const cd: Builtin = {
  name: 'cd',
  run(args, io, { session }) {
    if (args.length > 1) {
      io.stderr('bash: cd: too many arguments\n');
      return 1;
    }
    const back = args[0] === '-';
    const target = back ? session.variables.get('OLDPWD') : (args[0] ?? session.variables.get('HOME'));
    if (target === undefined) {
      io.stderr(`bash: cd: ${back ? 'OLDPWD' : 'HOME'} not set\n`);
      return 1;
    }
    const path = resolvePath(session.cwd, target);
    const { files } = session.machine;
    try {
      if (files.stat(files.realPath(path)).type !== 'directory') throw new FileError('ENOTDIR', path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      io.stderr(`bash: cd: ${target}: ${error.message}\n`);
      return 1;
    }
    changeDirectory(session, path);
    if (back) io.stdout(`${path}\n`);
    return 0;
  },
};
