import type { Clock } from './clock.ts';

/**
 * Waits for a module that is fetched on first use. Simulated time stands still, and what else is due
 * at this instant comes first: whether the module had been fetched before makes no difference.
 */
export async function loadModule<T>(clock: Clock, module: Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([clock.outside(module), clock.sleep(0)]);
  return loaded;
}
