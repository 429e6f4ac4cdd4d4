import { utf8Length } from '../../node/file-content.ts';
import { firstBytes } from '../../node/first-bytes.ts';

/**
 * How many bytes of a log its reader still wants; undefined is no limit.
 *
 * Models `remain` of pkg/kubelet/kuberuntime/logs/logs.go logWriter.
 */
export class ByteLimit {
  #left: number;

  constructor(limit: number | undefined) {
    this.#left = limit ?? Infinity;
  }

  /** Nothing more is wanted. */
  get reached(): boolean {
    return this.#left <= 0;
  }

  /** As much of the text as still fits; the last character may lose some of its bytes. */
  take(text: string): string {
    if (this.#left === Infinity) return text;
    const taken = firstBytes(text, this.#left);
    this.#left -= utf8Length(taken);
    return taken;
  }
}
