import { FileError, type FileSystem } from '../../node/file-system.ts';
import { baseName, resolvePath } from '../../node/path.ts';
import type { Command, CommandIo } from '../command.ts';
import { getopt } from '../getopt.ts';

export const mkdir: Command = {
  name: 'mkdir',
  async run(args, io, { machine: { files }, cwd }) {
    const parsed = getopt(
      'mkdir',
      args,
      {
        parents: { short: 'p', long: 'parents' },
        mode: { short: 'm', long: 'mode', value: 'required' },
        verbose: { short: 'v', long: 'verbose' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    if (parsed.operands.length === 0) return missingOperand('mkdir', io);
    const mode = parsed.options.get('mode');
    return each(
      parsed.operands,
      io,
      (operand) => `mkdir: cannot create directory ‘${operand}’`,
      (operand) =>
        files.makeDirectory(resolvePath(cwd, operand), {
          parents: parsed.options.has('parents'),
          ...(mode !== undefined && { mode: parseInt(mode, 8) }),
        }),
    );
  },
};

export const rm: Command = {
  name: 'rm',
  async run(args, io, { machine: { files }, cwd }) {
    const parsed = getopt(
      'rm',
      args,
      {
        force: { short: 'f', long: 'force' },
        recursive: { short: 'r', long: 'recursive' },
        recursiveToo: { short: 'R' },
        interactive: { short: 'i' },
        verbose: { short: 'v', long: 'verbose' },
        directory: { short: 'd', long: 'dir' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    if (operands.length === 0) return options.has('force') ? 0 : missingOperand('rm', io);
    const recursive = options.has('recursive') || options.has('recursiveToo');
    return each(
      operands,
      io,
      (operand) => `rm: cannot remove '${operand}'`,
      (operand) => {
        const path = resolvePath(cwd, operand);
        try {
          if (files.stat(path).type === 'directory' && !recursive) throw new FileError('EISDIR', path);
          files.remove(path, { recursive });
        } catch (error) {
          if (!(error instanceof FileError && error.code === 'ENOENT' && options.has('force'))) throw error;
        }
        if (options.has('verbose')) io.stdout(`removed '${operand}'\n`);
      },
    );
  },
};

export const mv: Command = {
  name: 'mv',
  async run(args, io, { machine: { files }, cwd }) {
    const parsed = getopt(
      'mv',
      args,
      {
        force: { short: 'f', long: 'force' },
        interactive: { short: 'i', long: 'interactive' },
        noClobber: { short: 'n', long: 'no-clobber' },
        verbose: { short: 'v', long: 'verbose' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    return transfer('mv', parsed.operands, files, cwd, io, (from, to, operand) => {
      if (!files.exists(from)) throw new StatError(operand);
      files.rename(from, to);
    });
  },
};

export const cp: Command = {
  name: 'cp',
  async run(args, io, { machine: { files }, cwd }) {
    const parsed = getopt(
      'cp',
      args,
      {
        archive: { short: 'a', long: 'archive' },
        force: { short: 'f', long: 'force' },
        interactive: { short: 'i', long: 'interactive' },
        preserve: { short: 'p' },
        recursive: { short: 'r', long: 'recursive' },
        recursiveToo: { short: 'R' },
        verbose: { short: 'v', long: 'verbose' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    const { options } = parsed;
    const recursive = options.has('archive') || options.has('recursive') || options.has('recursiveToo');
    let skipped = false;
    const exit = transfer('cp', parsed.operands, files, cwd, io, (from, to, operand) => {
      if (!files.exists(from)) throw new StatError(operand);
      if (files.stat(files.realPath(from)).type === 'directory' && !recursive) {
        io.stderr(`cp: -r not specified; omitting directory '${operand}'\n`);
        skipped = true;
        return;
      }
      copy(files, files.realPath(from), to);
    });
    return skipped ? 1 : exit;
  },
};

/** The first operand could not be looked at. */
class StatError extends Error {}

function copy(files: FileSystem, from: string, to: string): void {
  const stat = files.stat(from);
  if (stat.type === 'symlink') return files.link(files.readLink(from), to);
  if (stat.type !== 'directory') return files.write(to, files.read(from), { mode: stat.mode });
  files.makeDirectory(to, { parents: true, mode: stat.mode });
  for (const name of files.list(from)) copy(files, `${from}/${name}`, `${to}/${name}`);
}

/** Does `work` for each source and the place that it goes to: into a directory, or to a new name. */
function transfer(
  program: string,
  operands: readonly string[],
  files: FileSystem,
  cwd: string,
  io: CommandIo,
  work: (from: string, to: string, operand: string) => void,
): number {
  const target = operands.at(-1);
  const sources = operands.slice(0, -1);
  if (target === undefined) return missingOperand(program, io, 'missing file operand');
  if (sources.length === 0)
    return missingOperand(program, io, `missing destination file operand after '${target}'`);
  const to = resolvePath(cwd, target);
  const intoDirectory = files.exists(to) && files.stat(files.realPath(to)).type === 'directory';
  if (sources.length > 1 && !intoDirectory) {
    io.stderr(
      `${program}: target '${target}': ${files.exists(to) ? 'Not a directory' : 'No such file or directory'}\n`,
    );
    return 1;
  }
  let exit = 0;
  for (const operand of sources) {
    const from = resolvePath(cwd, operand);
    const destination = intoDirectory ? resolvePath(to, baseName(from)) : to;
    try {
      if (from === destination) {
        io.stderr(`${program}: '${operand}' and '${target}' are the same file\n`);
        exit = 1;
      } else work(from, destination, operand);
    } catch (error) {
      exit = 1;
      if (error instanceof StatError) {
        io.stderr(`${program}: cannot stat '${operand}': No such file or directory\n`);
      } else if (error instanceof FileError) {
        const what =
          program === 'mv'
            ? `cannot move '${operand}' to '${target}'`
            : `cannot create regular file '${target}'`;
        io.stderr(`${program}: ${what}: ${error.message}\n`);
      } else throw error;
    }
  }
  return exit;
}

function each(
  operands: readonly string[],
  io: CommandIo,
  failure: (operand: string) => string,
  work: (operand: string) => void,
): number {
  let exit = 0;
  for (const operand of operands) {
    try {
      work(operand);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      io.stderr(`${failure(operand)}: ${error.message}\n`);
      exit = 1;
    }
  }
  return exit;
}

function missingOperand(program: string, io: CommandIo, message = 'missing operand'): number {
  io.stderr(`${program}: ${message}\nTry '${program} --help' for more information.\n`);
  return 1;
}
