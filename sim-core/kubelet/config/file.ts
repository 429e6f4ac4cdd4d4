import type { Pod } from 'kubernetes-types/core/v1';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import { FileError } from '../../node/file-system.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { uidOf } from '../types.ts';
import { staticPodOf } from './defaults.ts';
import { parsePod } from './parse-pod.ts';
import type { PodConfig } from './pod-config.ts';

export interface FileSourceConfig {
  /** "/etc/kubernetes/manifests". */
  readonly directory: string;
  readonly nodeName: string;
  /** fileCheckFrequency in milliseconds. */
  readonly checkFrequency: number;
}

/** A change is looked at when the writer has had time to finish. */
const NOTICE_MS = 100;

/**
 * Static pods: every file of a directory whose name does not begin with a dot is a pod.
 *
 * Models pkg/kubelet/config/file.go sourceFile.
 */
export class FileSource {
  readonly #clock: Clock;
  readonly #files: FileSystem;
  readonly #pods: PodConfig;
  readonly #log: (message: string) => void;
  readonly #config: FileSourceConfig;
  readonly #known = new Map<string, Pod>();
  /** What was read last: a file that has not changed is not parsed again. */
  readonly #read = new Map<string, { readonly text: string; readonly pod: Pod | undefined }>();

  constructor(
    clock: Clock,
    files: FileSystem,
    pods: PodConfig,
    log: (message: string) => void,
    config: FileSourceConfig,
  ) {
    this.#clock = clock;
    this.#files = files;
    this.#pods = pods;
    this.#log = log;
    this.#config = config;
  }

  /** Reads the directory now, after every change, and every `checkFrequency`, until `context` is cancelled. */
  run(context: Context): void {
    let notice: Timer | undefined;
    const stop = this.#files.watch(this.#config.directory, () => {
      notice ??= this.#clock.schedule(NOTICE_MS, () => {
        notice = undefined;
        this.#check();
      });
    });
    let tick: Timer | undefined;
    const next = () => {
      this.#check();
      tick = this.#clock.schedule(this.#config.checkFrequency, next, { periodic: true });
    };
    context.onCancel(() => {
      stop();
      notice?.cancel();
      tick?.cancel();
    });
    next();
  }

  #check(): void {
    const pods = this.#listPods();
    for (const [uid] of this.#known) {
      if (pods.has(uid)) continue;
      this.#known.delete(uid);
      this.#pods.remove('file', uid);
    }
    for (const [uid, pod] of pods) {
      if (this.#known.has(uid)) continue;
      this.#known.set(uid, pod);
      this.#pods.set('file', pod);
    }
  }

  #listPods(): Map<string, Pod> {
    const { directory } = this.#config;
    const pods = new Map<string, Pod>();
    let names: string[];
    try {
      names = this.#files.list(directory);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return pods;
    }
    const paths = names.filter((name) => !name.startsWith('.')).map((name) => `${directory}/${name}`);
    for (const path of this.#read.keys()) if (!paths.includes(path)) this.#read.delete(path);
    for (const path of paths) {
      const pod = this.#podOf(path);
      if (pod !== undefined) pods.set(uidOf(pod), pod);
    }
    return pods;
  }

  #podOf(path: string): Pod | undefined {
    let text: string;
    try {
      if (this.#files.stat(this.#files.realPath(path)).type !== 'file') return undefined;
      text = this.#files.read(path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return undefined;
    }
    const read = this.#read.get(path);
    if (read?.text === text) return read.pod;
    const manifest = this.#parse(path, text);
    const pod = manifest && staticPodOf(manifest, path, this.#config.nodeName, this.#clock.now());
    this.#read.set(path, { text, pod });
    return pod;
  }

  #parse(path: string, text: string): Pod | undefined {
    const { pod, problem } = parsePod(text);
    if (pod !== undefined) return pod;
    this.#log(
      `"Could not process manifest file" err="${path}: couldn't parse as pod(${problem}), please check config file" path="${path}"`,
    );
    return undefined;
  }
}
