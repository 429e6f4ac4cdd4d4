import type { Container, ContainerState, ContainerStatus, Pod } from 'kubernetes-types/core/v1';
import { deepCopy } from '../../apimachinery/copy.ts';
import { formatTime } from '../../apimachinery/object.ts';
import type { ContainerStatus as RuntimeContainerStatus } from '../../cri/runtime-service.ts';
import { shouldRestart } from '../kuberuntime/restart-policy.ts';
import type { RuntimePodStatus } from '../kuberuntime/pod-status.ts';
import { restartCountOf } from '../kuberuntime/pod-status.ts';
import type { ReasonCache } from '../kuberuntime/reason-cache.ts';
import { uidOf } from '../types.ts';

type Resources = NonNullable<Container['resources']>;

/** What the statuses of containers are made from, beside the runtime. */
export interface ContainerStatusSources {
  readonly runtime: RuntimePodStatus;
  readonly reasons: ReasonCache;
  /** What was last told of these containers. */
  readonly known: readonly ContainerStatus[];
  /** What a program left at its terminationMessagePath, or said last. */
  terminationMessage(container: Container, instance: RuntimeContainerStatus): string;
  /** The resources that a running container has now, and those that the node set aside for it. */
  resourcesOf(container: Container): { readonly actual: Resources; readonly allocated: Resources };
}

/**
 * The statuses of `containers` as the apiserver is told, without ready and started.
 *
 * Models pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses.
 */
export function containerStatuses(
  pod: Pod,
  containers: readonly Container[],
  sources: ContainerStatusSources,
  hasInitContainers: boolean,
): ContainerStatus[] {
  const { runtime, reasons, known } = sources;
  return containers.map((container) => {
    const [newest, older] = runtime.containers.filter(({ metadata }) => metadata.name === container.name);
    const reason = reasons.get(uidOf(pod), container.name);
    const waiting = (why: string, message?: string): ContainerState => ({
      waiting: { ...(message !== undefined && { message }), reason: why },
    });
    const initial = waiting(hasInitContainers ? 'PodInitializing' : 'ContainerCreating');
    if (newest === undefined) {
      const old = known.find(({ name }) => name === container.name);
      if (old?.state?.terminated !== undefined) return deepCopy(old);
      // It ran, and the runtime knows nothing of it any more.
      if (old?.state?.running !== undefined) return lostStatus(pod, container, old, initial);
      return {
        name: container.name,
        state: reason === undefined ? initial : waiting(reason.reason, reason.message),
        lastState: old?.lastState ?? {},
        ready: false,
        restartCount: old?.restartCount ?? 0,
        image: container.image ?? '',
        imageID: '',
        started: false,
        ...mountStatuses(container),
      };
    }
    const stateOf = (instance: RuntimeContainerStatus) =>
      containerState(instance, () => sources.terminationMessage(container, instance));
    const status: ContainerStatus & Extras = {
      name: container.name,
      state: newest.state === 'CONTAINER_CREATED' ? initial : stateOf(newest),
      lastState: older === undefined ? {} : stateOf(older),
      ready: false,
      restartCount: restartCountOf(newest),
      image: newest.image,
      imageID: newest.imageRef,
      containerID: containerId(newest.id),
      started: false,
      ...resourceStatuses(container, newest, sources),
      ...mountStatuses(container),
      ...(newest.state === 'CONTAINER_RUNNING' && { user: userStatus(newest) }),
    };
    if (reason !== undefined && shouldRestart(pod, container, newest)) {
      status.lastState = stateOf(newest);
      status.state = waiting(reason.reason, reason.message);
    }
    return status;
  });
}

/** Fields of a status that are newer than its type. */
interface Extras {
  allocatedResources?: Readonly<Record<string, string>>;
  resources?: Resources;
  user?: object;
}

function resourceStatuses(
  container: Container,
  { state }: RuntimeContainerStatus,
  sources: ContainerStatusSources,
): Extras {
  const { actual, allocated } = sources.resourcesOf(container);
  if (state !== 'CONTAINER_RUNNING') {
    return allocated.requests === undefined
      ? {}
      : { allocatedResources: allocated.requests, resources: actual };
  }
  return {
    ...(allocated.requests !== undefined && { allocatedResources: allocated.requests }),
    resources: actual,
  };
}

function userStatus({ user: { uid, gid, groups } }: RuntimeContainerStatus): object {
  return { linux: { gid, supplementalGroups: [...groups], uid } };
}

/** Models the case of a container that was running and is gone. */
function lostStatus(
  pod: Pod,
  container: Container,
  old: ContainerStatus,
  initial: ContainerState,
): ContainerStatus {
  const terminated = {
    terminated: {
      exitCode: SIGKILL_EXIT,
      reason: 'ContainerStatusUnknown',
      message:
        'The container could not be located when the pod was deleted.  The container used to be Running',
      startedAt: null as unknown as string,
      finishedAt: null as unknown as string,
    },
  };
  const base = { ...deepCopy(old), ready: false, started: false };
  if (pod.spec!.restartPolicy === 'Never' || !shouldRestart(pod, container, undefined)) {
    return { ...base, state: terminated };
  }
  return { ...base, state: initial, lastState: terminated, restartCount: old.restartCount + 1 };
}
const SIGKILL_EXIT = 137;

function containerState(container: RuntimeContainerStatus, messageOf: () => string): ContainerState {
  if (container.state === 'CONTAINER_RUNNING') {
    return { running: { startedAt: formatTime(container.startedAt) } };
  }
  if (container.state === 'CONTAINER_CREATED') return {};
  const { exitCode, reason, startedAt, finishedAt } = container;
  const message = messageOf() || container.message;
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
