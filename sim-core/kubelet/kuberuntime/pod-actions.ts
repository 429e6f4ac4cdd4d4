import type { Container, Pod } from 'kubernetes-types/core/v1';
import type { ContainerStatus } from '../../cri/runtime-service.ts';
import { isSidecar } from '../types.ts';
import type { RuntimePodStatus } from './pod-status.ts';
import { CONTAINER_HASH, findContainer, readySandbox } from './pod-status.ts';

/** What is to be done so that the runtime has what the pod says. Models kuberuntime podActions. */
export interface PodActions {
  /** Stop everything, because there is no usable sandbox or nothing is left to run. */
  readonly killPod: boolean;
  readonly createSandbox: boolean;
  readonly attempt: number;
  /** The sandbox to use; undefined if a new one is needed. */
  readonly sandboxId: string | undefined;
  readonly initContainersToStart: readonly Container[];
  readonly containersToStart: readonly Container[];
  readonly containersToKill: readonly {
    readonly container: Container;
    readonly status: ContainerStatus;
    readonly message: string;
    readonly reason: 'startupProbe' | 'livenessProbe' | 'changed';
  }[];
}

/** Whether a probe gave a running container up. */
export interface ProbeVerdicts {
  failedLiveness(containerId: string): boolean;
  failedStartup(containerId: string): boolean;
}

/** A number that changes when a running container must be replaced. Models HashContainer. */
export function containerHash({ name, image }: Container): string {
  return `${name}/${image}`;
}

/** Models kuberuntime computePodActions. */
export function computePodActions(pod: Pod, status: RuntimePodStatus, verdicts: ProbeVerdicts): PodActions {
  const spec = pod.spec!;
  const sandbox = readySandbox(status);
  if (sandbox === undefined) return newSandboxActions(pod, status);

  const base = {
    killPod: false,
    createSandbox: false,
    attempt: sandbox.metadata.attempt,
    sandboxId: sandbox.id,
    initContainersToStart: [],
    containersToStart: [],
    containersToKill: [],
  };
  const init = initActions(pod, status);
  if (init.failed) return { ...base, killPod: true, sandboxId: undefined };
  if (!init.done) return { ...base, initContainersToStart: init.start };

  const containersToStart: Container[] = [];
  const containersToKill: PodActions['containersToKill'][number][] = [];
  let kept = 0;
  for (const container of spec.containers) {
    const instance = findContainer(status, container.name);
    if (instance?.state !== 'CONTAINER_RUNNING') {
      if (shouldRestart(pod, container, instance)) containersToStart.push(container);
      continue;
    }
    const restarts = spec.restartPolicy !== 'Never';
    if (instance.annotations[CONTAINER_HASH] !== containerHash(container)) {
      const message = `Container ${container.name} definition changed, will be restarted`;
      containersToKill.push({ container, status: instance, message, reason: 'changed' });
      containersToStart.push(container);
    } else if (verdicts.failedLiveness(instance.id) || verdicts.failedStartup(instance.id)) {
      const which = verdicts.failedLiveness(instance.id) ? 'liveness' : 'startup';
      const message = `Container ${container.name} failed ${which} probe${restarts ? ', will be restarted' : ''}`;
      containersToKill.push({
        container,
        status: instance,
        message,
        reason: which === 'liveness' ? 'livenessProbe' : 'startupProbe',
      });
      if (restarts) containersToStart.push(container);
    } else {
      kept++;
    }
  }
  const killPod = kept === 0 && containersToStart.length === 0 && containersToKill.length === 0;
  return { ...base, killPod, initContainersToStart: init.start, containersToStart, containersToKill };
}

function newSandboxActions(pod: Pod, status: RuntimePodStatus): PodActions {
  const spec = pod.spec!;
  const [newest] = status.sandboxes;
  const attempt = newest === undefined ? 0 : newest.metadata.attempt + 1;
  const hasRun = status.containers.length > 0;
  // A pod that is not to be restarted and has run is done with; its sandbox stays away.
  const isOver =
    newest !== undefined &&
    hasRun &&
    (spec.restartPolicy === 'Never'
      ? true
      : spec.restartPolicy === 'OnFailure' &&
        spec.containers.every(({ name }) => isSuccess(findContainer(status, name))));
  const inits = spec.initContainers ?? [];
  return {
    killPod: true,
    createSandbox: !isOver,
    attempt,
    sandboxId: undefined,
    initContainersToStart: isOver || inits.length === 0 ? [] : inits.slice(0, 1),
    containersToStart: isOver || inits.length > 0 ? [] : spec.containers,
    containersToKill: [],
  };
}

/** Init containers run one after another; a sidecar counts as done once it has started. */
function initActions(
  pod: Pod,
  status: RuntimePodStatus,
): { done: boolean; failed: boolean; start: readonly Container[] } {
  const start: Container[] = [];
  // Once a main container has run in this sandbox, all init containers were through.
  const sandboxId = readySandbox(status)?.id;
  const hasStartedMain = pod.spec!.containers.some(
    ({ name }) => findContainer(status, name)?.podSandboxId === sandboxId,
  );
  for (const container of pod.spec!.initContainers ?? []) {
    const instance = findContainer(status, container.name);
    const inThisSandbox = instance?.podSandboxId === sandboxId ? instance : undefined;
    if (isSidecar(container)) {
      if (inThisSandbox?.state !== 'CONTAINER_RUNNING') {
        start.push(container);
        if (!hasStartedMain) return { done: false, failed: false, start };
      }
      continue;
    }
    if (hasStartedMain || isSuccess(inThisSandbox)) continue;
    if (inThisSandbox === undefined || inThisSandbox.state === 'CONTAINER_CREATED') {
      return { done: false, failed: false, start: [container] };
    }
    if (inThisSandbox.state === 'CONTAINER_RUNNING') return { done: false, failed: false, start: [] };
    if (pod.spec!.restartPolicy === 'Never') return { done: false, failed: true, start: [] };
    return { done: false, failed: false, start: [container] };
  }
  return { done: true, failed: false, start };
}

function isSuccess(container: ContainerStatus | undefined): boolean {
  return container?.state === 'CONTAINER_EXITED' && container.exitCode === 0;
}

/** Models pkg/kubelet/container/helpers.go ShouldContainerBeRestarted. */
export function shouldRestart(
  pod: Pod,
  container: Container,
  instance: ContainerStatus | undefined,
): boolean {
  if (pod.metadata?.deletionTimestamp !== undefined) return false;
  if (instance === undefined || instance.state === 'CONTAINER_CREATED') return true;
  if (instance.state === 'CONTAINER_RUNNING') return false;
  if (isSidecar(container)) return true;
  switch (pod.spec!.restartPolicy) {
    case 'Never':
      return false;
    case 'OnFailure':
      return instance.exitCode !== 0;
    default:
      return true;
  }
}
