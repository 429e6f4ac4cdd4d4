import type { Container, Pod } from 'kubernetes-types/core/v1';
import type { ContainerStatus } from '../../cri/runtime-service.ts';
import { ephemeralContainersOf, isSidecar } from '../types.ts';
import { isFailedInit, isSuccess, restartsOnFailure, shouldRestart } from './restart-policy.ts';
import type { RuntimePodStatus } from './pod-status.ts';
import { CONTAINER_HASH, findContainer, readySandbox } from './pod-status.ts';

/** Why a container is stopped; it decides how long it may take. */
export type KillReason = 'startupProbe' | 'livenessProbe' | 'postStart' | 'changed' | undefined;

interface ContainerToKill {
  readonly container: Container;
  readonly status: ContainerStatus;
  readonly message: string;
  readonly reason: KillReason;
}

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
  readonly ephemeralContainersToStart: readonly Container[];
  readonly containersToKill: readonly ContainerToKill[];
}

/** What probes say of a container; undefined for nothing yet. */
export interface ProbeVerdicts {
  liveness(containerId: string): boolean | undefined;
  startup(containerId: string): boolean | undefined;
}

/**
 * A text that changes when a running container must be replaced: its name and image alone, since nothing
 * else of it can change. Models HashContainer.
 */
export function containerHash({ name, image }: Container): string {
  return `${name}/${image}`;
}

const hasChanged = (container: Container, { annotations }: ContainerStatus) =>
  annotations[CONTAINER_HASH] !== containerHash(container);

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
    // They are never restarted.
    ephemeralContainersToStart: ephemeralContainersOf(pod).filter(
      ({ name }) => findContainer(status, name) === undefined,
    ),
    containersToKill: [],
  };
  const init = initActions(pod, status, verdicts);
  if (init.failed) return { ...base, killPod: true, sandboxId: undefined };
  const actions = { ...base, initContainersToStart: init.start, containersToKill: init.kill };
  if (!init.done) return actions;

  const containersToStart: Container[] = [];
  const containersToKill = [...init.kill];
  let kept = 0;
  for (const container of spec.containers) {
    const instance = findContainer(status, container.name);
    if (instance?.state !== 'CONTAINER_RUNNING') {
      if (shouldRestart(pod, container, instance)) containersToStart.push(container);
      continue;
    }
    const fault = faultOf(container, instance, verdicts);
    if (fault === undefined) {
      kept++;
      continue;
    }
    const restarts = fault.reason === 'changed' || restartsOnFailure(pod, container);
    const message = `Container ${container.name} ${fault.words}${restarts ? ', will be restarted' : ''}`;
    containersToKill.push({ container, status: instance, message, reason: fault.reason });
    if (restarts) containersToStart.push(container);
  }
  const isOver = kept === 0 && containersToStart.length === 0;
  return {
    ...actions,
    killPod: isOver,
    initContainersToStart: isOver ? [] : init.start,
    containersToStart,
    containersToKill,
  };
}

/** Why a running container cannot stay as it is. */
function faultOf(
  container: Container,
  instance: ContainerStatus,
  verdicts: ProbeVerdicts,
): { readonly words: string; readonly reason: KillReason } | undefined {
  if (hasChanged(container, instance)) return { words: 'definition changed', reason: 'changed' };
  if (verdicts.liveness(instance.id) === false)
    return { words: 'failed liveness probe', reason: 'livenessProbe' };
  if (verdicts.startup(instance.id) === false)
    return { words: 'failed startup probe', reason: 'startupProbe' };
  return undefined;
}

/** Models the part of computePodActions for a pod without a usable sandbox, and PodSandboxChanged. */
function newSandboxActions(pod: Pod, status: RuntimePodStatus): PodActions {
  const spec = pod.spec!;
  const [newest] = status.sandboxes;
  const attempt = newest === undefined ? 0 : newest.metadata.attempt + 1;
  const base = {
    killPod: true,
    createSandbox: false,
    attempt,
    sandboxId: undefined,
    initContainersToStart: [],
    containersToStart: [],
    ephemeralContainersToStart: [],
    containersToKill: [],
  };
  const mayRestart = spec.containers.some((container) => restartsOnFailure(pod, container));
  if (!mayRestart && attempt !== 0 && status.containers.length > 0) return base;
  const inits = spec.initContainers ?? [];
  const toStart = spec.containers.filter((container) => {
    const instance = findContainer(status, container.name);
    return (container.restartPolicy ?? spec.restartPolicy) !== 'OnFailure' || !isSuccess(instance);
  });
  const initialized = inits.every((init) => isSuccess(findContainer(status, init.name)) || isSidecar(init));
  if (toStart.length === 0 && (inits.length === 0 || initialized)) return base;
  return {
    ...base,
    createSandbox: true,
    initContainersToStart: inits.slice(0, 1),
    containersToStart: inits.length > 0 ? [] : toStart,
  };
}

interface InitActions {
  readonly done: boolean;
  readonly failed: boolean;
  readonly start: readonly Container[];
  readonly kill: readonly ContainerToKill[];
}

/**
 * Init containers run one after another; a sidecar counts as done once it has started, and is kept
 * running from then on. Looked at from the last, since the first may have been removed by now.
 *
 * Models computeInitContainerActions.
 */
function initActions(pod: Pod, status: RuntimePodStatus, verdicts: ProbeVerdicts): InitActions {
  const inits = pod.spec!.initContainers ?? [];
  if (inits.length === 0) return { done: true, failed: false, start: [], kill: [] };
  const sandboxId = readySandbox(status)?.id;
  // Instances of an earlier sandbox do not count for this one.
  const instanceOf = (name: string) => {
    const found = findContainer(status, name);
    return found?.podSandboxId === sandboxId ? found : undefined;
  };
  let done = pod.spec!.containers.some(({ name }) => {
    const instance = instanceOf(name);
    return instance !== undefined && (instance.state !== 'CONTAINER_EXITED' || instance.startedAt > 0);
  });
  let passed = done;
  const start: Container[] = [];
  const kill: ContainerToKill[] = [];
  for (let index = inits.length - 1; index >= 0; index--) {
    const container = inits[index]!;
    const instance = instanceOf(container.name);
    const sidecar = isSidecar(container);
    if (instance === undefined) {
      if (passed && sidecar) start.push(container);
      continue;
    }
    if (passed && !sidecar) continue;
    const next = () => {
      if (index === inits.length - 1) done = true;
      else if (!passed) start.push(inits[index + 1]!);
    };
    if (instance.state === 'CONTAINER_CREATED') start.push(container);
    else if (instance.state === 'CONTAINER_EXITED') {
      if (sidecar) start.push(container);
      else if (isFailedInit(instance)) {
        if (!restartsOnFailure(pod, container)) return { done: false, failed: true, start: [], kill: [] };
        start.push(container);
      } else next();
    } else if (sidecar) {
      const hasStarted = container.startupProbe === undefined || verdicts.startup(instance.id) === true;
      if (hasStarted) next();
      const fault = faultOf(container, instance, verdicts);
      if (fault !== undefined) {
        const message = `Init container ${container.name} ${fault.words}`;
        kill.push({ container, status: instance, message, reason: fault.reason });
        start.push(container);
      }
    }
    passed = true;
  }
  if (!passed) start.push(inits[0]!);
  return { done, failed: false, start: start.reverse(), kill };
}
