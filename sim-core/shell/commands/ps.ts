import type { Machine } from '../../node/machine.ts';
import type { Process } from '../../node/process-table.ts';
import type { Command } from '../command.ts';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly value: (process: Process, view: View) => string;
}

interface View {
  readonly machine: Machine;
  readonly now: number;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400_000;

const user: Column = { title: 'USER', width: 8, align: 'left', value: (process) => process.user };
const pid: Column = { title: 'PID', width: 7, align: 'right', value: (process) => String(process.pid) };
const tty: Column = { title: 'TTY', width: 8, align: 'left', value: (process) => process.tty };
const command: Column = {
  title: 'COMMAND',
  width: 0,
  align: 'left',
  value: (process) => process.command.join(' '),
};

/** The columns of `ps aux`. */
const USER_FORMAT: readonly Column[] = [
  user,
  pid,
  { title: '%CPU', width: 4, align: 'right', value: cpuShare },
  {
    title: '%MEM',
    width: 4,
    align: 'right',
    value: (process, { machine }) =>
      (Math.floor((process.residentSize * 1000) / machine.memoryKiB) / 10).toFixed(1),
  },
  { title: 'VSZ', width: 6, align: 'right', value: (process) => String(process.virtualSize) },
  { title: 'RSS', width: 5, align: 'right', value: (process) => String(process.residentSize) },
  tty,
  { title: 'STAT', width: 4, align: 'left', value: (process) => process.state },
  { title: 'START', width: 5, align: 'right', value: startText },
  {
    title: 'TIME',
    width: 6,
    align: 'right',
    value: (process) => `${Math.floor(process.cpuSeconds / 60)}:${two(process.cpuSeconds % 60)}`,
  },
  command,
];

/** The columns of `ps -ef`. */
const FULL_FORMAT: readonly Column[] = [
  { ...user, title: 'UID' },
  pid,
  {
    title: 'PPID',
    width: 7,
    align: 'right',
    value: (process) => (process.tty === '?' ? '1' : String(process.pid - 1)),
  },
  {
    title: 'C',
    width: 2,
    align: 'right',
    value: (process, view) => String(Math.floor(Number(cpuShare(process, view)))),
  },
  { title: 'STIME', width: 5, align: 'left', value: startText },
  tty,
  { title: 'TIME', width: 8, align: 'right', value: longTime },
  { ...command, title: 'CMD' },
];

const SHORT_FORMAT: readonly Column[] = [
  pid,
  tty,
  { title: 'TIME', width: 8, align: 'right', value: longTime },
  { ...command, title: 'CMD', value: (process) => nameOf(process) },
];

const USAGE = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`;

/**
 * procps-ng ps: BSD options (`ps aux`, also with a dash), UNIX options (`ps -ef`) and `-C name`,
 * `-p pid`, `-u user`. Lines are as wide as they need to be, as in a pipe.
 */
export const ps: Command = {
  name: 'ps',
  async run(args, io, { machine, clock }) {
    const letters = new Set<string>();
    const select: ((process: Process) => boolean)[] = [];
    let headers = true;
    for (let index = 0; index < args.length; index++) {
      const argument = args[index]!;
      const value = () => args[++index] ?? '';
      if (argument === '-p') {
        const pids = new Set(value().split(','));
        select.push((process) => pids.has(String(process.pid)));
      } else if (argument === '-C') {
        const name = value();
        select.push((process) => nameOf(process) === name);
      } else if (argument === '-u' && index + 1 < args.length) {
        const name = value();
        select.push((process) => process.user === name);
      } else if (argument === '--no-headers' || argument === '--no-heading') headers = false;
      else if (/^-?[aAefxuwlFT]+$/.test(argument)) for (const letter of argument) letters.add(letter);
      else {
        io.stderr(
          `error: ${argument.startsWith('--') ? 'unknown gnu long option' : 'unsupported option (BSD syntax)'}\n${USAGE}`,
        );
        return 1;
      }
    }
    const bsd = letters.has('u') || (letters.has('x') && !letters.has('-'));
    const everything = letters.has('e') || letters.has('A') || letters.has('x');
    const format = bsd ? USER_FORMAT : letters.has('f') || letters.has('F') ? FULL_FORMAT : SHORT_FORMAT;
    const wanted = machine.processes
      .list()
      .filter((process) =>
        select.length > 0
          ? select.some((test) => test(process))
          : everything || process.tty !== '?' || letters.has('a'),
      );
    const view: View = { machine, now: clock.now() };
    if (headers) io.stdout(line(format, (column) => column.title));
    for (const process of wanted) io.stdout(line(format, (column) => column.value(process, view)));
    return wanted.length === 0 ? 1 : 0;
  },
};

/**
 * One line; a value that is wider than its column takes the room from the padding of those after it.
 * Models procps src/ps/output.c show_one_proc.
 */
function line(columns: readonly Column[], textOf: (column: Column) => string): string {
  let text = '';
  let correct = 0;
  for (const [index, column] of columns.entries()) {
    const value = textOf(column);
    const padding = column.align === 'right' ? Math.max(0, column.width - value.length) : 0;
    const spaces = Math.max(index === 0 ? 0 : 1, correct - text.length + padding);
    text += (index === 0 ? ' '.repeat(padding) : ' '.repeat(spaces)) + value;
    correct += column.width + 1;
  }
  return `${text.trimEnd()}\n`;
}

function cpuShare(process: Process, { now }: View): string {
  const seconds = Math.max(1, (now - process.started) / 1000);
  return (Math.floor((process.cpuSeconds * 1000) / seconds) / 10).toFixed(1);
}

function startText(process: Process, { now }: View): string {
  const start = new Date(process.started);
  if (now - process.started < DAY) return `${two(start.getUTCHours())}:${two(start.getUTCMinutes())}`;
  return `${MONTHS[start.getUTCMonth()]}${two(start.getUTCDate())}`;
}

function longTime({ cpuSeconds }: Process): string {
  return `${two(cpuSeconds / 3600)}:${two((cpuSeconds / 60) % 60)}:${two(cpuSeconds % 60)}`;
}

function nameOf(process: Process): string {
  const [program = ''] = process.command;
  return program
    .slice(program.lastIndexOf('/') + 1)
    .replace(/^-/, '')
    .slice(0, 15);
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
