import type { Clock } from '../clock/clock.ts';
import type { AnyFormat } from './file-content.ts';
import type { JournalEntry } from './journal.ts';
import { Journal } from './journal.ts';
import type { Machine } from './machine.ts';
import type { SavedFile } from './memory-file-system.ts';
import { DEVICES } from './device.ts';
import { MemoryFileSystem } from './memory-file-system.ts';
import type { SavedProcesses } from './memory-process-table.ts';
import { MemoryProcessTable } from './memory-process-table.ts';
import { Network } from './network.ts';
import type { Process } from './process-table.ts';
import type { SavedService } from './service-manager.ts';
import { ServiceManager } from './service-manager.ts';

export interface MachineConfig {
  readonly hostname: string;
  readonly address: string;
  readonly memoryKiB: number;
  readonly cpus: number;
  /** What it is connected to; missing: nothing but itself. */
  readonly network?: Network;
}

/** What a fresh machine says of itself; the container runtime and the kubelet report the same. */
export const OS_RELEASE = {
  prettyName: 'Ubuntu 24.04.3 LTS',
  kernel: '6.8.0-90-generic',
  architecture: 'amd64',
} as const;

/** The disk of every machine. */
export const DISK_KIB = 20_134_592;

const DIRECTORIES: readonly { readonly path: string; readonly mode?: number }[] = [
  { path: '/dev' },
  { path: '/etc/systemd/system' },
  { path: '/home' },
  { path: '/opt' },
  { path: '/root', mode: 0o700 },
  { path: '/run' },
  { path: '/tmp', mode: 0o1777 },
  { path: '/usr/bin' },
  { path: '/usr/local/bin' },
  { path: '/var/lib' },
  { path: '/var/log' },
];

/** Daemons of a fresh machine, in the order in which they start. */
const DAEMONS: readonly Pick<Process, 'command' | 'user' | 'state' | 'virtualSize' | 'residentSize'>[] = [
  { user: 'root', command: ['/sbin/init'], state: 'Ss', virtualSize: 22312, residentSize: 13396 },
  {
    user: 'root',
    command: ['/usr/lib/systemd/systemd-journald'],
    state: 'Ss',
    virtualSize: 66868,
    residentSize: 18432,
  },
  {
    user: 'root',
    command: ['/usr/lib/systemd/systemd-udevd'],
    state: 'Ss',
    virtualSize: 29120,
    residentSize: 8064,
  },
  {
    user: 'systemd+',
    command: ['/usr/lib/systemd/systemd-resolved'],
    state: 'Ss',
    virtualSize: 21588,
    residentSize: 12928,
  },
  {
    user: 'message+',
    command: [
      '@dbus-daemon',
      '--system',
      '--address=systemd:',
      '--nofork',
      '--nopidfile',
      '--systemd-activation',
      '--syslog-only',
    ],
    state: 'Ss',
    virtualSize: 9660,
    residentSize: 5120,
  },
  {
    user: 'root',
    command: ['sshd:', '/usr/sbin/sshd', '-D', '[listener]', '0', 'of', '10-100', 'startups'],
    state: 'Ss',
    virtualSize: 12020,
    residentSize: 7936,
  },
];

/** What a machine holds, without what its programs have in memory. */
export interface SavedMachine {
  readonly hostname: string;
  readonly address: string;
  readonly memoryKiB: number;
  readonly cpus: number;
  readonly files: readonly SavedFile[];
  readonly processes: SavedProcesses;
  readonly services: readonly SavedService[];
  readonly journal: readonly JournalEntry[];
}

/** A machine of this simulation: one that can be saved. */
export interface SimulatedMachine extends Machine {
  save(): SavedMachine;
}

/** The stub resolver of systemd-resolved. */
const RESOLVER = '127.0.0.53';

/** A Linux machine as it stands after its installation: base files, daemons, no Kubernetes. */
export function simulatedMachine(clock: Clock, config: MachineConfig): SimulatedMachine {
  const files = new MemoryFileSystem(clock);
  for (const { path, mode } of DIRECTORIES) {
    files.makeDirectory(path, { parents: true });
    if (mode !== undefined) files.changeMode(path, mode);
  }
  for (const device of DEVICES) files.makeDevice(device);
  files.write('/etc/hostname', `${config.hostname}\n`);
  files.write('/etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${config.hostname}\n`);
  files.write('/etc/resolv.conf', `nameserver ${RESOLVER}\noptions edns0 trust-ad\nsearch .\n`);
  files.write(
    '/etc/os-release',
    `PRETTY_NAME="${OS_RELEASE.prettyName}"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n`,
  );

  const processes = new MemoryProcessTable(clock);
  for (const daemon of DAEMONS) {
    const pid = processes.start({ ...daemon, tty: '?', started: clock.now(), cpuSeconds: 0 });
    if (pid === 1) processes.skipTo(FIRST_DAEMON_PID);
  }
  processes.skipTo(FIRST_SERVICE_PID);
  return assemble(clock, config, files, processes, new Journal(clock));
}

/**
 * The machine that `saved` was, on `network`. Its services are not there yet: load their units, then
 * {@link ServiceManager.resume} them.
 */
export function restoredMachine(
  clock: Clock,
  saved: SavedMachine,
  network: Network,
  formats: readonly AnyFormat[],
): SimulatedMachine {
  return assemble(
    clock,
    { ...saved, network },
    MemoryFileSystem.restore(clock, saved.files, formats),
    new MemoryProcessTable(clock, saved.processes),
    new Journal(clock, saved.journal),
  );
}

function assemble(
  clock: Clock,
  config: MachineConfig,
  files: MemoryFileSystem,
  processes: MemoryProcessTable,
  journal: Journal,
): SimulatedMachine {
  const { hostname, address, memoryKiB, cpus } = config;
  const network = (config.network ?? new Network()).attach(hostname, address);
  const services: ServiceManager = new ServiceManager(clock, journal, () => machine);
  const machine: SimulatedMachine = {
    ...{ hostname, address, memoryKiB, cpus, files, processes, network, services, journal },
    save: () => ({
      ...{ hostname, address, memoryKiB, cpus },
      files: files.save(),
      processes: processes.save(),
      services: services.save(),
      journal: journal.entries(),
    }),
  };
  processes.onEnd(({ pid }) => services.processEnded(pid));
  return machine;
}

// Kernel threads and the boot's helpers took the pids in between.
const FIRST_DAEMON_PID = 312;
const FIRST_SERVICE_PID = 842;
