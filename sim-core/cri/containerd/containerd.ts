import type { Clock } from '../../clock/clock.ts';
import { Context } from '../../clock/context.ts';
import type { Rand } from '../../clock/rand.ts';
import type { Machine } from '../../node/machine.ts';
import { directoryName } from '../../node/path.ts';
import type {
  ContainerConfig,
  ContainerEvent,
  ContainerFilter,
  ContainerStatus,
  PodSandboxConfig,
  PodSandboxStatus,
  RuntimeCondition,
  RuntimeService,
} from '../runtime-service.ts';
import { CriError } from '../runtime-service.ts';
import type { Image } from './image-registry.ts';
import type { ImageStore, StoredImage } from './image-store.ts';
import { hex } from './image-store.ts';
import type { PodNetwork } from './pod-network.ts';
import type { Program } from '../../node/program.ts';
import { userland } from './programs.ts';

/** How long the runtime takes for each step. */
const RUN_SANDBOX_MS = 300;
const STOP_SANDBOX_MS = 100;
const CREATE_MS = 100;
const START_MS = 100;

const CONTAINERD_VERSION = '2.2.0';
const SIGKILL_EXIT = 137;

/** What a runtime knows of its sandboxes and containers, in the order in which they were made. */
export interface SavedContainerd {
  readonly sandboxes: readonly {
    readonly config: PodSandboxConfig;
    readonly ip: string;
    readonly pids: readonly number[];
    readonly status: PodSandboxStatus;
  }[];
  readonly containers: readonly {
    readonly config: ContainerConfig;
    readonly status: ContainerStatus;
    readonly pid: number;
  }[];
}

interface Sandbox {
  readonly config: PodSandboxConfig;
  readonly ip: string;
  readonly pids: readonly number[];
  status: PodSandboxStatus;
}

interface Container {
  readonly sandbox: Sandbox;
  readonly config: ContainerConfig;
  readonly image: StoredImage;
  readonly terminated: Context;
  readonly killed: Context;
  /** Resolves when the process has ended. */
  readonly exited: Promise<void>;
  readonly markExited: () => void;
  status: ContainerStatus;
  pid: number;
}

/**
 * The container runtime of one machine: containers are processes of its table, their output goes to
 * files under /var/log/pods. What a container does is its image's program.
 */
export class Containerd implements RuntimeService {
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #machine: Machine;
  readonly #images: ImageStore;
  readonly #network: PodNetwork;
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #containers = new Map<string, Container>();
  readonly #listeners = new Set<(event: ContainerEvent) => void>();

  constructor(clock: Clock, rand: Rand, machine: Machine, images: ImageStore, network: PodNetwork) {
    this.#clock = clock;
    this.#rand = rand;
    this.#machine = machine;
    this.#images = images;
    this.#network = network;
    machine.processes.onEnd(({ pid }) => this.#processEnded(pid));
  }

  save(): SavedContainerd {
    return {
      sandboxes: [...this.#sandboxes.values()],
      containers: [...this.#containers.values()].map(({ config, status, pid }) => ({ config, status, pid })),
    };
  }

  /** Takes over the sandboxes and containers of a runtime that was saved; what ran in them goes on. */
  resume({ sandboxes, containers }: SavedContainerd): void {
    for (const sandbox of sandboxes) this.#sandboxes.set(sandbox.status.id, { ...sandbox });
    for (const { config, status, pid } of containers) {
      const image = this.#images.find(config.image);
      if (image === undefined) throw new Error(`no image ${config.image} for container ${status.id}`);
      this.#add(config, image, status, pid);
    }
    for (const container of this.#containers.values()) {
      if (container.status.state !== 'CONTAINER_RUNNING') continue;
      const argv = commandLine(container.config, container.image.image);
      const program = programOf(container.image.image, container.config, argv);
      if (program === undefined) throw new Error(`container ${container.status.id} runs no program`);
      void this.#run(container, program, argv, true);
    }
  }

  async version(): Promise<{ runtimeName: string; runtimeVersion: string }> {
    return { runtimeName: 'containerd', runtimeVersion: CONTAINERD_VERSION };
  }

  async status(): Promise<readonly RuntimeCondition[]> {
    const ready = this.#network.ready;
    return [
      { type: 'RuntimeReady', status: true, reason: '', message: '' },
      {
        type: 'NetworkReady',
        status: ready,
        reason: ready ? '' : 'NetworkPluginNotReady',
        message: ready ? '' : 'Network plugin returns error: cni plugin not initialized',
      },
    ];
  }

  async updateRuntimeConfig({ podCidr }: { podCidr: string }): Promise<void> {
    this.#network.assign(podCidr);
  }

  async runPodSandbox(config: PodSandboxConfig): Promise<string> {
    if (!config.hostNetwork && !this.#network.ready) {
      throw new CriError(
        'Unknown',
        `failed to setup network for sandbox "${config.metadata.name}": cni plugin not initialized`,
      );
    }
    await this.#clock.sleep(RUN_SANDBOX_MS);
    const id = hex(this.#rand.bytes(32));
    const ip = config.hostNetwork ? '' : this.#network.allocate(id);
    const createdAt = this.#clock.now();
    const process = { user: 'root', tty: '?', started: createdAt, cpuSeconds: 0 };
    const shim = this.#machine.processes.start({
      ...process,
      command: ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'k8s.io', '-id', id, '-address', SOCKET],
      state: 'Sl',
      virtualSize: 1233804,
      residentSize: 14208,
    });
    const pause = this.#machine.processes.start({
      ...process,
      user: '65535',
      command: ['/pause'],
      state: 'Ss',
      virtualSize: 1020,
      residentSize: 640,
    });
    this.#machine.files.makeDirectory(config.logDirectory, { parents: true });
    const { metadata, labels, annotations } = config;
    const sandbox: Sandbox = {
      config,
      ip,
      pids: [shim, pause],
      status: { id, metadata, state: 'SANDBOX_READY', createdAt, ip, labels, annotations },
    };
    this.#sandboxes.set(id, sandbox);
    this.#emit('CONTAINER_STARTED_EVENT', id, sandbox);
    return id;
  }

  async stopPodSandbox(id: string): Promise<void> {
    const sandbox = this.#sandboxes.get(id);
    if (sandbox === undefined || sandbox.status.state === 'SANDBOX_NOTREADY') return;
    for (const container of this.#containers.values()) {
      if (container.sandbox === sandbox && container.status.state === 'CONTAINER_RUNNING') {
        this.#exit(container, SIGKILL_EXIT);
      }
    }
    await this.#clock.sleep(STOP_SANDBOX_MS);
    sandbox.status = { ...sandbox.status, state: 'SANDBOX_NOTREADY', ip: '' };
    this.#network.release(id);
    for (const pid of sandbox.pids) this.#machine.processes.end(pid);
    this.#emit('CONTAINER_STOPPED_EVENT', id, sandbox);
  }

  async removePodSandbox(id: string): Promise<void> {
    const sandbox = this.#sandboxes.get(id);
    if (sandbox === undefined) return;
    await this.stopPodSandbox(id);
    for (const [containerId, container] of this.#containers) {
      if (container.sandbox === sandbox) await this.removeContainer(containerId);
    }
    this.#sandboxes.delete(id);
    if (this.#machine.files.exists(sandbox.config.logDirectory)) {
      this.#machine.files.remove(sandbox.config.logDirectory, { recursive: true });
    }
  }

  async podSandboxStatus(id: string): Promise<PodSandboxStatus> {
    return this.#sandbox(id).status;
  }

  async listPodSandbox(
    filter: { readonly labels?: Readonly<Record<string, string>> } = {},
  ): Promise<readonly PodSandboxStatus[]> {
    return [...this.#sandboxes.values()]
      .map(({ status }) => status)
      .filter(({ labels }) => matches(labels, filter.labels))
      .reverse();
  }

  async createContainer(podSandboxId: string, config: ContainerConfig): Promise<string> {
    const sandbox = this.#sandbox(podSandboxId);
    const image = this.#images.find(config.image);
    if (image === undefined) {
      throw new CriError(
        'NotFound',
        `failed to create containerd container: error unpacking image: image ${JSON.stringify(config.image)}: not found`,
      );
    }
    await this.#clock.sleep(CREATE_MS);
    const id = hex(this.#rand.bytes(32));
    const logPath = `${sandbox.config.logDirectory}/${config.logPath}`;
    const status: ContainerStatus = {
      id,
      podSandboxId,
      metadata: config.metadata,
      state: 'CONTAINER_CREATED',
      createdAt: this.#clock.now(),
      startedAt: 0,
      finishedAt: 0,
      exitCode: 0,
      image: image.status.repoTags[0] ?? config.image,
      imageRef: image.status.repoDigests[0] ?? image.status.id,
      reason: '',
      message: '',
      labels: config.labels,
      annotations: config.annotations,
      logPath,
    };
    this.#add(config, image, status, 0);
    this.#machine.files.makeDirectory(directoryName(logPath), { parents: true });
    this.#machine.files.write(logPath, '', { mode: 0o640 });
    this.#emit('CONTAINER_CREATED_EVENT', id, sandbox);
    return id;
  }

  async startContainer(id: string): Promise<void> {
    const container = this.#container(id);
    const { image } = container.image;
    const argv = commandLine(container.config, image);
    const program = programOf(image, container.config, argv);
    await this.#clock.sleep(START_MS);
    if (program === undefined) {
      const executable = argv[0] ?? '';
      const why = executable.includes('/')
        ? `stat ${executable}: no such file or directory`
        : 'executable file not found in $PATH';
      const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: ${JSON.stringify(executable)}: ${why}: unknown`;
      const now = this.#clock.now();
      container.status = {
        ...container.status,
        state: 'CONTAINER_EXITED',
        finishedAt: now,
        exitCode: 128,
        reason: 'StartError',
        message,
      };
      throw new CriError('Unknown', message);
    }
    const startedAt = this.#clock.now();
    container.pid = this.#machine.processes.start({
      user: image.user ?? 'root',
      command: argv,
      tty: '?',
      state: image.program === undefined ? 'Ss' : 'Ssl',
      started: startedAt,
      virtualSize: image.virtualSize,
      residentSize: image.residentSize,
      cpuSeconds: 0,
      ...(image.load !== undefined && { load: image.load }),
    });
    container.status = { ...container.status, state: 'CONTAINER_RUNNING', startedAt };
    this.#emit('CONTAINER_STARTED_EVENT', id, container.sandbox);
    void this.#run(container, program, argv, false);
  }

  async stopContainer(id: string, timeout: number): Promise<void> {
    const container = this.#containers.get(id);
    if (container === undefined || container.status.state !== 'CONTAINER_RUNNING') return;
    if (timeout > 0) {
      container.terminated.cancel('SIGTERM');
      const timer = this.#clock.schedule(timeout * 1000, () => this.#exit(container, SIGKILL_EXIT));
      await container.exited;
      timer.cancel();
    } else {
      this.#exit(container, SIGKILL_EXIT);
    }
  }

  async removeContainer(id: string): Promise<void> {
    const container = this.#containers.get(id);
    if (container === undefined) return;
    if (container.status.state === 'CONTAINER_RUNNING') this.#exit(container, SIGKILL_EXIT);
    this.#containers.delete(id);
    if (this.#machine.files.exists(container.status.logPath)) {
      this.#machine.files.remove(container.status.logPath);
    }
    this.#emit('CONTAINER_DELETED_EVENT', id, container.sandbox);
  }

  async containerStatus(id: string): Promise<ContainerStatus> {
    return this.#container(id).status;
  }

  async listContainers(filter: ContainerFilter = {}): Promise<readonly ContainerStatus[]> {
    return [...this.#containers.values()]
      .map(({ status }) => status)
      .filter(
        (status) =>
          (filter.id === undefined || status.id === filter.id) &&
          (filter.podSandboxId === undefined || status.podSandboxId === filter.podSandboxId) &&
          (filter.state === undefined || status.state === filter.state) &&
          matches(status.labels, filter.labels),
      )
      .reverse();
  }

  containerEvents(listener: (event: ContainerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(config: ContainerConfig, image: StoredImage, status: ContainerStatus, pid: number): void {
    let markExited = () => {};
    const exited = new Promise<void>((resolve) => (markExited = resolve));
    this.#containers.set(status.id, {
      ...{ sandbox: this.#sandbox(status.podSandboxId), config, image, status, pid },
      terminated: new Context(),
      killed: new Context(),
      exited,
      markExited,
    });
  }

  async #run(
    container: Container,
    program: Program,
    argv: readonly string[],
    resumed: boolean,
  ): Promise<void> {
    const { sandbox, config } = container;
    const write = (stream: 'stdout' | 'stderr') => (text: string) => {
      if (!container.killed.cancelled) this.#log(container.status.logPath, stream, text);
    };
    const exitCode = await program({
      clock: this.#clock,
      machine: this.#machine,
      argv,
      envs: Object.fromEntries(config.envs.map(({ key, value }) => [key, value])),
      id: container.status.id,
      resumed,
      hostPath: (path) => hostPathOf(config.mounts, path),
      address: sandbox.ip === '' ? this.#machine.address : sandbox.ip,
      terminated: container.terminated,
      killed: container.killed,
      stdout: write('stdout'),
      stderr: write('stderr'),
    });
    this.#exit(container, exitCode);
  }

  /** The process is gone: by itself, or killed. Does nothing if it was. */
  #exit(container: Container, exitCode: number): void {
    if (container.status.state !== 'CONTAINER_RUNNING') return;
    container.status = {
      ...container.status,
      state: 'CONTAINER_EXITED',
      finishedAt: this.#clock.now(),
      exitCode,
      reason: exitCode === 0 ? 'Completed' : 'Error',
    };
    container.killed.cancel();
    this.#machine.processes.end(container.pid);
    container.markExited();
    this.#emit('CONTAINER_STOPPED_EVENT', container.status.id, container.sandbox);
  }

  /** Somebody on the machine ended a process of ours. */
  #processEnded(pid: number): void {
    for (const container of this.#containers.values()) {
      if (container.pid === pid) this.#exit(container, SIGKILL_EXIT);
    }
  }

  #log(path: string, stream: 'stdout' | 'stderr', text: string): void {
    const time = new Date(this.#clock.now()).toISOString().replace('Z', '000000Z');
    const lines = text.endsWith('\n') ? text.slice(0, -1) : text;
    this.#machine.files.append(
      path,
      lines
        .split('\n')
        .map((line) => `${time} ${stream} F ${line}\n`)
        .join(''),
    );
  }

  #sandbox(id: string): Sandbox {
    const sandbox = this.#sandboxes.get(id);
    if (sandbox === undefined) {
      throw new CriError(
        'NotFound',
        `an error occurred when try to find sandbox: sandbox ${JSON.stringify(id)}: not found`,
      );
    }
    return sandbox;
  }

  #container(id: string): Container {
    const container = this.#containers.get(id);
    if (container === undefined) {
      throw new CriError(
        'NotFound',
        `an error occurred when try to find container ${JSON.stringify(id)}: not found`,
      );
    }
    return container;
  }

  #emit(type: ContainerEvent['type'], containerId: string, sandbox: Sandbox): void {
    const event = { type, containerId, podSandbox: sandbox.config.metadata };
    for (const listener of [...this.#listeners]) listener(event);
  }
}

const SOCKET = '/run/containerd/containerd.sock';

function commandLine({ command, args }: ContainerConfig, image: Image): readonly string[] {
  if (command.length > 0) return [...command, ...args];
  return [...image.entrypoint, ...(args.length > 0 ? args : image.command)];
}

/**
 * An image's own program answers for its entrypoint, for its executable by name, and for arguments to it;
 * everything else must be a program of the image's userland.
 */
function programOf(
  image: Image,
  { command, args }: ContainerConfig,
  argv: readonly string[],
): Program | undefined {
  if (image.program !== undefined) {
    const own = [image.entrypoint[0], image.command[0]].map(fileName);
    if (own.includes(fileName(argv[0]))) {
      const wraps = command.length === 0 && image.entrypoint.length > 0 && args.length > 0 && image.userland;
      const wrapped = wraps ? userland(args[0]!) : undefined;
      return wrapped === undefined ? image.program : (environment) => wrapped({ ...environment, argv: args });
    }
  }
  return image.userland && argv[0] !== undefined ? userland(argv[0]) : undefined;
}

/** The mount that lies nearest above a path of the container. */
function hostPathOf(mounts: ContainerConfig['mounts'], path: string): string | undefined {
  const above = mounts
    .filter(({ containerPath }) => path === containerPath || path.startsWith(`${containerPath}/`))
    .sort((a, b) => b.containerPath.length - a.containerPath.length)[0];
  return above && above.hostPath + path.slice(above.containerPath.length);
}

function fileName(path: string | undefined): string {
  return (path ?? '').replace(/^.*\//, '');
}

function matches(
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>> | undefined,
): boolean {
  return wanted === undefined || Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
