import type { InputStream } from '../../node/program.ts';

/**
 * Does `work` while the terminal is in raw mode, and gives what it gives; without a terminal it just does it.
 * Models k8s.io/kubectl/pkg/util/term TTY.Safe.
 */
export async function inRawMode<T>(terminal: InputStream | undefined, work: () => Promise<T>): Promise<T> {
  terminal?.setRaw?.(true);
  try {
    return await work();
  } finally {
    terminal?.setRaw?.(false);
  }
}
