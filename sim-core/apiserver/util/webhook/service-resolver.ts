import type { KubeObject } from '../../../apimachinery/object.ts';
import { ConnectionError } from '../../../apimachinery/http.ts';
import type { ObjectReader } from '../../registry/rest/object-store.ts';

/** Where a service's requests go: what clients see as the address, and who stands behind it. */
export interface ResolvedService {
  /** "10.96.12.3:443", for messages. */
  readonly shown: string;
  readonly host: string;
  readonly port: number;
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
}
interface EndpointSlice extends KubeObject {
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
}

const SERVICES = { group: '', resource: 'services' };
const SLICES = { group: 'discovery.k8s.io', resource: 'endpointslices' };

/**
 * Finds a pod behind a service, as kube-proxy would for its cluster IP. Throws an Error with upstream's text
 * for a service or port that is not there, and a ConnectionError where no pod is ready.
 *
 * Models k8s.io/kube-aggregator/pkg/apiserver/resolvers.go.
 */
export async function resolveService(
  reader: ObjectReader,
  namespace: string,
  name: string,
  port: number,
): Promise<ResolvedService> {
  const service = await reader.get(SERVICES, namespace, name);
  if (service === undefined) throw new Error(`service ${JSON.stringify(name)} not found`);
  const found = ((service['spec']?.ports ?? []) as ServicePort[]).find((known) => known.port === port);
  if (found === undefined)
    throw new Error(`no service port ${port} found for service ${JSON.stringify(name)}`);
  if (service['spec'].type === 'ExternalName') {
    const host = service['spec'].externalName as string;
    return { shown: `${host}:${port}`, host, port };
  }
  const shown = `${service['spec'].clusterIP as string}:${port}`;
  const slices = (await reader.list(SLICES, namespace)) as readonly EndpointSlice[];
  for (const slice of slices) {
    if (slice.metadata.labels?.['kubernetes.io/service-name'] !== name) continue;
    const target = (slice.ports ?? []).find((known) => (known.name ?? '') === (found.name ?? ''))?.port;
    const ready = (slice.endpoints ?? []).find(({ conditions }) => conditions?.ready !== false);
    const host = ready?.addresses[0];
    if (target !== undefined && host !== undefined) return { shown, host, port: target };
  }
  throw new ConnectionError('refused', `dial tcp ${shown}: connect: connection refused`);
}
