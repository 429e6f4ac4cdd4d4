import { LazyModule } from '../../clock/lazy-module.ts';

/** The handlers that change something, each part of which is fetched before its first request. */
export const creation = new LazyModule(() => import('./handlers/create.ts'));
export const changes = new LazyModule(() => import('./handlers/changes.ts'));
