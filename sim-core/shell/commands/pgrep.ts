import type { Process } from '../../node/process-table.ts';
import type { Command, CommandEnvironment, CommandIo } from '../command.ts';
import { getopt } from '../getopt.ts';

const OPTIONS = {
  count: { short: 'c', long: 'count' },
  exact: { short: 'x', long: 'exact' },
  full: { short: 'f', long: 'full' },
  fullShown: { short: 'a', long: 'list-full' },
  inverse: { short: 'v', long: 'inverse' },
  nameShown: { short: 'l', long: 'list-name' },
  newest: { short: 'n', long: 'newest' },
  oldest: { short: 'o', long: 'oldest' },
  echo: { short: 'e', long: 'echo' },
  user: { short: 'u', long: 'euid', value: 'required' },
} as const;

const nameOf = ({ command }: Process): string => command[0]!.replace(/^-|^.*\//g, '').slice(0, 15);

/** The processes that a pattern and options choose, itself left out; undefined, with a complaint, if they are none. */
function choose(
  program: string,
  args: readonly string[],
  io: CommandIo,
  { machine }: CommandEnvironment,
):
  { readonly chosen: readonly Process[]; readonly has: (name: keyof typeof OPTIONS) => boolean } | undefined {
  const parsed = getopt(program, args, OPTIONS, io);
  if (parsed === undefined) return undefined;
  const { options, operands } = parsed;
  const [pattern, more] = operands;
  if ((pattern === undefined && !options.has('user')) || more !== undefined) {
    const problem =
      more === undefined ? 'no matching criteria specified' : 'only one pattern can be provided';
    io.stderr(`${program}: ${problem}\nTry \`${program} --help' for more information.\n`);
    return undefined;
  }
  const expression = new RegExp(options.has('exact') ? `^(?:${pattern})$` : (pattern ?? ''));
  const isMeant = (process: Process) =>
    expression.test(options.has('full') ? process.command.join(' ') : nameOf(process)) &&
    (options.get('user') ?? process.user) === process.user;
  const others = machine.processes.list().filter(({ command }) => command[0] !== program);
  let chosen = others.filter((process) => isMeant(process) !== options.has('inverse'));
  if (options.has('newest')) chosen = chosen.slice(-1);
  if (options.has('oldest')) chosen = chosen.slice(0, 1);
  return { chosen, has: (name) => options.has(name) };
}

/** procps-ng pgrep: pids of the processes whose name fits a regular expression. */
export const pgrep: Command = {
  name: 'pgrep',
  async run(args, io, environment) {
    const found = choose('pgrep', args, io, environment);
    if (found === undefined) return 2;
    const { chosen, has } = found;
    if (has('count')) io.stdout(`${chosen.length}\n`);
    else {
      for (const process of chosen) {
        const shown = has('fullShown') ? process.command.join(' ') : nameOf(process);
        const text = has('fullShown') || has('nameShown') ? `${process.pid} ${shown}` : String(process.pid);
        io.stdout(`${text}\n`);
      }
    }
    return chosen.length > 0 ? 0 : 1;
  },
};

/** procps-ng pkill: ends them, whatever signal is named; 0 only looks. */
export const pkill: Command = {
  name: 'pkill',
  async run(args, io, environment) {
    const signal = args.find((word) => /^-(?:\d+|[A-Z]{2,})$/.test(word));
    const found = choose(
      'pkill',
      args.filter((word) => word !== signal),
      io,
      environment,
    );
    if (found === undefined) return 2;
    for (const process of found.chosen) {
      if (found.has('echo')) io.stdout(`${nameOf(process)} killed (pid ${process.pid})\n`);
      if (signal !== '-0') environment.machine.processes.end(process.pid);
    }
    return found.chosen.length > 0 ? 0 : 1;
  },
};

/** psmisc killall: the same by whole names. */
export const killall: Command = {
  name: 'killall',
  async run(args, io, { machine }) {
    const names = args.filter((word) => !word.startsWith('-'));
    if (names.length === 0) {
      io.stderr('Usage: killall [OPTION]... [--] NAME...\n');
      return 1;
    }
    let exit = 0;
    for (const name of names) {
      const chosen = machine.processes.list().filter((process) => nameOf(process) === name.slice(0, 15));
      for (const { pid } of chosen) machine.processes.end(pid);
      if (chosen.length > 0) continue;
      io.stderr(`${name}: no process found\n`);
      exit = 1;
    }
    return exit;
  },
};

/** sysvinit pidof: pids of a program, the newest first. */
export const pidof: Command = {
  name: 'pidof',
  async run(args, io, { machine }) {
    const names = args.filter((word) => !word.startsWith('-'));
    const pids = machine.processes
      .list()
      .filter(({ command }) => names.some((name) => command[0] === name || command[0]!.endsWith(`/${name}`)))
      .map(({ pid }) => pid)
      .reverse();
    const shown = args.includes('-s') ? pids.slice(0, 1) : pids;
    if (shown.length > 0) io.stdout(`${shown.join(' ')}\n`);
    return shown.length > 0 ? 0 : 1;
  },
};
