import type { Pod, Service, ServicePort } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { isPodReady, isPodTerminal } from './pods.ts';

/** The services of the pod's namespace that select it. Models endpointslice/util GetPodServiceMemberships. */
export function servicesOf(pod: Pod, services: readonly Service[]): Service[] {
  return services.filter(({ spec }) => spec?.selector !== undefined && selects(spec.selector, pod));
}

/**
 * The services whose endpoints a change of the pod may change.
 * Models endpointslice/util GetServicesToUpdateOnPodChange.
 */
export function servicesToUpdate(old: Pod, pod: Pod, services: readonly Service[]): Service[] {
  const labelsChanged =
    !semanticEqual(old.metadata?.labels, pod.metadata?.labels) ||
    old.spec?.hostname !== pod.spec?.hostname ||
    old.spec?.subdomain !== pod.spec?.subdomain;
  if (labelsChanged) return [...new Set([...servicesOf(old, services), ...servicesOf(pod, services)])];
  return endpointChanged(old, pod) ? servicesOf(pod, services) : [];
}

function endpointChanged(old: Pod, pod: Pod): boolean {
  const relevant = (of: Pod) => [of.metadata?.deletionTimestamp, isPodReady(of), of.status?.podIPs];
  return !semanticEqual(relevant(old), relevant(pod));
}

/** The pods that a service selects, whether traffic may go to them or not. */
export function selectedPods(service: Service, pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => selects(service.spec?.selector ?? {}, pod));
}

function selects(selector: Readonly<Record<string, string>>, { metadata }: Pod): boolean {
  return Object.entries(selector).every(([key, value]) => metadata?.labels?.[key] === value);
}

/** Models endpointslice/util ShouldPodBeInEndpoints. */
export function shouldBeInEndpoints(pod: Pod, includeTerminating: boolean): boolean {
  if (isPodTerminal(pod) || !pod.status?.podIP) return false;
  return includeTerminating || pod.metadata?.deletionTimestamp === undefined;
}

/** The name that DNS knows the pod by under the service; undefined for none. Models ShouldSetHostname. */
export function hostnameIn(service: Service, { spec }: Pod): string | undefined {
  return spec?.hostname && spec.subdomain === service.metadata!.name ? spec.hostname : undefined;
}

/** Models IsServiceIPSet, negated. */
export function isHeadless({ spec }: Service): boolean {
  return !spec?.clusterIP || spec.clusterIP === 'None';
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
