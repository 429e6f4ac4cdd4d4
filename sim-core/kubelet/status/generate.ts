import type { ContainerStatus, Pod, PodCondition, PodStatus } from 'kubernetes-types/core/v1';
import { isFinished, isSidecar } from '../types.ts';

/** A condition without the time of its last change: the status manager fills that in. */
type Condition = PodCondition;

const condition = (type: string, ok: boolean, reason?: string, message?: string): Condition => ({
  type,
  status: ok ? 'True' : 'False',
  ...(reason !== undefined && { reason }),
  ...(message !== undefined && { message }),
});

/** Conditions that the kubelet owns, in the order in which it writes them. */
export const KUBELET_CONDITIONS: readonly string[] = [
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
  'PodResizePending',
  'PodResizeInProgress',
];

/** What the conditions say of a pod with these container statuses. Models pkg/kubelet/status/generate.go. */
export function generateConditions(
  pod: Pod,
  status: Pick<PodStatus, 'phase' | 'initContainerStatuses' | 'containerStatuses'>,
  hasReadySandbox: boolean,
): Condition[] {
  const containersReady = containersReadyCondition(pod, status);
  return [
    condition('PodReadyToStartContainers', hasReadySandbox),
    initializedCondition(pod, status),
    readyCondition(pod, containersReady),
    containersReady,
    condition('PodScheduled', true),
  ];
}

function initializedCondition(
  pod: Pod,
  {
    phase,
    initContainerStatuses,
    containerStatuses,
  }: Pick<PodStatus, 'phase' | 'initContainerStatuses' | 'containerStatuses'>,
): Condition {
  const inits = pod.spec!.initContainers ?? [];
  if (phase === 'Succeeded' && (containerStatuses?.length ?? 0) > 0) {
    return condition('Initialized', true, 'PodCompleted');
  }
  const incomplete = inits
    .filter((container) => {
      const own = initContainerStatuses?.find(({ name }) => name === container.name);
      return isSidecar(container) ? own?.started !== true : own?.ready !== true;
    })
    .map(({ name }) => name);
  const hasStarted = containerStatuses?.some(({ state }) => state?.running || state?.terminated) ?? false;
  if (incomplete.length > 0 && !hasStarted) {
    return condition(
      'Initialized',
      false,
      'ContainersNotInitialized',
      `containers with incomplete status: ${listText(incomplete)}`,
    );
  }
  return condition('Initialized', true);
}

function containersReadyCondition(
  pod: Pod,
  {
    phase,
    initContainerStatuses,
    containerStatuses,
  }: Pick<PodStatus, 'phase' | 'initContainerStatuses' | 'containerStatuses'>,
): Condition {
  const sidecars = (pod.spec!.initContainers ?? []).filter(isSidecar);
  const all = [...(initContainerStatuses ?? []), ...(containerStatuses ?? [])];
  const unready = [...sidecars, ...pod.spec!.containers]
    .map(({ name }) => name)
    .filter((name) => all.find((own) => own.name === name)?.ready !== true);
  if (phase === 'Succeeded') return condition('ContainersReady', false, 'PodCompleted');
  if (phase === 'Failed') return condition('ContainersReady', false, 'PodFailed');
  if (unready.length === 0) return condition('ContainersReady', true);
  return condition(
    'ContainersReady',
    false,
    'ContainersNotReady',
    `containers with unready status: ${listText(unready)}`,
  );
}

function readyCondition(pod: Pod, containersReady: Condition): Condition {
  if (containersReady.status !== 'True') return { ...containersReady, type: 'Ready' };
  const missing = (pod.spec!.readinessGates ?? []).filter(
    ({ conditionType }) =>
      pod.status?.conditions?.find(({ type }) => type === conditionType)?.status !== 'True',
  );
  if (missing.length === 0) return condition('Ready', true);
  const words = missing.map(({ conditionType }) => {
    const found = pod.status?.conditions?.some(({ type }) => type === conditionType);
    return found
      ? `the status of pod readiness gate ${JSON.stringify(conditionType)} is not "True", but False`
      : `corresponding condition of pod readiness gate ${JSON.stringify(conditionType)} does not exist.`;
  });
  return condition('Ready', false, 'ReadinessGatesNotReady', words.join(', '));
}

/** Models pkg/kubelet/kubelet_pods.go getPhase. */
export function podPhase(
  pod: Pod,
  inits: readonly ContainerStatus[],
  containers: readonly ContainerStatus[],
  podIsTerminal: boolean,
): 'Pending' | 'Running' | 'Succeeded' | 'Failed' {
  if (isFinished(pod.status)) return pod.status!.phase as 'Succeeded' | 'Failed';
  const spec = pod.spec!;
  let pendingInit = 0;
  let failedInit = 0;
  for (const container of spec.initContainers ?? []) {
    const own = inits.find(({ name }) => name === container.name);
    if (isSidecar(container)) {
      if (own?.started !== true) pendingInit++;
    } else if (own?.state?.terminated !== undefined) {
      if (own.state.terminated.exitCode !== 0) failedInit++;
    } else if (own?.state?.waiting !== undefined && own.lastState?.terminated !== undefined) {
      if (own.lastState.terminated.exitCode !== 0) failedInit++;
    } else {
      pendingInit++;
    }
  }
  let running = 0;
  let waiting = 0;
  let succeeded = 0;
  let stopped = 0;
  let unknown = 0;
  for (const { name } of spec.containers) {
    const own = containers.find((candidate) => candidate.name === name);
    if (own?.state?.running !== undefined) running++;
    else if (own?.state?.terminated !== undefined) {
      stopped++;
      if (own.state.terminated.exitCode === 0) succeeded++;
    } else if (own?.state?.waiting !== undefined) {
      if (own.lastState?.terminated !== undefined) stopped++;
      else waiting++;
    } else {
      unknown++;
    }
  }
  if (failedInit > 0 && spec.restartPolicy === 'Never') return 'Failed';
  const hasStarted = running + stopped > 0;
  if (pendingInit > 0 && !hasStarted) return podIsTerminal ? 'Failed' : 'Pending';
  if (waiting > 0) return podIsTerminal ? 'Failed' : 'Pending';
  if (running > 0 && unknown === 0) return 'Running';
  if (running === 0 && stopped > 0 && unknown === 0) {
    if (podIsTerminal) return stopped === succeeded ? 'Succeeded' : 'Failed';
    if (spec.restartPolicy === 'Always') return 'Running';
    if (stopped === succeeded) return 'Succeeded';
    return spec.restartPolicy === 'Never' ? 'Failed' : 'Running';
  }
  return 'Pending';
}

/** "[a b]": how Go prints a slice. */
function listText(names: readonly string[]): string {
  return `[${names.join(' ')}]`;
}
