import { Context } from '../clock/context.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';

/** How long a command may wait while nothing but periodic work is pending, in simulated milliseconds. */
const QUIET_LIMIT = 60_000;
/** How long a command may take at all, in real milliseconds. */
const REAL_LIMIT = 10_000;

/**
 * Runs `work` as {@link VirtualClock.until} does, but not for ever: a command that waits for something
 * that nothing will bring (a watch, a port-forward) is interrupted, as by Ctrl-C.
 */
export async function runPatiently<T>(
  clock: VirtualClock,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const context = new Context();
  const running = work(context);
  let done = false;
  const settle = () => void (done = true);
  running.then(settle, settle);
  const started = performance.now();
  let waited = 0;
  await clock.settled();
  while (!done) {
    if (waited > QUIET_LIMIT || performance.now() - started > REAL_LIMIT) {
      context.cancel();
      await clock.settled();
      if (done) break;
    }
    const [quiet, before] = [clock.quiet, clock.now()];
    if (!(await clock.step())) break;
    if (quiet) waited += clock.now() - before;
  }
  return running;
}
