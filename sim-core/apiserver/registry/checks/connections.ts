/** For one fetch: connections to pods, and requests about a pod that runs; see ../checks.ts. */
export { evict } from '../core/pod/eviction.ts';
export { podResizeStrategy } from '../core/pod/resize.ts';
export { attach, exec, portForward } from '../core/pod/streaming.ts';
export { nodeProxy, podProxy, serviceProxy } from '../core/proxy.ts';
