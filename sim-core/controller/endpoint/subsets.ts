import type { EndpointAddress, EndpointPort, EndpointSubset, Pod, Service } from 'kubernetes-types/core/v1';
import { isPodReady } from '../util/pods.ts';
import { hostnameIn, shouldBeInEndpoints, targetPort } from '../util/service-pods.ts';

/** How many addresses one Endpoints object may hold. */
const CAPACITY = 1000;

interface Address {
  readonly address: EndpointAddress;
  readonly ready: boolean;
}

/**
 * The subsets of a service: ports that the same pods answer on are together.
 *
 * Models pkg/controller/endpoint syncService and pkg/api/v1/endpoints RepackSubsets.
 */
export function subsetsOf(service: Service, pods: readonly Pod[]): EndpointSubset[] {
  const { ports = [], publishNotReadyAddresses = false, clusterIP } = service.spec!;
  const byPort = new Map<string, { port: EndpointPort | undefined; addresses: Map<string, Address> }>();
  for (const pod of pods) {
    if (!shouldBeInEndpoints(pod, publishNotReadyAddresses)) continue;
    const ready = publishNotReadyAddresses || isPodReady(pod);
    const address = addressOf(service, pod);
    for (const port of portsOn(pod)) {
      const key = JSON.stringify(port ?? null);
      const known = byPort.get(key) ?? { port, addresses: new Map<string, Address>() };
      byPort.set(key, known);
      known.addresses.set(`${address.ip}/${address.targetRef?.uid}`, { address, ready });
    }
  }
  return joined([...byPort.values()]);

  function portsOn(pod: Pod): (EndpointPort | undefined)[] {
    // A headless service may have no ports at all.
    if (ports.length === 0) return clusterIP === 'None' ? [undefined] : [];
    return ports.flatMap((port): EndpointPort[] => {
      const number = targetPort(pod, port);
      if (number === undefined) return [];
      const { name, protocol = 'TCP', appProtocol } = port;
      return [{ ...(name && { name }), port: number, protocol, ...(appProtocol && { appProtocol }) }];
    });
  }
}

function joined(
  entries: readonly { port: EndpointPort | undefined; addresses: ReadonlyMap<string, Address> }[],
): EndpointSubset[] {
  const bySet = new Map<string, { ports: EndpointPort[]; addresses: Address[] }>();
  for (const { port, addresses } of entries) {
    const list = [...addresses.values()].sort(byIpAndUid);
    const key = JSON.stringify(list.map(({ address, ready }) => [address.ip, address.targetRef?.uid, ready]));
    const subset = bySet.get(key) ?? { ports: [], addresses: list };
    bySet.set(key, subset);
    if (port !== undefined) subset.ports.push(port);
  }
  return [...bySet.values()].map(({ ports, addresses }) => {
    const of = (wanted: boolean) =>
      addresses.filter(({ ready }) => ready === wanted).map(({ address }) => address);
    return {
      ...(of(true).length > 0 && { addresses: of(true) }),
      ...(of(false).length > 0 && { notReadyAddresses: of(false) }),
      ...(ports.length > 0 && { ports }),
    };
  });
}

function byIpAndUid({ address: a }: Address, { address: b }: Address): number {
  if (a.ip !== b.ip) return a.ip < b.ip ? -1 : 1;
  return (a.targetRef?.uid ?? '') < (b.targetRef?.uid ?? '') ? -1 : 1;
}

function addressOf(service: Service, pod: Pod): EndpointAddress {
  const { namespace, name, uid } = pod.metadata!;
  const hostname = hostnameIn(service, pod);
  return {
    ip: pod.status!.podIP!,
    ...(hostname !== undefined && { hostname }),
    ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace: namespace!, name: name!, uid: uid! },
  };
}

/**
 * At most a thousand addresses, those that are ready first, each subset losing in proportion.
 * Undefined if all have room. Models truncateEndpoints.
 */
export function truncated(subsets: readonly EndpointSubset[]): EndpointSubset[] | undefined {
  const count = (list: 'addresses' | 'notReadyAddresses') =>
    subsets.reduce((sum, subset) => sum + (subset[list]?.length ?? 0), 0);
  const [ready, notReady] = [count('addresses'), count('notReadyAddresses')];
  if (ready + notReady <= CAPACITY) return undefined;
  const keepsNotReady = CAPACITY - ready > 0;
  const list = keepsNotReady ? 'notReadyAddresses' : 'addresses';
  const [total, room] = keepsNotReady ? [notReady, CAPACITY - ready] : [ready, CAPACITY];
  return subsets.map(({ addresses, notReadyAddresses, ports }) => {
    const all = {
      ...(addresses && { addresses }),
      ...(keepsNotReady && notReadyAddresses && { notReadyAddresses }),
    };
    const share = Math.floor(((all[list]?.length ?? 0) / total) * room);
    return {
      ...all,
      ...(all[list] !== undefined && { [list]: all[list].slice(0, share) }),
      ...(ports && { ports }),
    };
  });
}
