import type { Clock, Timer } from '../../clock/clock.ts';
import type { RuntimeService } from '../../cri/runtime-service.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { baseName, directoryName } from '../../node/path.ts';

/** containerLogMaxSize and containerLogMaxFiles. */
const MAX_SIZE = 10 * 1024 * 1024;
const MAX_FILES = 5;
const MONITOR_MS = 10_000;

/**
 * Begins a new file when the log of a running container has grown too large; the newest few are kept.
 * It looks only after something was written.
 *
 * Models pkg/kubelet/logs/container_log_manager.go.
 */
export class ContainerLogManager {
  readonly #clock: Clock;
  readonly #files: FileSystem;
  readonly #runtime: RuntimeService;
  readonly #written = new Set<string>();
  readonly #unwatch: () => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, files: FileSystem, runtime: RuntimeService, directory: string) {
    this.#clock = clock;
    this.#files = files;
    this.#runtime = runtime;
    this.#unwatch = files.watch(directory, (path) => {
      this.#written.add(path);
      this.#timer ??= clock.schedule(MONITOR_MS, () => void this.#rotate(), { periodic: true });
    });
  }

  stop(): void {
    this.#unwatch();
    this.#timer?.cancel();
  }

  async #rotate(): Promise<void> {
    this.#timer = undefined;
    const paths = [...this.#written];
    this.#written.clear();
    const large = paths.filter(
      (path) => path.endsWith('.log') && this.#files.exists(path) && this.#files.stat(path).size > MAX_SIZE,
    );
    if (large.length === 0) return;
    for (const { id, logPath } of await this.#runtime.listContainers({ state: 'CONTAINER_RUNNING' })) {
      if (!large.includes(logPath)) continue;
      this.#files.rename(logPath, `${logPath}.${timeText(this.#clock.now())}`);
      await this.#runtime.reopenContainerLog(id);
      this.#removeOldest(logPath);
    }
  }

  #removeOldest(logPath: string): void {
    const directory = directoryName(logPath);
    const rotated = this.#files.list(directory).filter((name) => name.startsWith(`${baseName(logPath)}.`));
    for (const name of rotated.slice(0, Math.max(0, rotated.length - (MAX_FILES - 1)))) {
      this.#files.remove(`${directory}/${name}`);
    }
  }
}

/** "20261123-090000". */
function timeText(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
}
