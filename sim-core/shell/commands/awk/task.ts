/**
 * Work that has to wait now and then: it yields what it waits for and is given the outcome. Most of a program never
 * waits, and then nothing of it costs a turn of the event loop.
 */
export type Task<T> = Generator<Promise<unknown>, T, unknown>;

/** Does all of it; `beforeWait` is called whenever it has to wait. */
export async function perform<T>(task: Task<T>, beforeWait: () => void): Promise<T> {
  let step = task.next();
  while (step.done !== true) {
    beforeWait();
    step = task.next(await step.value);
  }
  return step.value;
}
