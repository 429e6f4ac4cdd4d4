import type { Clock, Timer } from '../clock/clock.ts';
import { Context } from '../clock/context.ts';
import type { Journal } from './journal.ts';
import type { Machine } from './machine.ts';
import type { Program } from './program.ts';
import { NO_INPUT } from './program.ts';

/** A service of a machine: what its unit file says, and the program behind it. */
export interface ServiceUnit {
  /** "kubelet.service". */
  readonly name: string;
  readonly description: string;
  /** Path of the unit file. */
  readonly path: string;
  /** ExecStart. */
  readonly command: readonly string[];
  readonly program: Program;
  /** What happens when the program ends by itself. */
  readonly restart: 'no' | 'on-failure' | 'always';
  /** RestartSec in milliseconds. */
  readonly restartDelay: number;
  /** Virtual and resident size of the process in KiB. */
  readonly virtualSize: number;
  readonly residentSize: number;
  /** The share of one CPU that it uses; missing: next to nothing. */
  readonly load?: number;
}

export interface ServiceStatus {
  readonly unit: ServiceUnit;
  readonly state: 'active' | 'activating' | 'inactive' | 'failed';
  readonly enabled: boolean;
  /** The main process; undefined if none runs. */
  readonly pid: number | undefined;
  /** When it came into this state, in simulated milliseconds. */
  readonly since: number;
  /** Of the last run. */
  readonly exitCode: number | undefined;
}

/** What a service manager knows of a unit beside the unit itself. */
export interface SavedService {
  readonly name: string;
  readonly enabled: boolean;
  readonly state: ServiceStatus['state'];
  readonly since: number;
  readonly exitCode?: number;
  readonly pid?: number;
  readonly invocation: number;
}

interface Service {
  unit: ServiceUnit;
  enabled: boolean;
  state: ServiceStatus['state'];
  since: number;
  exitCode: number | undefined;
  pid: number | undefined;
  /** How many times it was started. */
  invocation: number;
  terminated: Context;
  killed: Context;
  restart: Timer | undefined;
}

/** TimeoutStopSec: between SIGTERM and SIGKILL. */
const STOP_TIMEOUT_MS = 90_000;

/** The services of one machine. Models systemd as far as `systemctl` shows it. */
export class ServiceManager {
  readonly #clock: Clock;
  readonly #machine: () => Machine;
  readonly #journal: Journal;
  readonly #services = new Map<string, Service>();

  /** `machine` is the machine that this belongs to. */
  constructor(clock: Clock, journal: Journal, machine: () => Machine) {
    this.#clock = clock;
    this.#journal = journal;
    this.#machine = machine;
  }

  /** Adds or replaces a unit; one that runs goes on as it is until it is started again. */
  load(unit: ServiceUnit, options: { readonly enabled: boolean }): void {
    const known = this.#services.get(unit.name);
    if (known !== undefined) {
      known.unit = unit;
      known.enabled = options.enabled;
      return;
    }
    this.#services.set(unit.name, {
      unit,
      enabled: options.enabled,
      state: 'inactive',
      since: this.#clock.now(),
      exitCode: undefined,
      pid: undefined,
      invocation: 0,
      terminated: new Context(),
      killed: new Context(),
      restart: undefined,
    });
  }

  save(): SavedService[] {
    return [...this.#services.values()].map(
      ({ unit, enabled, state, since, exitCode, pid, invocation }): SavedService => ({
        ...{ name: unit.name, enabled, state, since, invocation },
        ...(exitCode !== undefined && { exitCode }),
        ...(pid !== undefined && { pid }),
      }),
    );
  }

  /** Puts the loaded units into the state that was saved; what ran then goes on. */
  resume(saved: readonly SavedService[]): void {
    for (const { name, enabled, state, since, exitCode, pid, invocation } of saved) {
      const service = this.#need(name);
      Object.assign(service, { enabled, state, since, exitCode, pid, invocation });
      if (pid !== undefined) this.#run(service, pid, true);
      else if (state === 'activating') this.#scheduleRestart(service);
    }
  }

  /** In the order in which they were loaded. */
  list(): ServiceStatus[] {
    return [...this.#services.values()].map(statusOf);
  }

  /** By name, with or without ".service"; undefined if there is no such unit. */
  status(name: string): ServiceStatus | undefined {
    const service = this.#find(name);
    return service && statusOf(service);
  }

  setEnabled(name: string, enabled: boolean): void {
    this.#need(name).enabled = enabled;
  }

  /** Starts a service; does nothing if it runs. */
  start(name: string): void {
    const service = this.#need(name);
    service.restart?.cancel();
    if (service.pid === undefined) this.#start(service);
  }

  /** Resolves when the service's process has ended. */
  async stop(name: string): Promise<void> {
    const service = this.#need(name);
    service.restart?.cancel();
    service.restart = undefined;
    const { killed } = service;
    if (service.pid === undefined) {
      this.#enter(service, 'inactive');
      return;
    }
    this.#say(service, `Stopping ${service.unit.name} - ${service.unit.description}...`);
    const timer = this.#clock.schedule(STOP_TIMEOUT_MS, () => this.#ended(service, killed, SIGKILL_EXIT));
    service.terminated.cancel('SIGTERM');
    await new Promise<void>((resolve) => void killed.onCancel(() => resolve()));
    timer.cancel();
  }

  async restart(name: string): Promise<void> {
    await this.stop(name);
    this.start(name);
  }

  /** A process of the machine was killed. */
  processEnded(pid: number): void {
    for (const service of this.#services.values()) {
      if (service.pid === pid) this.#ended(service, service.killed, SIGKILL_EXIT);
    }
  }

  #start(service: Service): void {
    const { unit } = service;
    const pid = this.#machine().processes.start({
      user: 'root',
      command: unit.command,
      tty: '?',
      state: 'Ssl',
      started: this.#clock.now(),
      virtualSize: unit.virtualSize,
      residentSize: unit.residentSize,
      cpuSeconds: 0,
      ...(unit.load !== undefined && { load: unit.load }),
    });
    service.pid = pid;
    service.invocation++;
    this.#enter(service, 'active');
    this.#say(service, `Started ${unit.name} - ${unit.description}.`);
    this.#run(service, pid, false);
  }

  #run(service: Service, pid: number, resumed: boolean): void {
    const { unit, invocation } = service;
    const machine = this.#machine();
    service.terminated = new Context();
    service.killed = new Context();
    const { terminated, killed } = service;
    const identifier = unit.command[0]!.replace(/^.*\//, '');
    const write = (text: string) => {
      if (killed.cancelled) return;
      for (const message of text.replace(/\n$/, '').split('\n')) {
        this.#journal.append({ unit: unit.name, identifier, pid, message });
      }
    };
    void unit
      .program({
        clock: this.#clock,
        machine,
        pid,
        hostPid: pid,
        argv: unit.command,
        envs: {},
        id: `${machine.hostname}/${unit.name}/${invocation}`,
        resumed,
        files: machine.files,
        hostPath: (path) => path,
        cwd: '/',
        hostname: machine.hostname,
        user: { name: 'root', uid: 0, gid: 0, groups: [0] },
        address: machine.address,
        terminated,
        killed,
        processes: { list: () => machine.processes.list(), signal: () => false },
        stdin: NO_INPUT,
        stdout: write,
        stderr: write,
        useMemory: () => true,
        catchTerminate: () => {},
      })
      .then((exitCode) => this.#ended(service, killed, exitCode));
  }

  #ended(service: Service, killed: Context, exitCode: number): void {
    if (killed.cancelled) return;
    const { pid, unit } = service;
    const wasAsked = service.terminated.cancelled;
    killed.cancel();
    service.pid = undefined;
    service.exitCode = exitCode;
    if (pid !== undefined) this.#machine().processes.end(pid);
    const failed = exitCode !== 0;
    if (failed) {
      this.#say(service, `${unit.name}: Main process exited, code=exited, status=${exitCode}/FAILURE`);
      this.#say(service, `${unit.name}: Failed with result 'exit-code'.`);
    }
    if (wasAsked) {
      this.#enter(service, 'inactive');
      this.#say(service, `Stopped ${unit.name} - ${unit.description}.`);
    } else if (unit.restart === 'always' || (unit.restart === 'on-failure' && failed)) {
      this.#enter(service, 'activating');
      this.#scheduleRestart(service);
    } else {
      this.#enter(service, failed ? 'failed' : 'inactive');
    }
  }

  #scheduleRestart(service: Service): void {
    service.restart = this.#clock.schedule(
      Math.max(0, service.since + service.unit.restartDelay - this.#clock.now()),
      () => {
        service.restart = undefined;
        this.#start(service);
      },
      { periodic: true },
    );
  }

  #enter(service: Service, state: ServiceStatus['state']): void {
    service.state = state;
    service.since = this.#clock.now();
  }

  #say({ unit }: Service, message: string): void {
    this.#journal.append({ unit: unit.name, identifier: 'systemd', pid: 1, message });
  }

  #find(name: string): Service | undefined {
    return this.#services.get(name) ?? this.#services.get(`${name}.service`);
  }

  #need(name: string): Service {
    const service = this.#find(name);
    if (service === undefined) throw new Error(`Unit ${name}.service not found.`);
    return service;
  }
}

const SIGKILL_EXIT = 137;

function statusOf({ unit, state, enabled, pid, since, exitCode }: Service): ServiceStatus {
  return { unit, state, enabled, pid, since, exitCode };
}
