import { LazyModule } from '../../clock/lazy-module.ts';

/** The handlers that change something, each part of which is fetched before its first request. */
export const creation = new LazyModule(() => import(/* webpackChunkName: 'write' */ './handlers/create.ts'));
export const changes = new LazyModule(() => import(/* webpackChunkName: 'change' */ './handlers/changes.ts'));
