import type { Program, ProgramEnvironment, Signal } from '../../../node/program.ts';
import { cancelled } from '../../../node/program.ts';
import { parseOptions } from '../options.ts';
import type { Tool } from '../userland.ts';

/** What waits longer than this must not keep a cluster from counting as quiet. */
const LONG_WAIT_MS = 60_000;

const SIGNALS: Readonly<Record<string, Signal['name']>> = {
  1: 'HUP',
  2: 'INT',
  3: 'QUIT',
  9: 'KILL',
  10: 'USR1',
  12: 'USR2',
  15: 'TERM',
};

const sleep: Program = async ({ argv, clock, killed, stderr }) => {
  const seconds = argv.slice(1).map(secondsOf);
  const wrong = seconds.indexOf(undefined);
  if (seconds.length === 0 || wrong >= 0) {
    stderr(
      seconds.length === 0 ? 'sleep: missing operand\n' : `sleep: invalid number '${argv[wrong + 1]}'\n`,
    );
    return 1;
  }
  const total = seconds.reduce((sum: number, value) => sum + value! * 1000, 0);
  if (total === Infinity) await cancelled(killed);
  else await clock.sleep(total, { context: killed, periodic: total > LONG_WAIT_MS });
  return 0;
};

function secondsOf(text: string): number | undefined {
  if (text === 'infinity' || text === 'inf') return Infinity;
  const match = /^(\d*\.?\d+)([smhd]?)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * { '': 1, s: 1, m: 60, h: 3600, d: 86400 }[match[2] as '' | 's' | 'm' | 'h' | 'd'];
}

const env: Program = ({ envs, stdout }) => {
  stdout(
    Object.entries(envs)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  return Promise.resolve(0);
};

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const date: Program = ({ argv, clock, stdout }) => {
  const now = new Date(clock.now());
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  const format =
    argv
      .slice(1)
      .find((arg) => arg.startsWith('+'))
      ?.slice(1) ?? '%a %b %e %H:%M:%S UTC %Y';
  const fields: Readonly<Record<string, string>> = {
    Y: String(now.getUTCFullYear()),
    m: pad(now.getUTCMonth() + 1),
    d: pad(now.getUTCDate()),
    e: String(now.getUTCDate()).padStart(2),
    H: pad(now.getUTCHours()),
    M: pad(now.getUTCMinutes()),
    S: pad(now.getUTCSeconds()),
    s: String(Math.floor(clock.now() / 1000)),
    a: DAYS[now.getUTCDay()]!,
    b: MONTHS[now.getUTCMonth()]!,
    Z: 'UTC',
    N: pad(clock.now() % 1000, 3) + '000000',
    F: now.toISOString().slice(0, 10),
    T: now.toISOString().slice(11, 19),
    '%': '%',
  };
  stdout(`${format.replace(/%([YmdeHMSsabZNFT%])/g, (_, name: string) => fields[name]!)}\n`);
  return Promise.resolve(0);
};

const kill: Program = ({ argv, processes, stdout, stderr }) => {
  const words = argv.slice(1);
  if (words[0] === '-l') {
    stdout(`${Object.values(SIGNALS).join(' ')}\n`);
    return Promise.resolve(0);
  }
  let signal: Signal['name'] = 'TERM';
  if (/^-/.test(words[0] ?? '')) {
    const name = words.shift() === '-s' ? (words.shift() ?? '') : argv[1]!.slice(1);
    signal = SIGNALS[name] ?? (name.replace(/^SIG/, '') as Signal['name']);
  }
  let status = 0;
  for (const word of words) {
    if (processes.signal(Number(word), signal)) continue;
    stderr(`kill: can't kill pid ${word}: No such process\n`);
    status = 1;
  }
  return Promise.resolve(status);
};

const ps: Program = ({ processes, stdout }) => {
  stdout('PID   USER     TIME  COMMAND\n');
  for (const { pid, user, command } of processes.list()) {
    stdout(`${String(pid).padStart(5)} ${user.padEnd(8)}  0:00 ${command.join(' ')}\n`);
  }
  return Promise.resolve(0);
};

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

function bytesOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([BKMG]?)i?B?$/i.exec(text);
  return match === null ? 0 : Number(match[1]) * UNITS[match[2]!.toUpperCase()]!;
}

/** Time that a program takes to touch 256 MiB. */
const TOUCH_MS = 100;

/** Takes as much memory as it is told to and keeps it, or burns time. */
const stress: Program = async ({ argv, clock, killed, terminated, useMemory, stdout }) => {
  const { values } = parseOptions(argv.slice(1), [
    'vm', 'm', 'vm-bytes', 'vm-hang', 'cpu', 'c', 'timeout', 't', 'io', 'i', 'hdd', 'd', 'mem-total', 'mem-alloc-size', 'mem-alloc-sleep', 'cpus',
  ]); // prettier-ignore
  const workers = Number(values.get('vm') ?? values.get('m') ?? 0);
  const cpus = Number(values.get('cpu') ?? values.get('c') ?? 0);
  stdout(`stress: info: [1] dispatching hogs: ${cpus} cpu, 0 io, ${workers} vm, 0 hdd\n`);
  const bytes = bytesOf(values.get('vm-bytes') ?? values.get('mem-total') ?? '256M');
  if (workers > 0 || values.has('mem-total')) {
    await clock.sleep(TOUCH_MS, { context: killed });
    if (!useMemory(bytes * Math.max(1, workers))) return 137;
  }
  const limit = secondsOf(values.get('timeout') ?? values.get('t') ?? 'inf') ?? Infinity;
  const stopping = killed.child();
  terminated.onCancel(() => stopping.cancel());
  if (limit === Infinity) await cancelled(stopping);
  else await clock.sleep(limit * 1000, { context: stopping, periodic: limit * 1000 > LONG_WAIT_MS });
  return 0;
};

const dd: Program = async ({ argv, files, cwd, stderr, clock, killed, useMemory }) => {
  const options = new Map(argv.slice(1).map((word) => word.split('=') as [string, string]));
  const size = bytesOf(options.get('bs') ?? '512');
  const count = Number(options.get('count') ?? 1);
  await clock.sleep(TOUCH_MS, { context: killed });
  if (!useMemory(size)) return 137;
  const target = options.get('of');
  if (target !== undefined && !target.startsWith('/dev/')) {
    files.write(
      `${target.startsWith('/') ? '' : `${cwd}/`}${target}`,
      '\0'.repeat(Math.min(size * count, 1024)),
    );
  }
  stderr(`${count}+0 records in\n${count}+0 records out\n${size * count} bytes copied\n`);
  return 0;
};

const id: Program = ({ argv, user, stdout }) => {
  const [, option] = argv;
  if (option === '-u') stdout(`${user.uid}\n`);
  else if (option === '-g') stdout(`${user.gid}\n`);
  else if (option === '-G') stdout(`${user.groups.join(' ')}\n`);
  else if (option === '-un') stdout(`${user.name}\n`);
  else {
    const named = (number: number) => (number === 0 ? '0(root)' : String(number));
    stdout(`uid=${named(user.uid)} gid=${named(user.gid)} groups=${user.groups.map(named).join(',')}\n`);
  }
  return Promise.resolve(0);
};

const print =
  (text: (environment: ProgramEnvironment) => string): Program =>
  (environment) => {
    environment.stdout(`${text(environment)}\n`);
    return Promise.resolve(0);
  };

export const SYSTEM: Readonly<Record<string, Tool>> = {
  clear: () => Promise.resolve(0),
  date,
  dd,
  env,
  false: () => Promise.resolve(1),
  free: ({ machine, stdout }) => {
    const used = machine.processes.list().reduce((sum, { residentSize }) => sum + residentSize, 0);
    const columns = (values: readonly (number | string)[]) =>
      values.map((value) => String(value).padStart(12)).join('');
    stdout(
      `      ${columns(['total', 'used', 'free'])}\nMem:  ${columns([machine.memoryKiB, used, machine.memoryKiB - used])}\n`,
    );
    return Promise.resolve(0);
  },
  hostname: print(({ argv, address, hostname }) =>
    argv[1] === '-i' || argv[1] === '-I' ? address : hostname,
  ),
  id,
  kill,
  nproc: print(({ machine }) => String(machine.cpus)),
  printenv: (environment) => {
    const [, name] = environment.argv;
    if (name === undefined) return env(environment);
    const value = environment.envs[name];
    if (value !== undefined) environment.stdout(`${value}\n`);
    return Promise.resolve(value === undefined ? 1 : 0);
  },
  ps,
  pwd: print(({ cwd }) => cwd),
  sleep,
  stress,
  'stress-ng': stress,
  sync: () => Promise.resolve(0),
  true: () => Promise.resolve(0),
  uname: print(({ argv, hostname }) =>
    argv.includes('-a')
      ? `Linux ${hostname} 6.8.0-90-generic #91-Ubuntu SMP x86_64 GNU/Linux`
      : argv.includes('-r')
        ? '6.8.0-90-generic'
        : argv.includes('-n')
          ? hostname
          : argv.includes('-m')
            ? 'x86_64'
            : 'Linux',
  ),
  whoami: ({ user, stdout, stderr }, family) => {
    const isKnown = user.name !== String(user.uid);
    if (isKnown) stdout(`${user.name}\n`);
    else
      stderr(`whoami: ${family === 'debian' ? 'cannot find name for user ID' : 'unknown uid'} ${user.uid}\n`);
    return Promise.resolve(isKnown ? 0 : 1);
  },
};
