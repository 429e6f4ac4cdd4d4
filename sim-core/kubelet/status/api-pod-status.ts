import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from 'kubernetes-types/core/v1';
import { findContainer, readySandbox } from '../kuberuntime/pod-status.ts';
import type { ProberManager } from '../prober/prober-manager.ts';
import { ephemeralContainersOf, isSidecar } from '../types.ts';
import type { ContainerStatusSources } from './container-statuses.ts';
import { containerStatuses } from './container-statuses.ts';
import { generateConditions, podPhase } from './generate.ts';
import { qosClassOf } from './qos.ts';

export interface ApiPodStatusSources extends Omit<ContainerStatusSources, 'known'> {
  readonly probes: ProberManager;
  readonly hostIP: string;
  /** What was last told. */
  readonly known: PodStatus | undefined;
  /** No container runs or will run again. */
  readonly podIsTerminal: boolean;
  /** Why the kubelet itself ends the pod, if it does: Evicted, DeadlineExceeded. */
  readonly failure: { readonly reason: string; readonly message: string } | undefined;
  /** PodResizePending and PodResizeInProgress. */
  readonly resizeConditions: readonly PodCondition[];
}

/** Models pkg/kubelet/kubelet_pods.go generateAPIPodStatus. */
export function apiPodStatus(pod: Pod, sources: ApiPodStatusSources): PodStatus {
  const { runtime, probes, hostIP, known, podIsTerminal, failure } = sources;
  const spec = pod.spec!;
  const inits = spec.initContainers ?? [];
  const ephemerals = ephemeralContainersOf(pod);
  const last = known ?? pod.status;
  const knownStatuses = [
    ...(last?.initContainerStatuses ?? []),
    ...(last?.containerStatuses ?? []),
    ...(last?.ephemeralContainerStatuses ?? []),
  ];
  const from = { ...sources, known: knownStatuses };
  const initStatuses = containerStatuses(pod, inits, from, inits.length > 0);
  const statuses = containerStatuses(pod, spec.containers, from, inits.length > 0);
  const ephemeralStatuses = containerStatuses(pod, ephemerals, from, false);
  const phase =
    failure === undefined
      ? podPhase({ ...pod, status: last ?? {} }, initStatuses, statuses, podIsTerminal)
      : 'Failed';

  const fill = (container: Container, own: ContainerStatus, isPlainInit: boolean) => {
    const instance = findContainer(runtime, container.name);
    const before = knownStatuses.find(
      ({ name, containerID }) => name === container.name && containerID === own.containerID,
    );
    fillReadiness(own, isPlainInit, () => ({
      started: probes.isStarted(container, instance!, before?.started),
      ready: probes.isReady(container, instance!, before?.ready),
    }));
  };
  for (const [index, own] of initStatuses.entries()) fill(inits[index]!, own, !isSidecar(inits[index]!));
  for (const [index, own] of statuses.entries()) fill(spec.containers[index]!, own, false);
  for (const own of ephemeralStatuses) {
    own.ready = false;
    own.started = own.state?.running !== undefined;
  }
  const sandbox = readySandbox(runtime);
  const podIP = spec.hostNetwork === true ? hostIP : (sandbox?.ip ?? '');
  const isIPKnown = spec.hostNetwork === true ? runtime.sandboxes.length > 0 : podIP !== '';
  const lastIP = last?.podIP;
  const ip = isIPKnown ? podIP : podIsTerminal || sandbox === undefined ? lastIP : undefined;
  const { generation } = pod.metadata!;
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    phase,
    ...(failure !== undefined && { reason: failure.reason, message: failure.message }),
    ...(failure === undefined && last?.reason !== undefined && { reason: last.reason }),
    ...(failure === undefined && last?.message !== undefined && { message: last.message }),
    conditions: [
      ...generateConditions(
        pod,
        { phase, initContainerStatuses: initStatuses, containerStatuses: statuses },
        sandbox !== undefined,
      ),
      ...sources.resizeConditions,
    ],
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(ip !== undefined && { podIP: ip, podIPs: [{ ip }] }),
    ...(inits.length > 0 && { initContainerStatuses: initStatuses }),
    containerStatuses: statuses,
    ...(ephemerals.length > 0 && { ephemeralContainerStatuses: ephemeralStatuses }),
    qosClass: pod.status?.qosClass ?? known?.qosClass ?? qosClassOf(pod),
  } as PodStatus;
}

function fillReadiness(
  status: ContainerStatus,
  isPlainInit: boolean,
  probe: () => { started: boolean; ready: boolean },
): void {
  const { state } = status;
  if (isPlainInit) {
    status.started = state?.running !== undefined;
    status.ready = state?.terminated?.exitCode === 0;
    return;
  }
  const { started, ready } = state?.running === undefined ? { started: false, ready: false } : probe();
  status.started = started;
  status.ready = ready;
}
