import type { Machine } from '../node/machine.ts';
import type { FunctionDefinition } from './grammar/syntax.ts';
import type { ShellArray } from './grammar/variables.ts';

/** What a login shell remembers between lines. */
export interface ShellSession {
  readonly machine: Machine;
  readonly user: string;
  /** The pid of the shell itself. */
  readonly pid: number;
  cwd: string;
  readonly variables: Map<string, string>;
  /** Names of the variables that programs see. */
  readonly exported: Set<string>;
  readonly aliases: Map<string, string>;
  /** Whose completion a command has: `complete -F __start_kubectl k`. */
  readonly completions: Map<string, string>;
  lastExit: number;
  readonly arrays: Map<string, ShellArray>;
  readonly functions: Map<string, FunctionDefinition>;
  /** What `set -o` and `shopt -s` turned on. */
  readonly options: Set<string>;
  readonly readonly: Set<string>;
  readonly integers: Set<string>;
  readonly lowercase: Set<string>;
  readonly uppercase: Set<string>;
  readonly traps: Map<string, string>;
  /** $1, $2, … */
  positional: readonly string[];
  /** $!; 0: there was none. */
  lastJob: number;
  /** The exit codes of the last pipeline's commands. */
  pipeStatus: readonly number[];
}

const HOME = '/root';

/** What Ubuntu's /root/.bashrc and the lab's profile set. */
const ALIASES: readonly (readonly [string, string])[] = [
  ['egrep', 'egrep --color=auto'],
  ['fgrep', 'fgrep --color=auto'],
  ['grep', 'grep --color=auto'],
  ['k', 'kubectl'],
  ['l', 'ls -CF'],
  ['la', 'ls -A'],
  ['ll', 'ls -alF'],
  ['ls', 'ls --color=auto'],
];

/** A root session as a login opens it; `started` is now, in milliseconds. */
export function openSession(machine: Machine, started: number): ShellSession {
  const variables = new Map([
    ['HOME', HOME],
    ['HOSTNAME', machine.hostname],
    ['LANG', 'C.UTF-8'],
    ['LOGNAME', 'root'],
    ['OLDPWD', HOME],
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['PWD', HOME],
    ['SHELL', '/bin/bash'],
    ['SHLVL', '1'],
    ['TERM', 'xterm-256color'],
    ['USER', 'root'],
  ]);
  const exported = new Set(variables.keys());
  exported.delete('HOSTNAME');
  return {
    machine,
    user: 'root',
    pid: machine.processes.start({
      user: 'root',
      command: ['-bash'],
      tty: 'pts/0',
      state: 'Ss',
      started,
      virtualSize: 9100,
      residentSize: 5376,
      cpuSeconds: 0,
    }),
    cwd: HOME,
    variables,
    exported,
    aliases: new Map(ALIASES),
    completions: new Map(),
    lastExit: 0,
    arrays: new Map(),
    functions: new Map(),
    options: new Set(['expand_aliases', 'extglob']),
    readonly: new Set(),
    integers: new Set(),
    lowercase: new Set(),
    uppercase: new Set(),
    traps: new Map(),
    positional: [],
    lastJob: 0,
    pipeStatus: [0],
  };
}

/** A copy for a subshell: what that changes stays with it. */
export function forkSession(session: ShellSession): ShellSession {
  return {
    ...session,
    variables: new Map(session.variables),
    exported: new Set(session.exported),
    aliases: new Map(session.aliases),
    completions: new Map(session.completions),
    arrays: new Map(
      [...session.arrays].map(([name, array]) => [name, { ...array, elements: new Map(array.elements) }]),
    ),
    functions: new Map(session.functions),
    options: new Set(session.options),
    readonly: new Set(session.readonly),
    integers: new Set(session.integers),
    lowercase: new Set(session.lowercase),
    uppercase: new Set(session.uppercase),
    traps: new Map(),
  };
}

/** The session of a shell that is a program of its own: it has what is exported, and its arguments. */
export function scriptSession(session: ShellSession, positional: readonly string[]): ShellSession {
  return {
    ...forkSession(session),
    variables: new Map([...session.variables].filter(([name]) => session.exported.has(name))),
    aliases: new Map(),
    arrays: new Map(),
    functions: new Map(),
    options: new Set(),
    readonly: new Set(),
    integers: new Set(),
    lowercase: new Set(),
    uppercase: new Set(),
    positional,
    lastJob: 0,
    lastExit: 0,
  };
}

/** The variables that a program started from this session sees. */
export function environmentOf(session: ShellSession): Record<string, string> {
  const entries = [...session.variables].filter(([name]) => session.exported.has(name));
  return Object.fromEntries(entries);
}

/** Changes the working directory, and PWD and OLDPWD with it. */
export function changeDirectory(session: ShellSession, path: string): void {
  session.variables.set('OLDPWD', session.cwd);
  session.variables.set('PWD', path);
  session.cwd = path;
}
