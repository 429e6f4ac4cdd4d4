import type { Pod, Service, ServicePort } from 'kubernetes-types/core/v1';
import { isPodReady, isPodTerminal } from './pods.ts';

/** The pods that a service selects and that have an address, in order of their names. */
export function selectedPods(service: Service, pods: readonly Pod[]): Pod[] {
  const selector = Object.entries(service.spec?.selector ?? {});
  return pods
    .filter(
      (pod) =>
        selector.every(([key, value]) => pod.metadata?.labels?.[key] === value) &&
        !isPodTerminal(pod) &&
        Boolean(pod.status?.podIP),
    )
    .sort((a, b) => (a.metadata!.name! < b.metadata!.name! ? -1 : 1));
}

/** True if the service's traffic may go to the pod. */
export function isReachable(service: Service, pod: Pod): boolean {
  if (service.spec?.publishNotReadyAddresses) return true;
  return isPodReady(pod) && pod.metadata?.deletionTimestamp === undefined;
}

/** The port number on the pod; undefined if it names a port that the pod lacks. Models FindPort. */
export function targetPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target === 0 ? port.port : target;
  for (const container of pod.spec?.containers ?? []) {
    for (const { name, containerPort, protocol } of container.ports ?? []) {
      if (name === target && (protocol ?? 'TCP') === (port.protocol ?? 'TCP')) return containerPort;
    }
  }
  return undefined;
}
