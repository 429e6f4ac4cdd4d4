import type { Container, Pod } from 'kubernetes-types/core/v1';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { LinuxResources } from '../../cri/runtime-service.ts';
import { isCriticalPod } from '../types.ts';

const MIN_SHARES = 2;
const SHARES_PER_CPU = 1024;
const QUOTA_PERIOD = 100_000;
const MIN_QUOTA = 1000;

const milli = (text: string | undefined) => (text === undefined ? 0 : Quantity.parse(text).milliValue());
const bytes = (text: string | undefined) => (text === undefined ? 0 : Quantity.parse(text).value());

/** A container's limits as the runtime gets them. Models generateLinuxContainerResources. */
export function linuxResources(pod: Pod, container: Container, memoryCapacity: number): LinuxResources {
  const { requests, limits } = container.resources ?? {};
  const cpuRequest = milli(requests?.['cpu'] ?? limits?.['cpu']);
  const cpuLimit = milli(limits?.['cpu']);
  return {
    memoryLimitBytes: bytes(limits?.['memory']),
    cpuShares: Math.max(MIN_SHARES, Math.floor((cpuRequest * SHARES_PER_CPU) / 1000)),
    cpuQuota: cpuLimit === 0 ? 0 : Math.max(MIN_QUOTA, Math.floor((cpuLimit * QUOTA_PERIOD) / 1000)),
    oomScoreAdj: oomScoreAdj(pod, container, memoryCapacity),
  };
}

/** Who is killed first when a machine has no memory left. Models pkg/kubelet/qos GetContainerOOMScoreAdjust. */
function oomScoreAdj(pod: Pod, container: Container, memoryCapacity: number): number {
  if (isCriticalPod(pod)) return -997;
  switch (pod.status?.qosClass) {
    case 'Guaranteed':
      return -997;
    case 'Burstable': {
      const request = bytes(container.resources?.requests?.['memory']);
      const score = 1000 - Math.floor((1000 * request) / memoryCapacity);
      return Math.min(999, Math.max(3, score));
    }
    default:
      return 1000;
  }
}
