import type { Clock } from '../../clock/clock.ts';
import { Context } from '../../clock/context.ts';
import type { Rand } from '../../clock/rand.ts';
import type { Machine } from '../../node/machine.ts';
import { directoryName } from '../../node/path.ts';
import type { HttpRequest, HttpResponse } from '../../apimachinery/http.ts';
import type {
  ContainerConfig,
  ContainerEvent,
  ContainerFilter,
  ContainerStats,
  ContainerStatus,
  DnsConfig,
  ExecStreams,
  LinuxResources,
  Mount,
  PodSandboxConfig,
  PodSandboxStatus,
  RuntimeCondition,
  RuntimeService,
} from '../runtime-service.ts';
import { CriError } from '../runtime-service.ts';
import { ContainerFiles } from './container-files.ts';
import type { ProcessExit } from './container-process.ts';
import { ContainerProcess, SIGKILL_EXIT } from './container-process.ts';
import { containerUser } from './container-user.ts';
import { PAUSE } from './image.ts';
import type { ImageStore, StoredImage } from './image-store.ts';
import { LabelledMap } from './labelled-map.ts';
import { PidNamespace } from './pid-namespace.ts';
import type { PodNetwork } from './pod-network.ts';

/** How long the runtime takes for each step. */
const RUN_SANDBOX_MS = 300;
const STOP_SANDBOX_MS = 100;
const CREATE_MS = 100;
const START_MS = 100;

const CONTAINERD_VERSION = '2.2.0';

/** What a runtime knows of its sandboxes and containers, in the order in which they were made. */
export interface SavedContainerd {
  readonly sandboxes: readonly SavedSandbox[];
  readonly containers: readonly {
    readonly config: ContainerConfig;
    readonly status: ContainerStatus;
    readonly pid: number;
  }[];
}

interface SavedSandbox {
  readonly config: PodSandboxConfig;
  readonly ip: string;
  readonly pids: readonly number[];
  readonly status: PodSandboxStatus;
}

interface Sandbox {
  readonly config: PodSandboxConfig;
  readonly ip: string;
  readonly pids: readonly number[];
  /** What all containers see of each other's processes; undefined: each sees its own. */
  readonly processes: PidNamespace | undefined;
  /** What every container of the pod sees: its name and its resolver. */
  readonly mounts: readonly Mount[];
  /** Takes the pod's address off the network. */
  readonly detach: () => void;
  status: PodSandboxStatus;
}

interface Container {
  readonly sandbox: Sandbox;
  readonly config: ContainerConfig;
  readonly process: ContainerProcess;
  /** Resolves when the process has ended. */
  readonly exited: Promise<void>;
  status: ContainerStatus;
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
  readonly #sandboxes = new LabelledMap<Sandbox>(POD_UID);
  readonly #containers = new LabelledMap<Container>(POD_UID);
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
      sandboxes: this.#sandboxes.values().map(({ config, ip, pids, status }) => ({
        config,
        ip,
        pids,
        status,
      })),
      containers: this.#containers.values().map(({ config, status, process }) => ({
        config,
        status,
        pid: process.pid,
      })),
    };
  }

  /** Takes over the sandboxes and containers of a runtime that was saved; what ran in them goes on. */
  resume({ sandboxes, containers }: SavedContainerd): void {
    for (const { config, ip, pids, status } of sandboxes) {
      const detach = status.ip === '' ? () => {} : this.#machine.network.addAddress(ip);
      const mounts = sandboxMounts(status.id);
      this.#sandboxes.set(status.id, {
        config,
        ip,
        pids,
        status,
        detach,
        mounts,
        processes: this.#processesOf(config),
      });
    }
    for (const { config, status } of containers) {
      const image = this.#images.find(config.image);
      if (image === undefined) throw new Error(`no image ${config.image} for container ${status.id}`);
      this.#add(config, image, status);
    }
    for (const { status, pid } of containers) {
      if (status.state === 'CONTAINER_RUNNING') this.#container(status.id).process.resume(pid);
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
    const id = this.#rand.hex(32);
    const ip = config.hostNetwork ? '' : this.#network.allocate(id);
    const detach = ip === '' ? () => {} : this.#machine.network.addAddress(ip);
    const createdAt = this.#clock.now();
    const shim = this.#machine.processes.start({
      user: 'root',
      tty: '?',
      started: createdAt,
      cpuSeconds: 0,
      command: ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'k8s.io', '-id', id, '-address', SOCKET],
      state: 'Sl',
      virtualSize: 1233804,
      residentSize: 14208,
    });
    const pause = this.#machine.processes.start({
      user: '65535',
      tty: '?',
      started: createdAt,
      cpuSeconds: 0,
      command: ['/pause'],
      state: 'Ss',
      virtualSize: 1020,
      residentSize: 640,
    });
    this.#machine.files.makeDirectory(config.logDirectory, { parents: true });
    const { metadata, labels, annotations } = config;
    const directory = `${SANDBOXES}/${id}`;
    this.#machine.files.makeDirectory(directory, { parents: true });
    this.#machine.files.write(`${directory}/hostname`, `${config.hostname || this.#machine.hostname}\n`);
    this.#machine.files.write(`${directory}/resolv.conf`, resolvConfText(config.dns));
    const sandbox: Sandbox = {
      mounts: sandboxMounts(id),
      processes: this.#processesOf(config),
      detach,
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
        container.process.exit(SIGKILL_EXIT);
      }
    }
    await this.#clock.sleep(STOP_SANDBOX_MS);
    sandbox.status = { ...sandbox.status, state: 'SANDBOX_NOTREADY', ip: '' };
    this.#network.release(id);
    sandbox.detach();
    for (const pid of sandbox.pids) this.#machine.processes.end(pid);
    this.#emit('CONTAINER_STOPPED_EVENT', id, sandbox);
  }

  async removePodSandbox(id: string): Promise<void> {
    const sandbox = this.#sandboxes.get(id);
    if (sandbox === undefined) return;
    await this.stopPodSandbox(id);
    for (const [containerId, container] of this.#containers.entries()) {
      if (container.sandbox === sandbox) await this.removeContainer(containerId);
    }
    this.#sandboxes.delete(id);
    this.#machine.files.remove(`${SANDBOXES}/${id}`, { recursive: true });
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
    return this.#sandboxes
      .values(filter.labels)
      .map(({ status }) => status)
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
    const id = this.#rand.hex(32);
    const logPath = `${sandbox.config.logDirectory}/${config.logPath}`;
    this.#add(config, image, {
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
      resources: config.resources,
      mounts: config.mounts,
      user: { uid: 0, gid: 0, groups: [0] },
    });
    this.#machine.files.makeDirectory(directoryName(logPath), { parents: true });
    this.#machine.files.write(logPath, '', { mode: 0o640 });
    this.#emit('CONTAINER_CREATED_EVENT', id, sandbox);
    return id;
  }

  async startContainer(id: string): Promise<void> {
    const container = this.#container(id);
    await this.#clock.sleep(START_MS);
    const problem = container.process.problem();
    if (problem !== undefined) {
      const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${problem}: unknown`;
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
    container.status = { ...container.status, state: 'CONTAINER_RUNNING', startedAt: this.#clock.now() };
    this.#emit('CONTAINER_STARTED_EVENT', id, container.sandbox);
    container.process.start();
  }

  async stopContainer(id: string, timeout: number): Promise<void> {
    const container = this.#containers.get(id);
    if (container === undefined || container.status.state !== 'CONTAINER_RUNNING') return;
    if (timeout <= 0) return container.process.exit(SIGKILL_EXIT);
    container.process.terminate();
    const timer = this.#clock.schedule(timeout * 1000, () => container.process.exit(SIGKILL_EXIT));
    await container.exited;
    timer.cancel();
  }

  async removeContainer(id: string): Promise<void> {
    const container = this.#containers.get(id);
    if (container === undefined) return;
    if (container.status.state === 'CONTAINER_RUNNING') container.process.exit(SIGKILL_EXIT);
    this.#containers.delete(id);
    container.process.config.files.discard();
    if (this.#machine.files.exists(container.status.logPath)) {
      this.#machine.files.remove(container.status.logPath);
    }
    this.#emit('CONTAINER_DELETED_EVENT', id, container.sandbox);
  }

  async updateContainerResources(id: string, resources: LinuxResources): Promise<void> {
    const container = this.#container(id);
    container.process.setResources(resources);
    container.status = { ...container.status, resources };
  }

  async listContainerStats(filter?: ContainerFilter): Promise<readonly ContainerStats[]> {
    const statuses = await this.listContainers({ ...filter, state: 'CONTAINER_RUNNING' });
    const cpu = new Map(this.#machine.processes.list().map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
    return statuses.map(({ id, labels }) => {
      const { process } = this.#container(id);
      return { id, labels, memoryBytes: process.memoryBytes, cpuSeconds: cpu.get(process.pid) ?? 0 };
    });
  }

  async reopenContainerLog(id: string): Promise<void> {
    this.#machine.files.write(this.#running(id).status.logPath, '', { mode: 0o640 });
  }

  async exec(
    id: string,
    command: readonly string[],
    streams: ExecStreams,
    context: Context = new Context(),
  ): Promise<number> {
    const { process } = this.#running(id);
    const problem = process.execProblem(command);
    if (problem !== undefined) {
      throw new CriError(
        'Unknown',
        `failed to exec in container: failed to start exec "${this.#rand.hex(32)}": OCI runtime exec failed: exec failed: unable to start container process: ${problem}: unknown`,
      );
    }
    return process.exec(command, streams, context);
  }

  async attach(id: string, streams: ExecStreams, context: Context): Promise<void> {
    await this.#running(id).process.attach(streams, context);
  }

  async portForward(podSandboxId: string, port: number, request: HttpRequest): Promise<HttpResponse> {
    const { ip } = this.#sandbox(podSandboxId);
    return this.#machine.network.request(ip === '' ? '127.0.0.1' : ip, port, request);
  }

  async containerStatus(id: string): Promise<ContainerStatus> {
    return this.#container(id).status;
  }

  async listContainers(filter: ContainerFilter = {}): Promise<readonly ContainerStatus[]> {
    const found: ContainerStatus[] = [];
    for (const { status } of this.#containers.values(filter.labels)) {
      const fits =
        (filter.id === undefined || status.id === filter.id) &&
        (filter.podSandboxId === undefined || status.podSandboxId === filter.podSandboxId) &&
        (filter.state === undefined || status.state === filter.state);
      if (fits) found.push(status);
    }
    return found.reverse();
  }

  containerEvents(listener: (event: ContainerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes the container of a status; its process does not run yet. */
  #add(config: ContainerConfig, image: StoredImage, status: ContainerStatus): void {
    const { id, podSandboxId, logPath } = status;
    const sandbox = this.#sandbox(podSandboxId);
    const machine = this.#machine;
    let markExited = () => {};
    const exited = new Promise<void>((resolve) => (markExited = resolve));
    const user = containerUser(config.security, image.image);
    const { targetId } = config.security;
    const shared =
      (targetId === undefined ? undefined : this.#containers.get(targetId)?.process.config.processes) ??
      sandbox.processes;
    const isMounted = (path: string) => config.mounts.some(({ containerPath }) => containerPath === path);
    const process = new ContainerProcess(
      this.#clock,
      machine,
      {
        id,
        container: config,
        user,
        image: image.image,
        logPath,
        hostname: sandbox.config.hostname === '' ? machine.hostname : sandbox.config.hostname,
        address: sandbox.ip === '' ? machine.address : sandbox.ip,
        processes: shared ?? new PidNamespace(),
        sharesProcesses: shared !== undefined,
        files: new ContainerFiles(machine.files, {
          root: `${TASKS}/${id}/rootfs`,
          readonlyRoot: config.security.readonlyRootfs,
          user,
          mounts: [
            ...config.mounts,
            ...sandbox.mounts.filter(({ containerPath }) => !isMounted(containerPath)),
          ],
          image: image.image.files ?? {},
        }),
      },
      (exit) => {
        this.#exited(id, exit);
        markExited();
      },
    );
    this.#containers.set(id, { sandbox, config, process, exited, status: { ...status, user } });
  }

  #processesOf({ sharesProcesses, hostProcesses }: PodSandboxConfig): PidNamespace | undefined {
    if (!sharesProcesses) return undefined;
    if (hostProcesses === true) return new PidNamespace(this.#machine.processes);
    const processes = new PidNamespace();
    processes.enter({ user: PAUSE.user!, command: PAUSE.entrypoint, signal: () => {} });
    return processes;
  }

  #exited(id: string, { exitCode, reason }: ProcessExit): void {
    const container = this.#container(id);
    container.status = {
      ...container.status,
      state: 'CONTAINER_EXITED',
      finishedAt: this.#clock.now(),
      exitCode,
      reason,
    };
    this.#emit('CONTAINER_STOPPED_EVENT', id, container.sandbox);
  }

  /** Somebody on the machine ended a process of ours. */
  #processEnded(pid: number): void {
    for (const { process } of this.#containers.values()) {
      if (process.pid === pid) process.exit(SIGKILL_EXIT);
    }
  }

  #running(id: string): Container {
    const container = this.#container(id);
    if (container.status.state === 'CONTAINER_RUNNING') return container;
    throw new CriError('Unknown', `container is in ${container.status.state} state`);
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

/** What kubelets ask by: the pod's uid. */
const POD_UID = 'io.kubernetes.pod.uid';
const SOCKET = '/run/containerd/containerd.sock';
const TASKS = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';
const SANDBOXES = '/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes';

/** What every container of a sandbox sees beside its own mounts. */
function sandboxMounts(id: string): readonly Mount[] {
  return ['hostname', 'resolv.conf'].map((name) => ({
    hostPath: `${SANDBOXES}/${id}/${name}`,
    containerPath: `/etc/${name}`,
    readonly: false,
  }));
}

/** "nameserver 10.96.0.10" and so on. Models containerd's parseDNSOptions. */
function resolvConfText({ servers, searches, options }: DnsConfig): string {
  return [
    ...(searches.length > 0 ? [`search ${searches.join(' ')}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
    '',
  ].join('\n');
}
