import { LazyModule } from '../../clock/lazy-module.ts';

/**
 * The arithmetic of P-256. Who makes keys, signs certificates or verifies what others signed loads it before: a
 * cluster whose certificates and tokens are all its own does without.
 */
export const curve = new LazyModule(() => import('./p256.ts'));
