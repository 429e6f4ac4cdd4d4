import type { Clock } from '../../clock/clock.ts';
import { Context } from '../../clock/context.ts';
import type { Machine } from '../../node/machine.ts';
import { usedMemoryKiB } from '../../node/process-table.ts';
import type { InputStream, Program, ProgramEnvironment, ProgramLookup, Signal } from '../../node/program.ts';
import { NO_INPUT } from '../../node/program.ts';
import { Pipe } from '../../node/pipe.ts';
import { PseudoTerminal } from '../../node/pseudo-terminal.ts';
import { userlandOf } from '../userland/userland.ts';
import type { ContainerConfig, ContainerUser, ExecStreams, LinuxResources } from '../runtime-service.ts';
import type { ContainerFiles } from './container-files.ts';
import { ContainerLog } from './container-log.ts';
import { isOfImage } from './container-user.ts';
import type { PidNamespace } from './pid-namespace.ts';
import type { Image } from './image.ts';

export const SIGKILL_EXIT = 137;
/** How a process ends that a signal killed, by what its killing was given as the reason. */
const EXITS: Readonly<Record<string, number>> = { SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 };

export interface ContainerProcessConfig {
  readonly id: string;
  readonly container: ContainerConfig;
  readonly user: ContainerUser;
  readonly image: Image;
  readonly logPath: string;
  /** Host name and address of the pod. */
  readonly hostname: string;
  readonly address: string;
  /** The processes that it sees. */
  readonly processes: PidNamespace;
  /** Others were in that namespace first: then no process of this container is process 1. */
  readonly sharesProcesses: boolean;
  readonly files: ContainerFiles;
}

/** How the first process ended. */
export interface ProcessExit {
  readonly exitCode: number;
  readonly reason: 'Completed' | 'Error' | 'OOMKilled';
}

/** A process of the container. */
interface Own {
  readonly command: readonly string[];
  readonly terminated: Context;
  readonly killed: Context;
}

/**
 * The processes of one container: the first, which is the container, and those that were brought in by exec.
 * When the first ends, so do the others.
 */
export class ContainerProcess {
  readonly config: ContainerProcessConfig;
  readonly killed = new Context();
  readonly argv: readonly string[];
  readonly #clock: Clock;
  readonly #machine: Machine;
  readonly #terminated = new Context();
  readonly #log: ContainerLog;
  readonly #stdin: Pipe | undefined;
  readonly #terminal: PseudoTerminal | undefined;
  readonly #listeners = new Set<ExecStreams>();
  readonly #own = new Set<Own>();
  readonly #ended: (exit: ProcessExit) => void;
  #memory = 0;
  #resources: LinuxResources;
  #pid = 0;
  #catchesTerminate = false;
  #exited = false;

  /** `ended` is called once, when the first process is gone. */
  constructor(
    clock: Clock,
    machine: Machine,
    config: ContainerProcessConfig,
    ended: (exit: ProcessExit) => void,
  ) {
    this.config = config;
    this.#clock = clock;
    this.#machine = machine;
    this.#ended = ended;
    this.#resources = config.container.resources;
    this.#log = new ContainerLog(clock, machine.files, config.logPath);
    const { stdin, tty } = config.container;
    this.#terminal = tty ? new PseudoTerminal((text) => this.#say('stdout', text)) : undefined;
    this.#stdin = stdin && !tty ? new Pipe() : undefined;
    this.argv = commandLine(config.container, config.image);
  }

  get pid(): number {
    return this.#pid;
  }

  get running(): boolean {
    return this.#pid !== 0 && !this.#exited;
  }

  get memoryBytes(): number {
    return this.running ? this.config.image.residentSize * 1024 + this.#memory : 0;
  }

  get oomScoreAdj(): number {
    return this.#resources.oomScoreAdj;
  }

  setResources(resources: LinuxResources): void {
    this.#resources = resources;
  }

  /** What keeps the process from starting, in runc's words; undefined if nothing does. */
  problem(): string | undefined {
    const { container } = this.config;
    const directory = this.#workingDirectory();
    if (container.workingDir !== '' && !this.config.files.exists(directory)) {
      // The runtime makes it, whoever the container runs as.
      this.#machine.files.makeDirectory(this.config.files.hostPath(directory), { parents: true });
    }
    return this.#find(this.argv) === undefined ? notFound(this.argv[0] ?? '') : undefined;
  }

  /** Starts the first process; {@link problem} has found none. */
  start(): void {
    const { image, container } = this.config;
    this.#pid = this.#machine.processes.start({
      user: image.user ?? this.#user.name,
      command: this.argv,
      tty: container.tty ? 'pts/0' : '?',
      state: image.program === undefined ? 'Ss' : 'Ssl',
      started: this.#clock.now(),
      virtualSize: image.virtualSize,
      residentSize: image.residentSize,
      cpuSeconds: 0,
      ...(image.load !== undefined && { load: image.load }),
    });
    const { memoryLimitBytes } = this.#resources;
    if (memoryLimitBytes > 0 && this.memoryBytes > memoryLimitBytes) {
      this.exit(SIGKILL_EXIT, 'OOMKilled');
    } else this.#run(false);
  }

  /** Goes on as the process `pid`, which ran when its machine was saved. */
  resume(pid: number): void {
    this.#pid = pid;
    this.#run(true);
  }

  #run(resumed: boolean): void {
    const { image, container } = this.config;
    const program = this.#find(this.argv);
    if (program === undefined) throw new Error(`container ${this.config.id} runs no program`);
    this.#catchesTerminate = image.program !== undefined && program === this.#imageProgram(this.argv);
    const terminal = this.#terminal;
    const streams =
      terminal === undefined
        ? {
            stdin: this.#stdin ?? NO_INPUT,
            stdout: (text: string) => this.#say('stdout', text),
            stderr: (text: string) => this.#say('stderr', text),
          }
        : {
            stdin: container.stdin ? terminal.input : NO_INPUT,
            stdout: (text: string) => terminal.write(text),
            stderr: (text: string) => terminal.write(text),
          };
    // As process 1 it dies of a key's signal only if it chooses to.
    const first: Own = { command: this.argv, terminated: this.#terminated, killed: this.killed };
    terminal?.takeForeground((signal) => void (signal === 'WINCH' || this.#signal(first, signal)));
    const environment = this.#environment(this.argv, streams, first, resumed);
    void program(terminal === undefined ? environment : { ...environment, terminal }).then((exitCode) =>
      this.exit(exitCode),
    );
  }

  #say(stream: 'stdout' | 'stderr', text: string): void {
    if (this.killed.cancelled) return;
    this.#log.write(stream, text);
    for (const listener of this.#listeners) listener[stream](text);
  }

  /** SIGTERM to the first process. As process 1 it dies of it only if it chooses to. */
  terminate(): void {
    this.#terminated.cancel('SIGTERM');
    if (this.config.sharesProcesses && !this.#catchesTerminate) this.exit(EXITS['SIGTERM']!);
  }

  /** The first process is gone: by itself, or killed. Does nothing if it was. */
  exit(exitCode: number, reason?: ProcessExit['reason']): void {
    if (!this.running) return;
    this.#exited = true;
    this.killed.cancel();
    for (const { killed } of this.#own) killed.cancel();
    this.#log.flush();
    this.#stdin?.end();
    this.#machine.processes.end(this.#pid);
    this.#ended({ exitCode, reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error') });
  }

  /** What keeps a command from running beside the first process; undefined if nothing does. */
  execProblem(command: readonly string[]): string | undefined {
    return this.#find(command) === undefined ? notFound(command[0] ?? '') : undefined;
  }

  /** Runs a command beside the first process; {@link execProblem} has found nothing. */
  async exec(command: readonly string[], streams: ExecStreams, context: Context): Promise<number> {
    const killed = this.killed.child();
    const detach = context.onCancel(() => killed.cancel());
    const terminated = new Context();
    terminated.onCancel(() => killed.cancel('SIGTERM'));
    const own: Own = { command, terminated, killed };
    const terminal = streams.stdin.isTerminal === true ? new PseudoTerminal(streams.stdout) : undefined;
    const output = terminal === undefined ? streams : terminalOutput(terminal);
    const environment = this.#environment(
      command,
      {
        stdin: terminal?.input ?? streams.stdin,
        stdout: (text) => void (killed.cancelled || output.stdout(text)),
        stderr: (text) => void (killed.cancelled || output.stderr(text)),
      },
      own,
      false,
    );
    if (terminal !== undefined) {
      terminal.takeForeground((signal) => void (signal === 'WINCH' || killed.cancel(`SIG${signal}`)));
      streams.onResize?.(() => terminal.resize());
      void feed(terminal, streams.stdin, killed);
    }
    const exit = await Promise.race([
      this.#find(command)!(terminal === undefined ? environment : { ...environment, terminal }),
      new Promise<number>(
        (resolve) => void killed.onCancel((why) => resolve(EXITS[String(why)] ?? SIGKILL_EXIT)),
      ),
    ]);
    detach();
    killed.cancel();
    return exit;
  }

  /** Follows the output, and feeds the input if there is one, until the process ends or `context` is cancelled. */
  async attach(streams: ExecStreams, context: Context): Promise<void> {
    this.#listeners.add(streams);
    if (this.#terminal !== undefined) streams.onResize?.(() => this.#terminal!.resize());
    void this.#feed(streams.stdin, context);
    await Promise.race(
      [context, this.killed].map((one) => new Promise<void>((resolve) => void one.onCancel(() => resolve()))),
    );
    this.#listeners.delete(streams);
  }

  async #feed(input: InputStream, context: Context): Promise<void> {
    const { stdin, stdinOnce } = this.config.container;
    if (!stdin || input === NO_INPUT) return;
    if (this.#terminal !== undefined) return feed(this.#terminal, input, context, stdinOnce);
    for (
      let piece = await input.read();
      piece !== undefined && !context.cancelled;
      piece = await input.read()
    ) {
      this.#stdin?.write(piece);
    }
    if (stdinOnce) this.#stdin?.end();
  }

  #environment(
    argv: readonly string[],
    streams: ExecStreams,
    own: Own,
    resumed: boolean,
  ): ProgramEnvironment {
    const { container, files, hostname, address, image } = this.config;
    const user = this.#user;
    const { processes } = this.config;
    const isFirst = own.killed === this.killed;
    const member = {
      user: user.name,
      command: own.command,
      signal: (name: Signal['name']) => this.#signal(own, name),
    };
    const pid = processes.enter(member, isFirst ? this.#pid : undefined);
    this.#own.add(own);
    own.killed.onCancel(() => {
      processes.leave(pid);
      this.#own.delete(own);
    });
    return {
      clock: this.#clock,
      machine: this.#machine,
      pid,
      hostPid: this.#pid,
      argv,
      id: this.config.id,
      resumed,
      // Made when somebody looks: a server seldom does.
      get envs() {
        const given = Object.fromEntries(container.envs.map(({ key, value }) => [key, value]));
        return { ...image.env, ...given, HOME: user.uid === 0 ? '/root' : '/' };
      },
      files,
      hostPath: (path) => files.hostPath(path),
      cwd: this.#workingDirectory(),
      hostname,
      user,
      address,
      terminated: own.terminated,
      killed: own.killed,
      processes,
      stdin: streams.stdin,
      stdout: (text) => streams.stdout(text),
      stderr: (text) => streams.stderr(text),
      useMemory: (bytes) => this.#useMemory(bytes),
      catchTerminate: () => {
        if (isFirst) this.#catchesTerminate = true;
      },
    };
  }

  #signal({ killed, terminated }: Own, name: Signal['name']): void {
    const isFirst = killed === this.killed;
    if (name === 'KILL') {
      if (!isFirst) killed.cancel();
      // From inside of its namespace nobody can kill process 1, and what it does not catch passes by.
      else if (this.config.sharesProcesses) this.exit(SIGKILL_EXIT);
    } else if (name === 'TERM' || name === 'INT' || name === 'QUIT') {
      if (isFirst) this.terminate();
      else terminated.cancel('SIGTERM');
    }
  }

  #useMemory(bytes: number): boolean {
    this.#memory = Math.max(this.#memory, bytes);
    const { memoryLimitBytes } = this.#resources;
    const kib = Math.ceil(this.memoryBytes / 1024);
    const others = usedMemoryKiB(this.#machine.processes.list().filter(({ pid }) => pid !== this.#pid));
    const total = others + kib;
    if ((memoryLimitBytes > 0 && kib * 1024 > memoryLimitBytes) || total > this.#machine.memoryKiB) {
      this.exit(SIGKILL_EXIT, 'OOMKilled');
      return false;
    }
    this.#machine.processes.resize(this.#pid, kib);
    return true;
  }

  get #user(): ProgramEnvironment['user'] {
    const { user, image } = this.config;
    const { uid } = user;
    return {
      ...user,
      name: uid === 0 ? 'root' : (isOfImage(uid, image) && image.runAs?.name) || String(uid),
    };
  }

  #workingDirectory(): string {
    const { container, image } = this.config;
    return container.workingDir || image.workingDir || '/';
  }

  /**
   * An image's own program answers for its entrypoint and its executable by name, and for arguments to it;
   * everything else must be a tool of the image's userland.
   */
  #find(argv: readonly string[]): Program | undefined {
    const [first = ''] = argv;
    const { image, container } = this.config;
    const isEntrypoint = fileName(first) === fileName(image.entrypoint[0]) && image.entrypoint.length > 0;
    // An entrypoint that runs what it is given: nginx, redis, postgres.
    const wraps = isEntrypoint && image.command.length > 0 && container.args.length > 0 && argv === this.argv;
    if (wraps && !container.args[0]!.startsWith('-')) {
      const wrapped = this.#lookup()(container.args[0]!);
      if (wrapped !== undefined) return (environment) => wrapped({ ...environment, argv: container.args });
    }
    return this.#lookup()(first);
  }

  #lookup(): ProgramLookup {
    const { image } = this.config;
    const own: ProgramLookup = (executable) => this.#imageProgram([executable]);
    return image.userland === undefined ? own : userlandOf(image.userland, image.tools, own);
  }

  #imageProgram([executable]: readonly string[]): Program | undefined {
    const { image } = this.config;
    const name = fileName(executable);
    const names = [image.entrypoint[0], image.command[0]]
      .filter((first) => first !== undefined)
      .map(fileName);
    return names.includes(name) ? image.program : image.executables?.[name];
  }
}

function commandLine({ command, args }: ContainerConfig, image: Image): readonly string[] {
  if (command.length > 0) return [...command, ...args];
  return [...image.entrypoint, ...(args.length > 0 ? args : image.command)];
}

function notFound(executable: string): string {
  const why = executable.includes('/')
    ? `stat ${executable}: no such file or directory`
    : 'executable file not found in $PATH';
  return `exec: ${JSON.stringify(executable)}: ${why}`;
}

function fileName(path: string | undefined): string {
  return path === undefined ? '' : path.slice(path.lastIndexOf('/') + 1);
}

/** A terminal has one output. */
function terminalOutput(terminal: PseudoTerminal): Pick<ExecStreams, 'stdout' | 'stderr'> {
  const write = (text: string) => terminal.write(text);
  return { stdout: write, stderr: write };
}

/** Types what a client says, until it has said all or `context` is cancelled. */
async function feed(
  terminal: PseudoTerminal,
  input: InputStream,
  context: Context,
  hangsUp = true,
): Promise<void> {
  for (let keys = await input.read(); keys !== undefined && !context.cancelled; keys = await input.read()) {
    terminal.type(keys);
  }
  if (hangsUp) terminal.hangUp();
}
