import type { Node, NodeCondition, NodeStatus } from 'kubernetes-types/core/v1';
import { formatTime } from '../../apimachinery/object.ts';
import type { ImageStatus, RuntimeCondition } from '../../cri/runtime-service.ts';
import type { Machine } from '../../node/machine.ts';
import { DISK_KIB, OS_RELEASE } from '../../node/simulated-machine.ts';
import { KUBERNETES_VERSION } from '../../version.ts';

/** What a kubelet knows of its machine when it reports. */
export interface NodeFacts {
  readonly machine: Machine;
  readonly runtimeVersion: string;
  readonly runtimeConditions: readonly RuntimeCondition[];
  readonly images: readonly ImageStatus[];
  /** Little memory is left. */
  readonly memoryPressure: boolean;
  readonly ids: { readonly machineID: string; readonly systemUUID: string; readonly bootID: string };
}

/** The kubelet's own port. */
export const KUBELET_PORT = 10250;

const MAX_PODS = '110';
const MAX_IMAGES = 50;
/** The disk of a node, and what of it pods may use. */
const EPHEMERAL_STORAGE = { capacity: `${DISK_KIB}Ki`, allocatable: '18556039957' };
/** Memory that is kept back: the hard eviction threshold, 100 MiB. */
const EVICTION_MEMORY_KIB = 100 * 1024;

/** What a machine has and what of it pods may use. */
export function nodeResources(machine: Machine): {
  readonly capacity: Record<string, string>;
  readonly allocatable: Record<string, string>;
} {
  const resources = (memoryKiB: number, storage: string) => ({
    cpu: String(machine.cpus),
    'ephemeral-storage': storage,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${memoryKiB}Ki`,
    pods: MAX_PODS,
  });
  return {
    capacity: resources(machine.memoryKiB, EPHEMERAL_STORAGE.capacity),
    allocatable: resources(machine.memoryKiB - EVICTION_MEMORY_KIB, EPHEMERAL_STORAGE.allocatable),
  };
}

const CALM_CONDITIONS: readonly {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}[] = [
  {
    type: 'MemoryPressure',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  { type: 'DiskPressure', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' },
  { type: 'PIDPressure', reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available' },
];

/**
 * The status of a node as its kubelet sees it; conditions of others are kept.
 *
 * Models pkg/kubelet/nodestatus/setters.go.
 */
export function nodeStatus(node: Node, facts: NodeFacts, now: number): NodeStatus {
  const { machine } = facts;
  const own = conditionsOf(node, facts, now);
  const others = (node.status?.conditions ?? []).filter(
    ({ type }) => !own.some((condition) => condition.type === type),
  );
  return {
    ...node.status,
    addresses: [
      { address: machine.address, type: 'InternalIP' },
      { address: machine.hostname, type: 'Hostname' },
    ],
    ...nodeResources(machine),
    conditions: [...others, ...own],
    daemonEndpoints: { kubeletEndpoint: { Port: KUBELET_PORT } },
    images: facts.images
      .map(({ repoTags, repoDigests, size }) => ({
        names: [...repoDigests, ...repoTags],
        sizeBytes: size,
      }))
      .sort((a, b) => b.sizeBytes - a.sizeBytes)
      .slice(0, MAX_IMAGES),
    nodeInfo: {
      architecture: OS_RELEASE.architecture,
      ...facts.ids,
      containerRuntimeVersion: facts.runtimeVersion,
      kernelVersion: OS_RELEASE.kernel,
      kubeProxyVersion: '',
      kubeletVersion: KUBERNETES_VERSION,
      operatingSystem: 'linux',
      osImage: OS_RELEASE.prettyName,
    },
  };
}

const MEMORY_PRESSURE = {
  reason: 'KubeletHasInsufficientMemory',
  message: 'kubelet has insufficient memory available',
} as const;

function conditionsOf(
  node: Node,
  { runtimeConditions, memoryPressure }: NodeFacts,
  now: number,
): NodeCondition[] {
  const time = formatTime(now);
  const make = (type: string, status: 'True' | 'False', reason: string, message: string): NodeCondition => {
    const old = node.status?.conditions?.find((condition) => condition.type === type);
    return {
      lastHeartbeatTime: time,
      lastTransitionTime: old?.status === status ? (old.lastTransitionTime ?? time) : time,
      message,
      reason,
      status,
      type,
    };
  };
  const broken = runtimeConditions.filter(({ status }) => !status);
  const ready =
    broken.length === 0
      ? make('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')
      : make('Ready', 'False', 'KubeletNotReady', broken.map(runtimeProblem).join(', '));
  const pressures = CALM_CONDITIONS.map(({ type, reason, message }) =>
    type === 'MemoryPressure' && memoryPressure
      ? make(type, 'True', MEMORY_PRESSURE.reason, MEMORY_PRESSURE.message)
      : make(type, 'False', reason, message),
  );
  return [...pressures, ready];
}

/** "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:…". */
export function runtimeProblem({ type, status, reason, message }: RuntimeCondition): string {
  const what = type === 'NetworkReady' ? 'container runtime network' : 'container runtime';
  return `${what} not ready: ${type}=${status} reason:${reason} message:${message}`;
}
