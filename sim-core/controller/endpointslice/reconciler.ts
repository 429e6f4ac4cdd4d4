import type { Node, Pod, Service } from 'kubernetes-types/core/v1';
import type { Endpoint, EndpointPort, EndpointSlice } from 'kubernetes-types/discovery/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { controllerRef } from '../util/owner.ts';
import { isPodReady } from '../util/pods.ts';
import { hostnameIn, isHeadless, shouldBeInEndpoints, targetPort } from '../util/service-pods.ts';

export const SERVICE_LABEL = 'kubernetes.io/service-name';
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
export const NAME = 'endpointslice-controller.k8s.io';
const HEADLESS = 'service.kubernetes.io/headless';
/** Labels that a slice never takes from its service. */
const RESERVED = [SERVICE_LABEL, MANAGED_BY, HEADLESS];
/** --max-endpoints-per-slice */
const MAX_ENDPOINTS = 100;

/** What must be written so that the slices show the service's pods. */
export interface SliceChanges {
  readonly create: EndpointSlice[];
  readonly update: EndpointSlice[];
  readonly remove: EndpointSlice[];
  /** Pods that are on a node that is not there. */
  readonly lost: readonly Pod[];
}

interface Desired {
  readonly ports: readonly EndpointPort[];
  /** By {@link identityOf}. */
  readonly endpoints: Map<string, Endpoint>;
}

/**
 * Endpoints stay in the slice that they are in; new ones come into slices that are written anyway, then into one
 * with room, then into new ones. Models k8s.io/endpointslice Reconciler.
 */
export function reconcileSlices(
  service: Service,
  pods: readonly Pod[],
  existing: readonly EndpointSlice[],
  nodeNamed: (name: string) => Node | undefined,
): SliceChanges {
  const { desired, lost } = desiredEndpoints(service, pods, nodeNamed);
  const changes = {
    create: [] as EndpointSlice[],
    update: [] as EndpointSlice[],
    remove: [] as EndpointSlice[],
  };
  const byPorts = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const isOwned = slice.metadata!.ownerReferences?.some(({ uid }) => uid === service.metadata!.uid);
    if (!isOwned) {
      changes.remove.push(slice);
      continue;
    }
    const key = portKey(slice.ports ?? []);
    byPorts.set(key, [...(byPorts.get(key) ?? []), slice]);
  }
  for (const [key, { ports, endpoints }] of desired) {
    reconcilePorts(service, byPorts.get(key) ?? [], ports, endpoints, changes);
    byPorts.delete(key);
  }
  changes.remove.push(...[...byPorts.values()].flat());
  keepPlaceholder(service, existing, changes);
  recycle(service, changes);
  return { ...changes, lost };
}

function desiredEndpoints(
  service: Service,
  pods: readonly Pod[],
  nodeNamed: (name: string) => Node | undefined,
): { desired: Map<string, Desired>; lost: Pod[] } {
  const desired = new Map<string, Desired>();
  const lost: Pod[] = [];
  for (const pod of pods) {
    if (!shouldBeInEndpoints(pod, true)) continue;
    const ports = (service.spec!.ports ?? []).flatMap((port): EndpointPort[] => {
      const number = targetPort(pod, port);
      if (number === undefined) return [];
      const { name = '', protocol = 'TCP', appProtocol } = port;
      return [{ name, port: number, protocol, ...(appProtocol && { appProtocol }) }];
    });
    const key = portKey(ports);
    const group = desired.get(key) ?? { ports, endpoints: new Map<string, Endpoint>() };
    desired.set(key, group);
    const node = nodeNamed(pod.spec?.nodeName ?? '');
    if (node === undefined && !service.spec!.publishNotReadyAddresses) {
      lost.push(pod);
      continue;
    }
    const endpoint = endpointOf(service, pod, node);
    group.endpoints.set(identityOf(endpoint), endpoint);
  }
  return { desired, lost };
}

function endpointOf(service: Service, pod: Pod, node: Node | undefined): Endpoint {
  const { namespace, name, uid, deletionTimestamp } = pod.metadata!;
  const serving = isPodReady(pod);
  const terminating = deletionTimestamp !== undefined;
  const ready = service.spec!.publishNotReadyAddresses === true || (serving && !terminating);
  const zone = node?.metadata?.labels?.['topology.kubernetes.io/zone'];
  const hostname = hostnameIn(service, pod);
  return {
    addresses: [pod.status!.podIP!],
    conditions: { ready, serving, terminating },
    ...(hostname !== undefined && { hostname }),
    ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone && { zone }),
    targetRef: { kind: 'Pod', namespace: namespace!, name: name!, uid: uid! },
  };
}

/** Models reconcileByPortMapping. */
function reconcilePorts(
  service: Service,
  existing: readonly EndpointSlice[],
  ports: readonly EndpointPort[],
  wanted: Map<string, Endpoint>,
  { create, update, remove }: Pick<SliceChanges, 'create' | 'update' | 'remove'>,
): void {
  const written: EndpointSlice[] = [];
  const unchanged: EndpointSlice[] = [];
  for (const slice of existing) {
    const kept = slice.endpoints.flatMap((endpoint) => wanted.get(identityOf(endpoint)) ?? []);
    for (const endpoint of slice.endpoints) wanted.delete(identityOf(endpoint));
    const hasLabels = semanticEqual(unreserved(slice.metadata!.labels), unreserved(service.metadata!.labels));
    if (semanticEqual(slice.endpoints, kept) && hasLabels) {
      unchanged.push(slice);
    } else if (kept.length === 0 && slice.endpoints.length > 0) {
      remove.push(slice);
    } else {
      const metadata = { ...slice.metadata, labels: labelsOf(service) };
      written.push({ ...slice, metadata, endpoints: kept });
    }
  }
  const left = [...wanted.values()];
  const fill = (slice: EndpointSlice) =>
    slice.endpoints.push(...left.splice(0, Math.max(0, MAX_ENDPOINTS - slice.endpoints.length)));
  written.sort((a, b) => b.endpoints.length - a.endpoints.length).forEach(fill);
  while (left.length > 0) {
    const room = left.length < MAX_ENDPOINTS ? sliceToFill(unchanged, left.length) : undefined;
    const slice = room === undefined ? newSlice(service, ports) : { ...room, endpoints: [...room.endpoints] };
    fill(slice);
    (room === undefined ? create : written).push(slice);
    if (room !== undefined) unchanged.splice(unchanged.indexOf(room), 1);
  }
  update.push(...written);
}

/** The fullest slice that all of them fit into. */
function sliceToFill(slices: readonly EndpointSlice[], count: number): EndpointSlice | undefined {
  const room = (slice: EndpointSlice) => MAX_ENDPOINTS - slice.endpoints.length - count;
  return slices.filter((slice) => room(slice) >= 0).sort((a, b) => room(a) - room(b))[0];
}

/** A service always has a slice, be it an empty one. */
function keepPlaceholder(
  service: Service,
  existing: readonly EndpointSlice[],
  { create, remove }: Pick<SliceChanges, 'create' | 'remove'>,
): void {
  if (existing.length !== remove.length || create.length > 0) return;
  const placeholder = newSlice(service, []);
  const [only] = remove;
  const isPlaceholder =
    remove.length === 1 &&
    only!.endpoints.length === 0 &&
    (only!.ports ?? []).length === 0 &&
    semanticEqual(only!.metadata!.labels, placeholder.metadata!.labels) &&
    semanticEqual(only!.metadata!.ownerReferences, placeholder.metadata!.ownerReferences);
  if (isPlaceholder) remove.length = 0;
  else create.push(placeholder);
}

/** A slice that would be deleted becomes one that would be made. */
function recycle(service: Service, { create, update, remove }: Omit<SliceChanges, 'lost'>): void {
  const owned = remove.filter(({ metadata }) =>
    metadata!.ownerReferences?.some(({ uid }) => uid === service.metadata!.uid),
  );
  for (const old of owned) {
    const slice = create.pop();
    if (slice === undefined) return;
    remove.splice(remove.indexOf(old), 1);
    update.push({ ...slice, metadata: { ...slice.metadata, name: old.metadata!.name! } });
  }
}

function newSlice(service: Service, ports: readonly EndpointPort[]): EndpointSlice {
  const { name, namespace } = service.metadata!;
  return {
    kind: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    metadata: {
      generateName: `${name}-`,
      namespace: namespace!,
      labels: labelsOf(service),
      ownerReferences: [controllerRef(service, RESOURCES.services)],
    },
    addressType: 'IPv4',
    ports: [...ports],
    endpoints: [],
  };
}

/** The service's labels; the reserved ones are the controller's. Models setEndpointSliceLabels. */
function labelsOf(service: Service): Record<string, string> {
  return {
    ...unreserved(service.metadata!.labels),
    ...(isHeadless(service) && { [HEADLESS]: '' }),
    [MANAGED_BY]: NAME,
    [SERVICE_LABEL]: service.metadata!.name!,
  };
}

function unreserved(labels: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !RESERVED.includes(key)));
}

function identityOf({ addresses, hostname = '', targetRef }: Endpoint): string {
  return JSON.stringify([addresses, hostname, targetRef?.namespace, targetRef?.name]);
}

function portKey(ports: readonly EndpointPort[]): string {
  const parts = ports.map(({ name = '', port, protocol = 'TCP', appProtocol = '' }) =>
    [protocol, port, name, appProtocol].join('/'),
  );
  return parts.sort().join();
}
