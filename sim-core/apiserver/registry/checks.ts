import { LazyModule } from '../../clock/lazy-module.ts';

/**
 * What checks objects that are written: validation, warnings, and what is looked up or allocated. A server fetches it
 * with its handlers of writes, before the first of them; reads go without.
 */
export const checks = new LazyModule(() => import('./validations.ts'));
