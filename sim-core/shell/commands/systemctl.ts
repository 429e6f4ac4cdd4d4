import type { ServiceStatus } from '../../node/service-manager.ts';
import type { Command, CommandEnvironment, CommandIo } from '../command.ts';
import { journalLine, systemTime } from './journal-line.ts';

/** How many lines of the journal `status` shows. */
const LINES = 10;

type Verb = (
  names: readonly string[],
  io: CommandIo,
  environment: CommandEnvironment,
) => number | Promise<number>;

/** systemctl, for the services that the machine has. */
export const systemctl: Command = {
  name: 'systemctl',
  async run(args, io, environment) {
    const words = args.filter((argument) => !argument.startsWith('-'));
    const [verb = 'list-units', ...names] = words;
    const work = VERBS[verb];
    if (work === undefined) {
      io.stderr(`Unknown command verb '${verb}'.\n`);
      return 1;
    }
    const exit = await work(names, io, environment);
    const enables = verb === 'enable' || verb === 'disable';
    if (exit === 0 && enables && args.includes('--now')) {
      return VERBS[verb === 'enable' ? 'start' : 'stop']!(names, io, environment);
    }
    return exit;
  },
};

const VERBS: Readonly<Record<string, Verb>> = {
  status: (names, io, environment) => {
    let exit = 0;
    for (const name of names) {
      const status = environment.machine.services.status(name);
      if (status === undefined) {
        io.stderr(`Unit ${fullName(name)} could not be found.\n`);
        exit = 4;
      } else {
        io.stdout(statusText(status, environment));
        if (status.state !== 'active') exit = 3;
      }
    }
    return exit;
  },
  start: each('start', (name, { machine }) => machine.services.start(name)),
  stop: each('stop', (name, { machine }) => machine.services.stop(name)),
  restart: each('restart', (name, { machine }) => machine.services.restart(name)),
  reload: each('reload', () => undefined),
  'try-restart': each('try-restart', (name, { machine }) =>
    machine.services.status(name)?.state === 'active' ? machine.services.restart(name) : undefined,
  ),
  'reload-or-restart': each('reload-or-restart', (name, { machine }) => machine.services.restart(name)),
  enable: each('enable', enable),
  disable: each('disable', disable),
  reenable: each('reenable', (name, environment, io) => {
    disable(name, environment, io);
    enable(name, environment, io);
  }),
  'is-active': state(({ state: current }) => [current, current === 'active' ? 0 : 3], 'inactive', 4),
  'is-enabled': state(({ enabled }) => (enabled ? ['enabled', 0] : ['disabled', 1]), 'not-found', 4),
  'is-failed': state(({ state: current }) => [current, current === 'failed' ? 0 : 1], 'inactive', 1),
  'daemon-reload': () => 0,
  'reset-failed': () => 0,
  cat: (names, io, { machine }) => {
    let exit = 0;
    for (const name of names) {
      const status = machine.services.status(name);
      if (status === undefined) {
        io.stderr(`No files found for ${fullName(name)}.\n`);
        exit = 1;
        continue;
      }
      const { path } = status.unit;
      const dropIns = `${path.replace(/^.*\//, '/etc/systemd/system/')}.d`;
      const candidates = [path, ...filesIn(machine, dropIns), ...filesIn(machine, `${path}.d`)];
      const parts = candidates
        .filter((file) => machine.files.exists(file))
        .map((file) => `# ${file}\n${machine.files.read(file)}`);
      io.stdout(parts.join('\n'));
    }
    return exit;
  },
  'list-units': (_names, io, { machine }) => {
    const rows = machine.services.list().filter(({ state: current }) => current !== 'inactive');
    table(
      io,
      ['  UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION'],
      [
        ...rows.map(({ unit, state: current, pid }) => [
          `${current === 'failed' ? '●' : ' '} ${unit.name}`,
          'loaded',
          current,
          pid === undefined ? (current === 'failed' ? 'failed' : 'auto-restart') : 'running',
          unit.description,
        ]),
      ],
    );
    io.stdout(`\n${rows.length} loaded units listed.\n`);
    return 0;
  },
  'list-unit-files': (_names, io, { machine }) => {
    const rows = machine.services.list();
    table(
      io,
      ['UNIT FILE', 'STATE', 'PRESET'],
      rows.map(({ unit, enabled }) => [unit.name, enabled ? 'enabled' : 'disabled', 'enabled']),
    );
    io.stdout(`\n${rows.length} unit files listed.\n`);
    return 0;
  },
};

/** Where the link lies that starts a service with the machine. */
const WANTS = '/etc/systemd/system/multi-user.target.wants';

function enable(name: string, { machine: { services } }: CommandEnvironment, io: CommandIo): void {
  const { unit, enabled } = services.status(name)!;
  services.setEnabled(name, true);
  if (!enabled) io.stderr(`Created symlink ${WANTS}/${unit.name} → ${unit.path}.\n`);
}

function disable(name: string, { machine: { services } }: CommandEnvironment, io: CommandIo): void {
  const { unit, enabled } = services.status(name)!;
  services.setEnabled(name, false);
  if (enabled) io.stderr(`Removed "${WANTS}/${unit.name}".\n`);
}

/** A verb that changes each service that is named. */
function each(
  verb: string,
  work: (name: string, environment: CommandEnvironment, io: CommandIo) => void | Promise<void>,
): Verb {
  return async (names, io, environment) => {
    if (names.length === 0) {
      io.stderr('Too few arguments.\n');
      return 1;
    }
    let exit = 0;
    for (const name of names) {
      if (environment.machine.services.status(name) === undefined) {
        io.stderr(
          verb === 'enable' || verb === 'disable'
            ? `Failed to ${verb} unit: Unit file ${fullName(name)} does not exist.\n`
            : `Failed to ${verb} ${fullName(name)}: Unit ${fullName(name)} not found.\n`,
        );
        exit = verb === 'enable' || verb === 'disable' ? 1 : 5;
      } else await work(name, environment, io);
    }
    return exit;
  };
}

/** A verb that says one word of each service. */
function state(
  of: (status: ServiceStatus) => readonly [word: string, exit: number],
  unknown: string,
  unknownExit: number,
): Verb {
  return (names, io, { machine }) => {
    let exit = 0;
    for (const name of names) {
      const status = machine.services.status(name);
      const [word, code] = status === undefined ? ([unknown, unknownExit] as const) : of(status);
      io.stdout(`${word}\n`);
      exit = Math.max(exit, code);
    }
    return exit;
  };
}

function fullName(name: string): string {
  return /\.(service|socket|timer|target|mount)$/.test(name) ? name : `${name}.service`;
}

function filesIn({ files }: CommandEnvironment['machine'], directory: string): string[] {
  return files.exists(directory) ? files.list(directory).map((name) => `${directory}/${name}`) : [];
}

function statusText(
  { unit, state: current, enabled, pid, since, exitCode }: ServiceStatus,
  { machine, clock }: CommandEnvironment,
): string {
  const sub = pid === undefined ? (current === 'activating' ? 'auto-restart' : 'dead') : 'running';
  const result = current === 'failed' || current === 'activating' ? ' (Result: exit-code)' : '';
  const active = current === 'failed' ? 'failed' : `${current} (${sub})`;
  const age = relativeTime(clock.now() - since);
  const dropIns = [
    ...filesIn(machine, `${unit.path.replace(/^.*\//, '/etc/systemd/system/')}.d`),
    ...filesIn(machine, `${unit.path}.d`),
  ];
  const process = machine.processes.list().find((one) => one.pid === pid);
  const command = unit.command.join(' ');
  const journal = machine.journal.entries(unit.name).slice(-LINES);
  return [
    `${GLYPHS[current]} ${unit.name} - ${unit.description}`,
    `     Loaded: loaded (${unit.path}; ${enabled ? 'enabled' : 'disabled'}; preset: enabled)`,
    ...dropIns.slice(0, 1).map((path) => `    Drop-In: ${path.replace(/\/[^/]*$/, '')}`),
    ...dropIns.map((path) => `             └─${path.replace(/^.*\//, '')}`),
    `     Active: ${active}${result} since ${systemTime(since)}; ${age}`,
    ...(pid === undefined
      ? exitCode === undefined
        ? []
        : [
            `    Process: ExecStart=${command} (code=exited, status=${exitCode}${exitCode === 0 ? '/SUCCESS' : '/FAILURE'})`,
          ]
      : [
          `   Main PID: ${pid} (${unit.command[0]!.replace(/^.*\//, '')})`,
          ...(process === undefined ? [] : [`     Memory: ${(process.residentSize / 1024).toFixed(1)}M`]),
          `     CGroup: /system.slice/${unit.name}`,
          `             └─${pid} ${command}`,
        ]),
    ...(journal.length === 0 ? [] : ['', ...journal.map((entry) => journalLine(entry, machine.hostname))]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Models unit_active_state_to_glyph. */
const GLYPHS: Readonly<Record<ServiceStatus['state'], string>> = {
  active: '●',
  activating: '●',
  inactive: '○',
  failed: '×',
};

/** Models systemd's format_timestamp_relative: two units while the larger one is small. */
function relativeTime(duration: number): string {
  const seconds = Math.floor(duration / 1000);
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  if (hours >= 48) return `${Math.floor(hours / 24)} days ago`;
  if (hours >= 25) return `1 day ${hours - 24}h ago`;
  if (hours >= 6) return `${hours}h ago`;
  if (hours >= 1) return `${hours}h ${minutes % 60}min ago`;
  if (minutes >= 5) return `${minutes}min ago`;
  if (minutes >= 1) return `${minutes}min ${seconds % 60}s ago`;
  if (seconds >= 1) return `${seconds}s ago`;
  return duration > 0 ? `${Math.floor(duration)}ms ago` : 'now';
}

function table(io: CommandIo, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  for (const row of all)
    io.stdout(
      `${row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join(' ')
        .trimEnd()}\n`,
    );
}
