import type { EndpointAddress, EndpointPort, Endpoints } from 'kubernetes-types/core/v1';
import type { Endpoint, EndpointSlice } from 'kubernetes-types/discovery/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { controllerRef } from '../util/owner.ts';

export const SERVICE_LABEL = 'kubernetes.io/service-name';
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
export const NAME = 'endpointslicemirroring-controller.k8s.io';
/** --mirroring-max-endpoints-per-subset */
export const MAX_ENDPOINTS = 1000;
/** What a slice does not take over of the annotations. */
const NOT_COPIED = [
  'endpoints.kubernetes.io/last-change-trigger-time',
  'kubectl.kubernetes.io/last-applied-configuration',
];

type AddressType = 'IPv4' | 'IPv6';

/** What must be written so that the slices show what the Endpoints say. */
export interface Changes {
  readonly create: EndpointSlice[];
  readonly update: EndpointSlice[];
  readonly remove: EndpointSlice[];
  readonly invalidAddresses: number;
  /** Those over {@link MAX_ENDPOINTS}. */
  readonly skippedAddresses: number;
}

interface Group {
  readonly addressType: AddressType;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Endpoint[];
}

/** One slice for each set of ports and kind of address. Models pkg/controller/endpointslicemirroring reconciler. */
export function changesFor(endpoints: Endpoints, existing: readonly EndpointSlice[]): Changes {
  const { groups, invalidAddresses, skippedAddresses } = groupsOf(endpoints);
  const byKey = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const key = keyOf(slice.addressType as AddressType, slice.ports ?? []);
    byKey.set(key, [...(byKey.get(key) ?? []), slice]);
  }
  const create: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  const remove: EndpointSlice[] = [];
  for (const [key, group] of groups) {
    const [first, ...others] = byKey.get(key) ?? [];
    byKey.delete(key);
    remove.push(...others);
    if (first === undefined) {
      create.push(sliceOf(endpoints, group));
    } else {
      const wanted = sliceOf(endpoints, group, first.metadata!.name);
      if (!shows(first, wanted)) update.push(wanted);
    }
  }
  remove.push(...[...byKey.values()].flat());
  recycle(create, update, remove);
  return { create, update, remove, invalidAddresses, skippedAddresses };
}

/** A slice that is not wanted any more takes the place of one that would be made. Models recycleSlices. */
function recycle(create: EndpointSlice[], update: EndpointSlice[], remove: EndpointSlice[]): void {
  for (const slice of [...create]) {
    const index = remove.findIndex(({ addressType }) => addressType === slice.addressType);
    if (index < 0) continue;
    const [old] = remove.splice(index, 1);
    create.splice(create.indexOf(slice), 1);
    update.push({ ...slice, metadata: { ...slice.metadata, name: old!.metadata!.name! } });
  }
}

function groupsOf({ subsets = [] }: Endpoints) {
  const groups = new Map<string, Group>();
  let [invalidAddresses, skippedAddresses] = [0, 0];
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    let added = 0;
    const add = (address: EndpointAddress, ready: boolean): void => {
      const addressType = addressTypeOf(address.ip);
      if (added >= MAX_ENDPOINTS) skippedAddresses++;
      else if (addressType === undefined) invalidAddresses++;
      else {
        added++;
        const key = keyOf(addressType, ports);
        const group: Group = groups.get(key) ?? { addressType, ports, endpoints: [] };
        groups.set(key, group);
        group.endpoints.push(endpointOf(address, ready));
      }
    };
    for (const address of addresses) add(address, true);
    for (const address of notReadyAddresses) add(address, false);
  }
  return { groups, invalidAddresses, skippedAddresses };
}

function addressTypeOf(ip: string): AddressType | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(ip)) return 'IPv4';
  return ip.includes(':') ? 'IPv6' : undefined;
}

function keyOf(
  addressType: AddressType,
  ports: readonly { name?: string; port?: number; protocol?: string }[],
): string {
  const parts = ports.map(({ name = '', port, protocol = 'TCP' }) => `${protocol}/${port}/${name}`);
  return `${addressType}-${parts.sort().join()}`;
}

function endpointOf({ ip, nodeName, hostname, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(targetRef && { targetRef }),
  };
}

function sliceOf(endpoints: Endpoints, { addressType, ports, endpoints: list }: Group, name?: string) {
  const { name: service, namespace, labels, annotations = {} } = endpoints.metadata!;
  const copied = Object.entries(annotations).filter(([key]) => !NOT_COPIED.includes(key));
  const slice: EndpointSlice = {
    kind: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    metadata: {
      ...(name === undefined ? { generateName: `${service}-` } : { name }),
      namespace: namespace!,
      labels: { ...labels, [SERVICE_LABEL]: service!, [MANAGED_BY]: NAME },
      ...(copied.length > 0 && { annotations: Object.fromEntries(copied) }),
      ownerReferences: [controllerRef(endpoints, RESOURCES.endpoints)],
    },
    addressType,
    ports: ports.map(({ name: portName = '', port, protocol = 'TCP', appProtocol }) => ({
      name: portName,
      port,
      protocol,
      ...(appProtocol !== undefined && { appProtocol }),
    })),
    endpoints: list,
  };
  return slice;
}

function shows(slice: EndpointSlice, wanted: EndpointSlice): boolean {
  const byAddress = (endpoints: readonly Endpoint[]) =>
    [...endpoints].sort((a, b) => (a.addresses[0]! < b.addresses[0]! ? -1 : 1));
  return (
    semanticEqual(slice.metadata!.labels, wanted.metadata!.labels) &&
    semanticEqual(slice.metadata!.annotations, wanted.metadata!.annotations) &&
    semanticEqual(byAddress(slice.endpoints), byAddress(wanted.endpoints))
  );
}
