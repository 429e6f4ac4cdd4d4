import { MAX_NODE_SCORE, type Plugin } from '../../framework/interface.ts';
import type { Handle } from '../handle.ts';

const MB = 1024 * 1024;
const MIN_THRESHOLD = 23 * MB;
const MAX_CONTAINER_THRESHOLD = 1000 * MB;

/** Prefers nodes that have the pod's images. Models pkg/scheduler/framework/plugins/imagelocality. */
export function imageLocality({ cache }: Handle): Plugin {
  return {
    name: 'ImageLocality',
    weight: 1,
    score({ pod, nodes }, node) {
      const { initContainers = [], containers = [] } = pod.pod.spec ?? {};
      let sum = 0;
      for (const { image } of [...initContainers, ...containers]) {
        const name = normalizedImageName(image ?? '');
        const size = node.images.get(name);
        // An image that few nodes have counts less, so that its pods do not all go there.
        if (size !== undefined) sum += Math.floor((size * cache.nodesWithImage(name)) / nodes.length);
      }
      const max = MAX_CONTAINER_THRESHOLD * (initContainers.length + containers.length);
      const clamped = Math.min(Math.max(sum, MIN_THRESHOLD), max);
      return Math.floor((MAX_NODE_SCORE * (clamped - MIN_THRESHOLD)) / (max - MIN_THRESHOLD));
    },
  };
}

/** Adds ":latest" to a name without a tag or digest. */
function normalizedImageName(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
