import { ConnectionError } from '../../../apimachinery/http.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import type { WorkQueue } from './queue.ts';

/**
 * Runs `workers` loops that take keys from `queue` and hand them to `sync`. A key whose sync fails
 * with an answer of the server comes back, rate limited; any other error is a fault and rejects.
 * Resolves when the queue is shut down.
 *
 * Models the worker and processNextWorkItem functions of pkg/controller.
 */
export async function runWorkers(
  queue: WorkQueue,
  workers: number,
  sync: (key: string) => Promise<void>,
): Promise<void> {
  const work = async () => {
    for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
      try {
        await sync(key);
        queue.forget(key);
      } catch (error) {
        if (!isRetriable(error)) throw error;
        queue.addRateLimited(key);
      }
      queue.done(key);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/** Errors that a controller meets in its daily work; `RetryError` is for its own. */
function isRetriable(error: unknown): boolean {
  return error instanceof StatusError || error instanceof ConnectionError || error instanceof RetryError;
}

/** Thrown by a sync that could not finish and wants to be called again. */
export class RetryError extends Error {
  override readonly name = 'RetryError';
}
