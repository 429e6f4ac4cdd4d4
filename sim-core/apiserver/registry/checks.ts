import { LazyModule } from '../../clock/lazy-module.ts';

/**
 * What checks objects that are written: validation, warnings, and what is looked up or allocated. A server fetches
 * the generic ones with its handlers of writes, and those that a strategy names before its first write; reads go
 * without.
 */
export const checks = {
  /** What writes objects, and what every object is checked for: names and metadata, what an update or a deletion may do. */
  generic: new LazyModule(() => import(/* webpackChunkName: 'write' */ './checks/generic.ts')),
  /** Pods and templates of pods. */
  podSpecs: new LazyModule(() => import(/* webpackChunkName: 'write' */ './checks/pod-specs.ts')),
  /** What scheduler and kubelets write of a pod. */
  podProgress: new LazyModule(() => import(/* webpackChunkName: 'change' */ './checks/pod-progress.ts')),
  /** Connections to pods, and requests about a pod that runs. */
  connections: new LazyModule(() => import('./checks/connections.ts')),
  /** Services, and the addresses that they are given. */
  services: new LazyModule(() => import('./checks/services.ts')),
  /** Small kinds of the core group, and what else the control plane writes all the time. */
  core: new LazyModule(() => import(/* webpackChunkName: 'change' */ './checks/core.ts')),
  /** What makes pods of a template. */
  workloads: new LazyModule(() => import('./checks/workloads.ts')),
  /** Ingresses and network policies, and how pods may be disturbed and come first. */
  networking: new LazyModule(() => import('./checks/networking.ts')),
  /** Who somebody is and what they may do. */
  access: new LazyModule(() => import(/* webpackChunkName: 'change' */ './checks/access.ts')),
};
