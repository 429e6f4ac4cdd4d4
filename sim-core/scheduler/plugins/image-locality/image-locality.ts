import { MAX_NODE_SCORE, type Plugin } from '../../framework/interface.ts';
import type { NodeInfo } from '../../framework/node-info.ts';

const MB = 1024 * 1024;
const MIN_THRESHOLD = 23 * MB;
const MAX_CONTAINER_THRESHOLD = 1000 * MB;

/** Prefers nodes that have the pod's images. Models pkg/scheduler/framework/plugins/imagelocality. */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  weight: 1,
  score({ pod, nodes }, node) {
    const containers = [...(pod.pod.spec?.initContainers ?? []), ...(pod.pod.spec?.containers ?? [])];
    let sum = 0;
    for (const { image } of containers) {
      const name = normalizedImageName(image ?? '');
      const size = imageSize(node, name);
      if (size === undefined) continue;
      const having = nodes.filter((other) => imageSize(other, name) !== undefined).length;
      sum += Math.floor((size * having) / nodes.length);
    }
    const max = MAX_CONTAINER_THRESHOLD * containers.length;
    const clamped = Math.min(Math.max(sum, MIN_THRESHOLD), max);
    return Math.floor((MAX_NODE_SCORE * (clamped - MIN_THRESHOLD)) / (max - MIN_THRESHOLD));
  },
};

function imageSize({ node }: NodeInfo, name: string): number | undefined {
  return node?.status?.images?.find((image) => image.names?.includes(name))?.sizeBytes;
}

/** Adds ":latest" to a name without a tag or digest. */
function normalizedImageName(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
