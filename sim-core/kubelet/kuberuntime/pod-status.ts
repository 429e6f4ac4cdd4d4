import type { Pod } from 'kubernetes-types/core/v1';
import type { ContainerStatus, PodSandboxStatus, RuntimeService } from '../../cri/runtime-service.ts';
import { nameOf, namespaceOf, uidOf } from '../types.ts';

/** Labels and annotations of sandboxes and containers. Models pkg/kubelet/types/labels.go. */
const POD_NAME_LABEL = 'io.kubernetes.pod.name';
const POD_NAMESPACE_LABEL = 'io.kubernetes.pod.namespace';
export const POD_UID_LABEL = 'io.kubernetes.pod.uid';
export const CONTAINER_NAME_LABEL = 'io.kubernetes.container.name';
export const CONTAINER_HASH = 'io.kubernetes.container.hash';
export const CONTAINER_RESTART_COUNT = 'io.kubernetes.container.restartCount';

/**
 * What the runtime has of a pod, newest first.
 * Models pkg/kubelet/container/runtime.go PodStatus.
 */
export interface RuntimePodStatus {
  readonly uid: string;
  readonly sandboxes: readonly PodSandboxStatus[];
  readonly containers: readonly ContainerStatus[];
}

export async function runtimePodStatus(runtime: RuntimeService, uid: string): Promise<RuntimePodStatus> {
  const labels = { [POD_UID_LABEL]: uid };
  const sandboxes = await runtime.listPodSandbox({ labels });
  const containers = await runtime.listContainers({ labels });
  return { uid, sandboxes, containers };
}

/** The newest instance of a container. */
export function findContainer(status: RuntimePodStatus, name: string): ContainerStatus | undefined {
  return status.containers.find((container) => container.metadata.name === name);
}

/** The newest sandbox, if it runs. */
export function readySandbox(status: RuntimePodStatus): PodSandboxStatus | undefined {
  const [newest] = status.sandboxes;
  return newest?.state === 'SANDBOX_READY' ? newest : undefined;
}

export function restartCountOf(container: ContainerStatus): number {
  return Number(container.annotations[CONTAINER_RESTART_COUNT] ?? 0);
}

export function podLabels(pod: Pod): Record<string, string> {
  return {
    ...pod.metadata?.labels,
    [POD_NAME_LABEL]: nameOf(pod),
    [POD_NAMESPACE_LABEL]: namespaceOf(pod),
    [POD_UID_LABEL]: uidOf(pod),
  };
}
