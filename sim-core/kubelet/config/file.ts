import type { Pod } from 'kubernetes-types/core/v1';
import { parsePlainYaml } from '../../apimachinery/json/plain-yaml.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import { LazyModule } from '../../clock/lazy-module.ts';
import { FileError } from '../../node/file-system.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { baseName, directoryName } from '../../node/path.ts';
import type { Klog } from '../../client-go/util/klog.ts';
import { fullNameOf, uidOf } from '../types.ts';
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

/** Reads manifests that are more than plain YAML. */
const yaml = new LazyModule(() => import('../../apimachinery/json/yaml.ts'));

/** A change is looked at when the writer has had time to finish. */
const NOTICE_MS = 100;

/**
 * Static pods: every file of a directory whose name does not begin with a dot is a pod.
 *
 * There is one pod of a name. Of two files with the same, the last in the alphabet counts whenever the
 * whole directory is read, and whichever was written last in between: so a copy that was left beside a
 * manifest makes its pod go back and forth.
 *
 * Models pkg/kubelet/config/file.go and file_linux.go.
 */
export class FileSource {
  readonly #clock: Clock;
  readonly #files: FileSystem;
  readonly #pods: PodConfig;
  readonly #log: Klog;
  readonly #config: FileSourceConfig;
  /** By full name. */
  #store = new Map<string, Pod>();
  /** The whole directory was read, and nothing that could be otherwise now. */
  #isRead = false;
  /** Which pod's name a file had. */
  readonly #names = new Map<string, string>();
  /** What was read last: a file that has not changed is not parsed again. */
  readonly #read = new Map<
    string,
    { readonly text: string; readonly pod: Pod | undefined; readonly problem: string }
  >();

  constructor(clock: Clock, files: FileSystem, pods: PodConfig, log: Klog, config: FileSourceConfig) {
    this.#clock = clock;
    this.#files = files;
    this.#pods = pods;
    this.#log = log;
    this.#config = config;
  }

  /**
   * Reads the directory now, after every change, and every `checkFrequency`, until `context` is cancelled. Gives what
   * resolves once it was read for the first time; undefined if that is so already.
   */
  run(context: Context): Promise<void> | undefined {
    const { directory } = this.#config;
    const changed = new Set<string>();
    let notice: Timer | undefined;
    // A link in the directory may lead anywhere.
    const stopLooking = this.#files.watch('/', () => (this.#isRead = false));
    const stop = this.#files.watch(directory, (path) => {
      if (directoryName(path) !== directory || baseName(path).startsWith('.')) return;
      changed.add(path);
      notice ??= this.#clock.schedule(NOTICE_MS, () => {
        notice = undefined;
        const paths = [...changed];
        changed.clear();
        void this.#whenReadable(paths, context, () => {
          for (const path of paths) this.#fileChanged(path);
        });
      });
    });
    let tick: Timer | undefined;
    const next = () => {
      const reading = this.#isRead ? undefined : this.#list(context);
      tick = this.#clock.schedule(this.#config.checkFrequency, () => void next(), { periodic: true });
      return reading;
    };
    context.onCancel(() => {
      stop();
      stopLooking();
      notice?.cancel();
      tick?.cancel();
    });
    return next();
  }

  /** Models listConfig. What gave no cause for complaint need not be read again before some file changes. */
  #list(context: Context): Promise<void> | undefined {
    const { directory } = this.#config;
    this.#isRead = true;
    const store = new Map<string, Pod>();
    if (!this.#files.exists(directory)) {
      this.#replace(store);
      return undefined;
    }
    let paths: string[];
    try {
      const names = this.#files.list(directory).filter((name) => !name.startsWith('.'));
      paths = names.map((name) => `${directory}/${name}`);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#complain(
        'file.go:109',
        `"Unable to read config path" err="${error.message}" path="${directory}"`,
      );
      return undefined;
    }
    for (const path of this.#read.keys()) if (!paths.includes(path)) this.#read.delete(path);
    return this.#whenReadable(paths, context, () => {
      for (const path of paths) {
        const pod = this.#podOf(path, (problem) =>
          this.#complain(
            'file.go:187',
            `"Could not process manifest file" err=${JSON.stringify(problem)} path="${path}"`,
          ),
        );
        if (pod !== undefined) store.set(fullNameOf(pod), pod);
      }
      this.#replace(store);
    });
  }

  /** Does `work` when the texts of these files can be read: at once, if all that is new in them is plain YAML. */
  #whenReadable(paths: readonly string[], context: Context, work: () => void): Promise<void> | undefined {
    if (!paths.every((path) => this.#isPlain(path)))
      return yaml.load(this.#clock).then(() => {
        if (!context.cancelled) work();
      });
    work();
    return undefined;
  }

  #isPlain(path: string): boolean {
    try {
      const text = this.#files.read(path);
      return this.#read.get(path)?.text === text || parsePlainYaml(text) !== undefined;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return true;
    }
  }

  /** Models consumeWatchEvent. */
  #fileChanged(path: string): void {
    const store = new Map(this.#store);
    if (this.#files.exists(path)) {
      const pod = this.#podOf(path, (problem) =>
        this.#complain(
          'file_linux.go:56',
          `"Unable to process watch event" err=${JSON.stringify(`can't process config file ${JSON.stringify(path)}: ${problem}`)}`,
        ),
      );
      // What ran until now goes on until the whole directory is read again.
      if (pod === undefined) return;
      store.set(fullNameOf(pod), pod);
    } else {
      const name = this.#names.get(path);
      if (name === undefined) return;
      this.#names.delete(path);
      store.delete(name);
    }
    this.#replace(store);
  }

  #complain(where: string, text: string): void {
    this.#isRead = false;
    this.#log('E', where, text);
  }

  #replace(store: Map<string, Pod>): void {
    const old = this.#store;
    this.#store = store;
    const uids = new Set([...store.values()].map(uidOf));
    const known = new Set([...old.values()].map(uidOf));
    for (const uid of known) if (!uids.has(uid)) this.#pods.remove('file', uid);
    for (const pod of store.values()) if (!known.has(uidOf(pod))) this.#pods.set('file', pod);
  }

  /** The pod of a file; undefined, and `complain` told why, if there is none. */
  #podOf(path: string, complain: (problem: string) => void): Pod | undefined {
    let text: string;
    try {
      const { type } = this.#files.stat(this.#files.realPath(path));
      if (type === 'directory') {
        this.#complain(
          'file.go:187',
          `"Provided manifest path is a directory, not recursing into manifest path" path="${path}"`,
        );
        return undefined;
      }
      text = this.#files.read(path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      complain(`open ${path}: ${error.message.toLowerCase()}`);
      return undefined;
    }
    let read = this.#read.get(path);
    if (read?.text !== text) {
      const { pod: manifest, problem = '' } = parsePod(
        text,
        (manifest) => parsePlainYaml(manifest) ?? yaml.loaded.parseYaml(manifest).value,
      );
      const pod = manifest && staticPodOf(manifest, path, this.#config.nodeName, this.#clock.now());
      read = { text, pod, problem };
      this.#read.set(path, read);
    }
    if (read.pod === undefined) {
      complain(`${path}: couldn't parse as pod(${read.problem}), please check config file`);
    } else this.#names.set(path, fullNameOf(read.pod));
    return read.pod;
  }
}
