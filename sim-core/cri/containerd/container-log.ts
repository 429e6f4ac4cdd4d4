import type { Clock } from '../../clock/clock.ts';
import type { FileSystem } from '../../node/file-system.ts';

/** Longer lines are cut into parts, marked "P" but for the last. */
const MAX_LINE = 16_384;

/**
 * The log file of a container: each line with its time, stream and tag.
 *
 *     2026-11-23T09:00:00.000000000Z stdout F Hello
 *
 * Models containerd's internal/cri/io logger.
 */
export class ContainerLog {
  readonly #clock: Clock;
  readonly #files: FileSystem;
  readonly #path: string;
  /** What was said without a newline yet, by stream. */
  readonly #rest = { stdout: '', stderr: '' };

  constructor(clock: Clock, files: FileSystem, path: string) {
    this.#clock = clock;
    this.#files = files;
    this.#path = path;
  }

  write(stream: 'stdout' | 'stderr', text: string): void {
    const lines = (this.#rest[stream] + text).split('\n');
    this.#rest[stream] = lines.pop()!;
    if (lines.length > 0) this.#append(stream, lines);
  }

  /** The container has ended: what has no newline is a line all the same. */
  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#rest[stream];
      this.#rest[stream] = '';
      if (rest !== '') this.#append(stream, [rest]);
    }
  }

  #append(stream: string, lines: readonly string[]): void {
    const time = new Date(this.#clock.now()).toISOString().replace('Z', '000000Z');
    let text = '';
    for (let line of lines) {
      for (; line.length > MAX_LINE; line = line.slice(MAX_LINE)) {
        text += `${time} ${stream} P ${line.slice(0, MAX_LINE)}\n`;
      }
      text += `${time} ${stream} F ${line}\n`;
    }
    // The file may have been taken away, with its directory, while the process still spoke.
    const directory = this.#path.slice(0, this.#path.lastIndexOf('/'));
    if (this.#files.exists(directory)) this.#files.append(this.#path, text);
  }
}
