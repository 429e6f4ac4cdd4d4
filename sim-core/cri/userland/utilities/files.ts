import { FileError } from '../../../node/file-system.ts';
import type { FileStat, FileSystem } from '../../../node/file-system.ts';
import { baseName, resolvePath } from '../../../node/path.ts';
import type { Program, ProgramEnvironment } from '../../../node/program.ts';
import { parseOptions } from '../options.ts';
import type { Tool, Userland } from '../userland.ts';

/** What a tool says of a path that it can do nothing with; without a row: the path. */
const COMPLAINTS: Readonly<Record<Userland, Readonly<Record<string, (path: string) => string>>>> = {
  busybox: {
    cp: (path) => `can't stat '${path}'`,
    mkdir: (path) => `can't create directory '${path}'`,
    mv: (path) => `can't rename '${path}'`,
    rm: (path) => `can't remove '${path}'`,
    rmdir: (path) => `'${path}'`,
    stat: (path) => `can't stat '${path}'`,
  },
  debian: {
    chmod: (path) => `cannot access '${path}'`,
    cp: (path) => `cannot stat '${path}'`,
    find: (path) => `'${path}'`,
    ln: (path) => `failed to create symbolic link '${path}'`,
    ls: (path) => `cannot access '${path}'`,
    mkdir: (path) => `cannot create directory '${path}'`,
    mv: (path) => `cannot stat '${path}'`,
    rm: (path) => `cannot remove '${path}'`,
    rmdir: (path) => `failed to remove '${path}'`,
    stat: (path) => `cannot statx '${path}'`,
    touch: (path) => `cannot touch '${path}'`,
  },
};

function complaint(environment: ProgramEnvironment, family: Userland, path: string, what: string): void {
  const tool = (environment.argv[0] ?? '').replace(/^.*\//, '');
  environment.stderr(`${tool}: ${COMPLAINTS[family][tool]?.(path) ?? path}: ${what}\n`);
}

/** Calls `act` for each path; what goes wrong is said and the rest still done. */
function eachPath(
  environment: ProgramEnvironment,
  family: Userland,
  operands: readonly string[],
  act: (path: string, operand: string) => void,
): Promise<number> {
  let status = 0;
  for (const operand of operands) {
    try {
      act(resolvePath(environment.cwd, operand), operand);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      complaint(environment, family, operand, error.message);
      status = 1;
    }
  }
  return Promise.resolve(status);
}

const isDirectory = (files: FileSystem, path: string) =>
  files.exists(path) && files.stat(files.realPath(path)).type === 'directory';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function modeText({ type, mode }: FileStat): string {
  const letter = { directory: 'd', symlink: 'l', device: 'c', file: '-' }[type];
  const bits = [...'rwxrwxrwx'].map((bit, index) => ((mode >> (8 - index)) & 1 ? bit : '-'));
  if (mode & 0o2000) bits[5] = bits[5] === 'x' ? 's' : 'S';
  if (mode & 0o1000) bits[8] = bits[8] === 'x' ? 't' : 'T';
  return letter + bits.join('');
}

function longLine(files: FileSystem, path: string, name: string): string {
  const stat = files.stat(path);
  const time = new Date(stat.modified).toUTCString();
  const date = `${MONTHS[new Date(stat.modified).getUTCMonth()]} ${String(new Date(stat.modified).getUTCDate()).padStart(2)} ${time.slice(17, 22)}`;
  const links = stat.type === 'directory' ? 2 : 1;
  const target = stat.type === 'symlink' ? ` -> ${files.readLink(path)}` : '';
  return `${modeText(stat)} ${String(links).padStart(4)} ${stat.owner.padEnd(8)} ${stat.group.padEnd(8)} ${String(stat.size).padStart(9)} ${date} ${name}${target}`;
}

const ls: Tool = (environment, family) => {
  const { argv, files, cwd, stdout } = environment;
  const { flags, operands } = parseOptions(argv.slice(1));
  const paths = operands.length === 0 ? ['.'] : operands;
  let status = 0;
  const show = (directory: string, names: readonly string[]) => {
    const line = (name: string) =>
      flags.has('l') ? longLine(files, resolvePath(directory, name), name) : name;
    if (flags.has('l')) stdout('total ' + String(names.length * 4) + '\n');
    stdout(names.map((name) => `${line(name)}\n`).join(''));
  };
  for (const [index, path] of paths.entries()) {
    const full = resolvePath(cwd, path);
    if (!files.exists(full)) {
      complaint(environment, family, path, 'No such file or directory');
      status = family === 'debian' ? 2 : 1;
      continue;
    }
    if (!isDirectory(files, full) || flags.has('d')) {
      stdout(`${flags.has('l') ? longLine(files, full, path) : path}\n`);
      continue;
    }
    if (paths.length > 1) stdout(`${index > 0 ? '\n' : ''}${path}:\n`);
    const names = files
      .list(full)
      .filter((name) => !name.startsWith('.') || flags.has('a') || flags.has('A'));
    show(full, flags.has('a') ? ['.', '..', ...names] : names);
  }
  return Promise.resolve(status);
};

function copy(files: FileSystem, from: string, to: string, recursive: boolean): void {
  const target = isDirectory(files, to) ? `${to}/${baseName(from)}` : to;
  if (!isDirectory(files, from)) return files.write(target, files.read(from));
  if (!recursive) throw new FileError('EISDIR', from);
  if (!files.exists(target)) files.makeDirectory(target);
  for (const name of files.list(from)) copy(files, `${from}/${name}`, `${target}/${name}`, true);
}

const find: Tool = (environment, family) => {
  const { argv, files, cwd, stdout } = environment;
  const args = argv.slice(1);
  const start = args.findIndex((arg) => arg.startsWith('-'));
  const roots = start < 0 ? args : args.slice(0, start);
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const pattern = option('-name');
  const kind = option('-type');
  const expression =
    pattern === undefined
      ? undefined
      : new RegExp(
          `^${pattern
            .replace(/[.+^${}()|\\]/g, '\\$&')
            .replaceAll('*', '.*')
            .replaceAll('?', '.')}$`,
        );
  let status = 0;
  const walk = (shown: string) => {
    const full = resolvePath(cwd, shown);
    const { type } = files.stat(full);
    const fits = kind === undefined || { f: 'file', d: 'directory', l: 'symlink' }[kind] === type;
    if (fits && (expression === undefined || expression.test(baseName(full)))) stdout(`${shown}\n`);
    if (type === 'directory')
      for (const name of files.list(full)) walk(shown.endsWith('/') ? shown + name : `${shown}/${name}`);
  };
  for (const root of roots.length === 0 ? ['.'] : roots) {
    if (files.exists(resolvePath(cwd, root))) walk(root);
    else {
      complaint(environment, family, root, 'No such file or directory');
      status = 1;
    }
  }
  return Promise.resolve(status);
};

/** `test` and `[`. Exit status 2 for what is no expression. */
const test: Program = ({ argv, files, cwd }) => {
  const words = argv.slice(1);
  if (argv[0] === '[') words.pop();
  const unary: Readonly<Record<string, (word: string) => boolean>> = {
    '-n': (word) => word !== '',
    '-z': (word) => word === '',
    '-e': (word) => files.exists(resolvePath(cwd, word)),
    '-f': (word) => files.exists(resolvePath(cwd, word)) && !isDirectory(files, resolvePath(cwd, word)),
    '-d': (word) => isDirectory(files, resolvePath(cwd, word)),
    '-s': (word) =>
      files.exists(resolvePath(cwd, word)) && files.stat(files.realPath(resolvePath(cwd, word))).size > 0,
    '-r': (word) => files.exists(resolvePath(cwd, word)),
    '-w': (word) => files.exists(resolvePath(cwd, word)),
    '-x': (word) => files.exists(resolvePath(cwd, word)),
  };
  const binary: Readonly<Record<string, (a: string, b: string) => boolean>> = {
    '=': (a, b) => a === b,
    '==': (a, b) => a === b,
    '!=': (a, b) => a !== b,
    '-eq': (a, b) => Number(a) === Number(b),
    '-ne': (a, b) => Number(a) !== Number(b),
    '-lt': (a, b) => Number(a) < Number(b),
    '-le': (a, b) => Number(a) <= Number(b),
    '-gt': (a, b) => Number(a) > Number(b),
    '-ge': (a, b) => Number(a) >= Number(b),
  };
  let at = 0;
  const primary = (): boolean => {
    const word = words[at];
    if (word === '!') {
      at++;
      return !primary();
    }
    const operator = binary[words[at + 1] ?? ''];
    if (operator !== undefined && at + 2 < words.length) {
      at += 3;
      return operator(word!, words[at - 1]!);
    }
    if (word !== undefined && unary[word] !== undefined && at + 1 < words.length) {
      at += 2;
      return unary[word](words[at - 1]!);
    }
    at++;
    return word !== undefined && word !== '';
  };
  let result = primary();
  while (at < words.length) {
    const joint = words[at++];
    const right = primary();
    result = joint === '-o' ? result || right : result && right;
  }
  return Promise.resolve(result ? 0 : 1);
};

export const FILES: Readonly<Record<string, Tool>> = {
  '[': test,
  basename: ({ argv, stdout }) => {
    const name = baseName(argv[1] ?? '');
    stdout(`${argv[2] !== undefined && name.endsWith(argv[2]) ? name.slice(0, -argv[2].length) : name}\n`);
    return Promise.resolve(0);
  },
  chmod: (environment, family) =>
    eachPath(environment, family, parseOptions(environment.argv.slice(1)).operands.slice(1), (path) =>
      environment.files.changeMode(
        path,
        parseInt(environment.argv[1] ?? '', 8) || environment.files.stat(path).mode | 0o111,
      ),
    ),
  cp: (environment, family) => {
    const { flags, operands } = parseOptions(environment.argv.slice(1));
    const target = resolvePath(environment.cwd, operands.at(-1) ?? '');
    return eachPath(environment, family, operands.slice(0, -1), (path) =>
      copy(environment.files, path, target, flags.has('r') || flags.has('R') || flags.has('a')),
    );
  },
  dirname: ({ argv, stdout }) => {
    stdout(
      `${(argv[1] ?? '').replace(/\/?[^/]*\/*$/, '') || ((argv[1] ?? '').startsWith('/') ? '/' : '.')}\n`,
    );
    return Promise.resolve(0);
  },
  find,
  ln: (environment, family) => {
    const { operands } = parseOptions(environment.argv.slice(1));
    return eachPath(environment, family, operands.slice(1), (path) => {
      if (environment.files.exists(path)) environment.files.remove(path);
      environment.files.link(operands[0]!, path);
    });
  },
  ls,
  mkdir: (environment, family) => {
    const { flags, operands } = parseOptions(environment.argv.slice(1), ['m']);
    return eachPath(environment, family, operands, (path) =>
      environment.files.makeDirectory(path, { parents: flags.has('p') }),
    );
  },
  mv: (environment, family) => {
    const { operands } = parseOptions(environment.argv.slice(1));
    const { files, cwd } = environment;
    const target = resolvePath(cwd, operands.at(-1) ?? '');
    return eachPath(environment, family, operands.slice(0, -1), (path) =>
      files.rename(path, isDirectory(files, target) ? `${target}/${baseName(path)}` : target),
    );
  },
  readlink: (environment, family) => {
    const { flags, operands } = parseOptions(environment.argv.slice(1));
    return eachPath(environment, family, operands, (path) =>
      environment.stdout(
        `${flags.has('f') ? environment.files.realPath(path) : environment.files.readLink(path)}\n`,
      ),
    );
  },
  rm: (environment, family) => {
    const { flags, operands } = parseOptions(environment.argv.slice(1));
    const force = flags.has('f');
    const recursive = flags.has('r') || flags.has('R');
    return eachPath(environment, family, operands, (path) => {
      if (force && !environment.files.exists(path)) return;
      if (!recursive && isDirectory(environment.files, path)) throw new FileError('EISDIR', path);
      environment.files.remove(path, { recursive });
    });
  },
  rmdir: (environment, family) =>
    eachPath(environment, family, environment.argv.slice(1), (path) => environment.files.remove(path)),
  stat: (environment, family) =>
    eachPath(environment, family, parseOptions(environment.argv.slice(1)).operands, (path, operand) => {
      const { size, mode, owner, group } = environment.files.stat(path);
      environment.stdout(
        `  File: ${operand}\n  Size: ${size}\nAccess: (${mode.toString(8).padStart(4, '0')})  Uid: (${owner})   Gid: (${group})\n`,
      );
    }),
  test,
  touch: (environment, family) =>
    eachPath(environment, family, parseOptions(environment.argv.slice(1)).operands, (path) =>
      environment.files.touch(path),
    ),
};
