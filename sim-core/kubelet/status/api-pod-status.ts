import type { ContainerStatus, Pod, PodStatus } from 'kubernetes-types/core/v1';
import type { RuntimePodStatus } from '../kuberuntime/pod-status.ts';
import { readySandbox } from '../kuberuntime/pod-status.ts';
import type { ReasonCache } from '../kuberuntime/reason-cache.ts';
import type { ProberManager } from '../prober/prober-manager.ts';
import { isSidecar } from '../types.ts';
import { containerStatuses } from './container-statuses.ts';
import { generateConditions, podPhase } from './generate.ts';
import { qosClassOf } from './qos.ts';

export interface ApiPodStatusSources {
  readonly runtime: RuntimePodStatus;
  readonly reasons: ReasonCache;
  readonly probes: ProberManager;
  readonly hostIP: string;
  /** What was last told. */
  readonly known: PodStatus | undefined;
  /** No container runs or will run again. */
  readonly podIsTerminal: boolean;
}

/** Models pkg/kubelet/kubelet_pods.go generateAPIPodStatus. */
export function apiPodStatus(pod: Pod, sources: ApiPodStatusSources): PodStatus {
  const { runtime, reasons, probes, hostIP, known, podIsTerminal } = sources;
  const spec = pod.spec!;
  const inits = spec.initContainers ?? [];
  const knownStatuses = [
    ...(known?.initContainerStatuses ?? pod.status?.initContainerStatuses ?? []),
    ...(known?.containerStatuses ?? pod.status?.containerStatuses ?? []),
  ];
  const initStatuses = containerStatuses(pod, inits, knownStatuses, runtime, reasons);
  const statuses = containerStatuses(pod, spec.containers, knownStatuses, runtime, reasons);
  const phase = podPhase(
    { ...pod, status: known ?? pod.status ?? {} },
    initStatuses,
    statuses,
    podIsTerminal,
  );

  for (const container of [...inits, ...spec.containers]) {
    const own = [...initStatuses, ...statuses].find(({ name }) => name === container.name)!;
    const isPlainInit = inits.includes(container) && !isSidecar(container);
    fillReadiness(own, isPlainInit, () => {
      const id = own.containerID!.replace('containerd://', '');
      return { started: probes.isStarted(container, id), ready: probes.isReady(container, id) };
    });
  }
  const sandbox = readySandbox(runtime);
  const podIP = spec.hostNetwork === true ? hostIP : (sandbox?.ip ?? '');
  const isIPKnown = spec.hostNetwork === true ? runtime.sandboxes.length > 0 : podIP !== '';
  const lastIP = known?.podIP ?? pod.status?.podIP;
  const ip = isIPKnown ? podIP : podIsTerminal || sandbox === undefined ? lastIP : undefined;
  return {
    phase,
    conditions: generateConditions(
      pod,
      { phase, initContainerStatuses: initStatuses, containerStatuses: statuses },
      sandbox !== undefined,
    ),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(ip !== undefined && { podIP: ip, podIPs: [{ ip }] }),
    ...(inits.length > 0 && { initContainerStatuses: initStatuses }),
    containerStatuses: statuses,
    qosClass: pod.status?.qosClass ?? known?.qosClass ?? qosClassOf(pod),
  };
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
