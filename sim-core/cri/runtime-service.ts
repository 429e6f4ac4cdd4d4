import type { HttpRequest, HttpResponse } from '../apimachinery/http.ts';
import type { Context } from '../clock/context.ts';
import type { InputStream } from '../node/program.ts';

/** Models k8s.io/cri-api/pkg/apis/runtime/v1, the messages that the kubelet needs. Times are simulated milliseconds. */
export interface PodSandboxMetadata {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly attempt: number;
}

export interface PodSandboxConfig {
  readonly metadata: PodSandboxMetadata;
  readonly hostname: string;
  /** "/var/log/pods/<namespace>_<name>_<uid>". */
  readonly logDirectory: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The pod uses the machine's own network and address. */
  readonly hostNetwork: boolean;
  /** The pod's processes see each other, or the machine's: none of them is process 1. */
  readonly sharesProcesses: boolean;
  /** They see the machine's; missing: not. */
  readonly hostProcesses?: boolean;
  readonly dns: DnsConfig;
}

/** What stands in the resolv.conf of a pod. */
export interface DnsConfig {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

type PodSandboxState = 'SANDBOX_READY' | 'SANDBOX_NOTREADY';
export interface PodSandboxStatus {
  readonly id: string;
  readonly metadata: PodSandboxMetadata;
  readonly state: PodSandboxState;
  readonly createdAt: number;
  /** "" on the machine's own network. */
  readonly ip: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Mount {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly readonly: boolean;
}

export interface ContainerConfig {
  readonly metadata: { readonly name: string; readonly attempt: number };
  /** The image as the pod names it: "nginx:1.27". */
  readonly image: string;
  /** Replaces the image's entrypoint if not empty. */
  readonly command: readonly string[];
  /** Replaces the image's arguments if not empty, or if `command` is not. */
  readonly args: readonly string[];
  readonly workingDir: string;
  readonly envs: readonly { readonly key: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Below the sandbox's log directory: "nginx/0.log". */
  readonly logPath: string;
  /** The process keeps an input that somebody may attach to. */
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly resources: LinuxResources;
  readonly security: {
    /** Undefined: the image's. */
    readonly runAsUser: number | undefined;
    readonly runAsGroup: number | undefined;
    /** Groups beside the first; missing: none. */
    readonly supplementalGroups?: readonly number[];
    /** The container of the pod whose processes it sees as its own; missing: none. */
    readonly targetId?: string;
    readonly readonlyRootfs: boolean;
  };
}

/** Limits of a container; 0 for none. */
export interface LinuxResources {
  readonly memoryLimitBytes: number;
  readonly cpuShares: number;
  /** Microseconds of every 100,000. */
  readonly cpuQuota: number;
  readonly oomScoreAdj: number;
}

/** What a container uses at this moment. */
export interface ContainerStats {
  readonly id: string;
  readonly memoryBytes: number;
  /** CPU seconds since it started. */
  readonly cpuSeconds: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** The streams of a command in a container; with an input that is a terminal's it gets one of its own. */
export interface ExecStreams {
  readonly stdin: InputStream;
  /** Calls `listener` when the client's screen has another size; missing: it has none. */
  onResize?(listener: () => void): void;
  stdout(text: string): void;
  stderr(text: string): void;
}

/** Whom the first process runs as; `groups` are all of its groups, in order. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

type ContainerState = 'CONTAINER_CREATED' | 'CONTAINER_RUNNING' | 'CONTAINER_EXITED';
export interface ContainerStatus {
  readonly id: string;
  readonly podSandboxId: string;
  readonly metadata: { readonly name: string; readonly attempt: number };
  readonly state: ContainerState;
  readonly createdAt: number;
  /** 0 before it has happened. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  /** The image with registry and tag: "docker.io/library/nginx:1.27". */
  readonly image: string;
  /** "docker.io/library/nginx@sha256:…". */
  readonly imageRef: string;
  /** "Completed", "Error", "OOMKilled", "StartError"; "" while it runs. */
  readonly reason: string;
  readonly message: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Absolute path of the log file. */
  readonly logPath: string;
  readonly resources: LinuxResources;
  readonly mounts: readonly Mount[];
  readonly user: ContainerUser;
}

export interface ContainerFilter {
  readonly id?: string;
  readonly podSandboxId?: string;
  readonly state?: ContainerState;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Something that happened to a container, or to a sandbox under its own id. Models CRI's ContainerEventResponse. */
export interface ContainerEvent {
  readonly type:
    | 'CONTAINER_CREATED_EVENT'
    | 'CONTAINER_STARTED_EVENT'
    | 'CONTAINER_STOPPED_EVENT'
    | 'CONTAINER_DELETED_EVENT';
  readonly containerId: string;
  readonly podSandbox: PodSandboxMetadata;
}

/** Methods reject with a {@link CriError}. Models RuntimeService of the CRI. */
export interface RuntimeService {
  version(): Promise<{ readonly runtimeName: string; readonly runtimeVersion: string }>;
  /** The condition NetworkReady is false until there is a pod network. */
  status(): Promise<readonly RuntimeCondition[]>;
  updateRuntimeConfig(config: { readonly podCidr: string }): Promise<void>;
  runPodSandbox(config: PodSandboxConfig): Promise<string>;
  /** Stops the sandbox and all that runs in it; a sandbox that does not exist is stopped. */
  stopPodSandbox(id: string): Promise<void>;
  removePodSandbox(id: string): Promise<void>;
  podSandboxStatus(id: string): Promise<PodSandboxStatus>;
  /** Newest first. */
  listPodSandbox(filter?: {
    readonly labels?: Readonly<Record<string, string>>;
  }): Promise<readonly PodSandboxStatus[]>;
  createContainer(podSandboxId: string, config: ContainerConfig): Promise<string>;
  startContainer(id: string): Promise<void>;
  /** `timeout` in seconds: between SIGTERM and SIGKILL. Resolves when the process has ended. */
  stopContainer(id: string, timeout: number): Promise<void>;
  removeContainer(id: string): Promise<void>;
  containerStatus(id: string): Promise<ContainerStatus>;
  updateContainerResources(id: string, resources: LinuxResources): Promise<void>;
  listContainerStats(filter?: ContainerFilter): Promise<readonly ContainerStats[]>;
  /** A running container's log goes on in a new, empty file at its path. */
  reopenContainerLog(id: string): Promise<void>;
  /**
   * Runs a command in a running container; resolves to its exit code. `context` ends it.
   * Rejects if it cannot be started. Models ExecSync and Exec.
   */
  exec(id: string, command: readonly string[], streams: ExecStreams, context?: Context): Promise<number>;
  /**
   * Gets what a running container says from now on, and feeds its input; resolves when it ends or `context`
   * is cancelled.
   */
  attach(id: string, streams: ExecStreams, context: Context): Promise<void>;
  /** Sends a request to a port of a sandbox. */
  portForward(podSandboxId: string, port: number, request: HttpRequest): Promise<HttpResponse>;
  /** Newest first. */
  listContainers(filter?: ContainerFilter): Promise<readonly ContainerStatus[]>;
  /** Calls `listener` for each event; returns a function that stops it. */
  containerEvents(listener: (event: ContainerEvent) => void): () => void;
}

export interface RuntimeCondition {
  readonly type: 'RuntimeReady' | 'NetworkReady';
  readonly status: boolean;
  readonly reason: string;
  readonly message: string;
}

/** Models ImageService of the CRI. */
export interface ImageService {
  listImages(): Promise<readonly ImageStatus[]>;
  /** Undefined if the image is not on the machine. */
  imageStatus(image: string): Promise<ImageStatus | undefined>;
  /** Gives the image's reference by digest. */
  pullImage(image: string): Promise<string>;
  removeImage(image: string): Promise<void>;
}

export interface ImageStatus {
  /** "sha256:…". */
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  /** Bytes. */
  readonly size: number;
  /** Whom its processes run as: a number, or a name that is none. */
  readonly uid: number | undefined;
  readonly username: string;
}

export type CriErrorCode = 'Unknown' | 'NotFound' | 'InvalidArgument' | 'Unavailable' | 'DeadlineExceeded';

/** An error of the runtime. `message` is what a gRPC client prints: "rpc error: code = NotFound desc = …". */
export class CriError extends Error {
  override readonly name = 'CriError';
  readonly code: CriErrorCode;
  /** The words after "desc = ". */
  readonly description: string;

  constructor(code: CriErrorCode, description: string) {
    super(`rpc error: code = ${code} desc = ${description}`);
    this.code = code;
    this.description = description;
  }
}
