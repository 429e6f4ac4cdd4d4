import type { Plugin } from '../framework/interface.ts';
import type { Handle } from './handle.ts';
import { imageLocality } from './image-locality/image-locality.ts';
import { interPodAffinity } from './inter-pod-affinity/inter-pod-affinity.ts';
import { nodeAffinity } from './node-affinity/node-affinity.ts';
import { nodeName } from './node-name/node-name.ts';
import { nodePorts } from './node-ports/node-ports.ts';
import { nodeResourcesBalancedAllocation } from './node-resources/balanced-allocation.ts';
import { nodeResourcesFit } from './node-resources/fit.ts';
import { nodeUnschedulable } from './node-unschedulable/node-unschedulable.ts';
import { podTopologySpread } from './pod-topology-spread/pod-topology-spread.ts';
import { taintToleration } from './taint-toleration/taint-toleration.ts';
import { volumeBinding } from './volume-binding/volume-binding.ts';
import { volumeRestrictions } from './volume-restrictions/volume-restrictions.ts';
import { volumeZone } from './volume-zone/volume-zone.ts';

/** The default plugins, in the order in which they run. Models pkg/scheduler/apis/config/v1 getDefaultPlugins. */
export function defaultPlugins(handle: Handle): readonly Plugin[] {
  return [
    nodeUnschedulable,
    nodeName,
    taintToleration,
    nodeAffinity,
    nodePorts,
    nodeResourcesFit,
    volumeRestrictions(handle),
    volumeBinding(handle),
    volumeZone(handle),
    podTopologySpread(handle),
    interPodAffinity(handle),
    nodeResourcesBalancedAllocation,
    imageLocality(handle),
  ];
}
