import { resolvePath } from '../../../node/path.ts';
import type { Program, ProgramEnvironment } from '../../../node/program.ts';
import type { ShellIo } from './leave.ts';
import { Leave } from './leave.ts';
import { parseScript } from './parser.ts';
import type { Node, Script } from './syntax.ts';

/** What builtins see and change of a shell. */
export interface ShellState {
  readonly environment: ProgramEnvironment;
  readonly name: string;
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  readonly functions: Map<string, Node>;
  readonly traps: Map<string, string>;
  readonly jobs: readonly { readonly pid: number; readonly done: Promise<number> }[];
  positional: string[];
  status: number;
  cwd: string;
  exitOnError: boolean;
  trace: boolean;
  replaces: boolean;
  script(script: Script, io: ShellIo): Promise<number>;
  command(words: readonly string[], io: ShellIo): Promise<number>;
  /** Waits for a promise, but not longer than until a trapped signal comes. */
  interruptible<T>(work: Promise<T>): Promise<T | undefined>;
  find(name: string): Program | undefined;
}

type Builtin = (shell: ShellState, args: readonly string[], io: ShellIo) => Promise<number>;

const done = Promise.resolve(0);

const evaluate: Builtin = async (shell, args, io) => {
  await shell.script(parseScript(args.join(' ')), io);
  return shell.status;
};

const source: Builtin = async (shell, [path = ''], io) => {
  const { files } = shell.environment;
  const full = resolvePath(shell.cwd, path);
  if (!files.exists(full)) {
    io.stderr(`${shell.name}: .: can't open '${path}': No such file or directory\n`);
    return 2;
  }
  return evaluate(shell, [files.read(full)], io);
};

/** Commands that change the shell itself. */
export const BUILTINS: Readonly<Record<string, Builtin | undefined>> = {
  __proto__: null as never,
  ':': () => done,
  cd: (shell, [target], io) => {
    const { files, envs } = shell.environment;
    const path = resolvePath(shell.cwd, target ?? envs['HOME'] ?? '/root');
    const isDirectory = files.exists(path) && files.stat(files.realPath(path)).type === 'directory';
    if (!isDirectory) {
      io.stderr(`${shell.name}: cd: can't cd to ${target ?? path}: No such file or directory\n`);
      return Promise.resolve(1);
    }
    shell.cwd = path;
    shell.variables.set('PWD', path);
    return done;
  },
  pwd: (shell, _args, io) => {
    io.stdout(`${shell.cwd}\n`);
    return done;
  },
  export: (shell, args) => assign(shell, args, true),
  readonly: (shell, args) => assign(shell, args, false),
  local: (shell, args) => assign(shell, args, false),
  unset: (shell, args) => {
    for (const name of args) {
      shell.variables.delete(name);
      shell.exported.delete(name);
      shell.functions.delete(name);
    }
    return done;
  },
  set: (shell, args) => {
    const [first = ''] = args;
    if (first === '--') shell.positional = args.slice(1);
    else if (/^[-+]\w*$/.test(first)) {
      if (first.includes('e')) shell.exitOnError = first.startsWith('-');
      if (first.includes('x')) shell.trace = first.startsWith('-');
    } else if (first !== '') shell.positional = [...args];
    return done;
  },
  shift: (shell, [count = '1']) => {
    shell.positional = shell.positional.slice(Number(count));
    return done;
  },
  read: async (shell, args, { stdin }) => {
    const names = args.filter((arg) => !arg.startsWith('-'));
    const line = await shell.interruptible(stdin.readLine());
    const fields = (line ?? '').trim().split(/\s+/);
    for (const [index, name] of (names.length === 0 ? ['REPLY'] : names).entries()) {
      const isLast = index >= names.length - 1;
      shell.variables.set(name, isLast ? fields.slice(index).join(' ') : (fields[index] ?? ''));
    }
    return line === undefined ? 1 : 0;
  },
  eval: evaluate,
  '.': source,
  source,
  exit: (shell, [code]) => {
    throw new Leave('shell', code === undefined ? shell.status : Number(code) & 255);
  },
  return: (shell, [code]) => {
    throw new Leave('function', code === undefined ? shell.status : Number(code) & 255);
  },
  break: (_shell, [depth = '1']) => {
    throw new Leave('loop', 0, Number(depth));
  },
  continue: (_shell, [depth = '1']) => {
    throw new Leave('loop', 0, Number(depth), true);
  },
  exec: async (shell, args, io) => {
    if (args.length === 0) return 0;
    shell.replaces = true;
    throw new Leave('shell', await shell.command(args, io));
  },
  command: async (shell, args, io) => {
    if (args[0] !== '-v') return shell.command(args, io);
    const [, name = ''] = args;
    const isKnown = BUILTINS[name] !== undefined || shell.functions.has(name);
    if (!isKnown && shell.find(name) === undefined) return 127;
    io.stdout(`${isKnown ? name : `/bin/${name}`}\n`);
    return 0;
  },
  type: async (shell, args, io) => {
    const [name = ''] = args;
    if (BUILTINS[name] !== undefined) io.stdout(`${name} is a shell builtin\n`);
    else if (shell.find(name) !== undefined) io.stdout(`${name} is /bin/${name}\n`);
    else {
      io.stderr(`${name}: not found\n`);
      return 127;
    }
    return 0;
  },
  trap: (shell, args) => {
    const [action = '', ...signals] = args[0] === '--' ? args.slice(1) : args;
    for (const signal of signals) {
      const name = SIGNAL_NAMES[signal] ?? signal.replace(/^SIG/, '');
      if (action === '-') shell.traps.delete(name);
      else shell.traps.set(name, action);
      if (name === 'TERM') shell.environment.catchTerminate();
    }
    return done;
  },
  wait: async (shell, args) => {
    const jobs = args.length === 0 ? shell.jobs : shell.jobs.filter(({ pid }) => args.includes(String(pid)));
    let status = 0;
    for (const { done: job } of jobs) {
      const result = await shell.interruptible(job);
      if (result === undefined) return 143;
      status = result;
    }
    return args.length === 0 ? 0 : status;
  },
  umask: () => done,
  ulimit: () => done,
};

const SIGNAL_NAMES: Readonly<Record<string, string>> = { 0: 'EXIT', 2: 'INT', 15: 'TERM' };

function assign(shell: ShellState, args: readonly string[], exported: boolean): Promise<number> {
  for (const arg of args) {
    const [, name = '', value] = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    if (name === '') continue;
    if (value !== undefined) shell.variables.set(name, value);
    if (exported) shell.exported.add(name);
  }
  return done;
}
