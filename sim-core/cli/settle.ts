/** How often a long run lets the event loop turn: signals and connections wait for that. */
const TURN_EVERY = 64;

/**
 * Resolves when all promise reactions that are ready have run: Node runs a tick only then. That costs a fraction of
 * a turn of the event loop.
 */
export const settle = (() => {
  let calls = 0;
  return (): Promise<void> =>
    new Promise((resolve) => {
      if (++calls % TURN_EVERY === 0) setImmediate(resolve);
      else process.nextTick(resolve);
    });
})();
