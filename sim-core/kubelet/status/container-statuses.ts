import type { Container, ContainerState, ContainerStatus, Pod } from 'kubernetes-types/core/v1';
import { deepCopy } from '../../apimachinery/copy.ts';
import { formatTime } from '../../apimachinery/object.ts';
import type { ContainerStatus as RuntimeContainerStatus } from '../../cri/runtime-service.ts';
import { shouldRestart } from '../kuberuntime/pod-actions.ts';
import type { RuntimePodStatus } from '../kuberuntime/pod-status.ts';
import { restartCountOf } from '../kuberuntime/pod-status.ts';
import type { ReasonCache } from '../kuberuntime/reason-cache.ts';
import { uidOf } from '../types.ts';

/**
 * The statuses of `containers` as the apiserver is told, without ready and started.
 *
 * Models pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses.
 */
export function containerStatuses(
  pod: Pod,
  containers: readonly Container[],
  known: readonly ContainerStatus[],
  runtime: RuntimePodStatus,
  reasons: ReasonCache,
): ContainerStatus[] {
  const hasInit = (pod.spec!.initContainers ?? []).length > 0;
  return containers.map((container) => {
    const [newest, older] = runtime.containers.filter(({ metadata }) => metadata.name === container.name);
    const base = newest === undefined ? undefined : statusOf(newest);
    const reason = reasons.get(uidOf(pod), container.name);
    const waiting = (why: string, message?: string): ContainerState => ({
      waiting: { ...(message !== undefined && { message }), reason: why },
    });
    const initial = waiting(hasInit ? 'PodInitializing' : 'ContainerCreating');
    if (base === undefined) {
      const old = known.find(({ name }) => name === container.name);
      if (old?.state?.terminated !== undefined) return deepCopy(old);
      return {
        name: container.name,
        state: reason === undefined ? initial : waiting(reason.reason, reason.message),
        lastState: old?.lastState ?? {},
        ready: false,
        restartCount: old?.restartCount ?? 0,
        image: container.image ?? '',
        imageID: '',
        started: false,
      };
    }
    const lastState: ContainerState = older === undefined ? {} : stateOf(older);
    const status: ContainerStatus = {
      name: container.name,
      state: newest!.state === 'CONTAINER_CREATED' ? initial : stateOf(newest!),
      lastState,
      ready: false,
      restartCount: restartCountOf(newest!),
      ...base,
      ...mountStatuses(container),
    };
    if (reason !== undefined && shouldRestart(pod, container, newest)) {
      status.lastState = stateOf(newest!);
      status.state = waiting(reason.reason, reason.message);
    }
    return status;
  });
}

function statusOf(
  container: RuntimeContainerStatus,
): Pick<ContainerStatus, 'image' | 'imageID' | 'containerID' | 'started'> {
  return {
    image: container.image,
    imageID: container.imageRef,
    containerID: containerId(container.id),
    started: false,
  };
}

function stateOf(container: RuntimeContainerStatus): ContainerState {
  if (container.state === 'CONTAINER_RUNNING') {
    return { running: { startedAt: formatTime(container.startedAt) } };
  }
  if (container.state === 'CONTAINER_CREATED') return {};
  const { exitCode, reason, message, startedAt, finishedAt } = container;
  return {
    terminated: {
      containerID: containerId(container.id),
      exitCode,
      finishedAt: formatTime(finishedAt),
      ...(message !== '' && { message }),
      reason,
      startedAt: startedAt === 0 ? UNIX_EPOCH : formatTime(startedAt),
    },
  };
}

const UNIX_EPOCH = '1970-01-01T00:00:00Z';

/** "containerd://<id>". */
export function containerId(id: string): string {
  return `containerd://${id}`;
}

function mountStatuses({ volumeMounts }: Container): object {
  if (volumeMounts === undefined || volumeMounts.length === 0) return {};
  return {
    volumeMounts: volumeMounts.map(({ mountPath, name, readOnly }) => ({
      mountPath,
      name,
      ...(readOnly === true && { readOnly, recursiveReadOnly: 'Disabled' }),
    })),
  };
}
