import { deepCopy, deepEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { PostStartHook } from './hook.ts';
import { ensureObject } from './hook.ts';

const SERVICES = { group: '', resource: 'services' };
const ENDPOINTS = { group: '', resource: 'endpoints' };
const SLICES = { group: 'discovery.k8s.io', resource: 'endpointslices' };
/** Models controlplane's DefaultEndpointReconcilerInterval. */
const INTERVAL = 10_000;

/**
 * The service "kubernetes" in default, and the endpoints behind it.
 * Models pkg/controlplane/controller/kubernetesservice and pkg/controlplane/reconcilers.
 */
export const kubernetesService: PostStartHook = {
  name: 'bootstrap-controller',
  keeps: { every: INTERVAL, resources: [SERVICES, ENDPOINTS, SLICES] },
  async run(services) {
    const { settings } = services;
    const clusterIP = firstAddress(settings.serviceClusterIPRange);
    const metadata = { name: 'kubernetes', namespace: 'default' };
    await ensureObject(services, SERVICES, {
      kind: 'Service',
      apiVersion: 'v1',
      metadata: { ...metadata, labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: {
        clusterIP,
        ipFamilyPolicy: 'SingleStack',
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: settings.securePort }],
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
    });
    const port = { name: 'https', port: settings.securePort, protocol: 'TCP' };
    await ensureObject(
      services,
      ENDPOINTS,
      {
        kind: 'Endpoints',
        apiVersion: 'v1',
        metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
        subsets: [{ addresses: [{ ip: settings.advertiseAddress }], ports: [port] }],
      },
      { correct: correctEndpoints },
    );
    await ensureObject(
      services,
      SLICES,
      {
        kind: 'EndpointSlice',
        apiVersion: 'discovery.k8s.io/v1',
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: [settings.advertiseAddress], conditions: { ready: true } }],
        ports: [port],
      },
      { correct: correctSlice },
    );
  },
};

interface Subset {
  readonly addresses?: readonly { readonly ip: string }[];
}

/** The address is kept; the ports are those of the start. Models lease.go checkEndpointSubsetFormatWithLease. */
function correctEndpoints(live: KubeObject, wanted: KubeObject): KubeObject | undefined {
  const [subset, ...others] = (live['subsets'] ?? []) as unknown as readonly Subset[];
  const [right] = wanted['subsets'] as unknown as readonly Subset[];
  if (subset !== undefined && others.length === 0) {
    const ips = (of: Subset) => (of.addresses ?? []).map(({ ip }) => ip);
    if (deepEqual(ips(subset), ips(right!))) return undefined;
  }
  return withFields(live, wanted, ['subsets']);
}

/** Models reconcilers/endpointsadapter.go EnsureEndpointSliceFromEndpoints. */
function correctSlice(live: KubeObject, wanted: KubeObject): KubeObject | undefined {
  const fields = ['endpoints', 'ports'];
  return fields.every((field) => deepEqual(live[field] ?? null, wanted[field] ?? null))
    ? undefined
    : withFields(live, wanted, fields);
}

/** The live object with these fields as they should be. */
function withFields(live: KubeObject, wanted: KubeObject, fields: readonly string[]): KubeObject {
  const corrected = deepCopy(live);
  for (const field of fields) corrected[field] = deepCopy(wanted[field]!);
  return corrected;
}

/** "10.96.0.0/12" gives "10.96.0.1". */
function firstAddress(range: string): string {
  const octets = range.split('/')[0]!.split('.').map(Number);
  octets[3] = octets[3]! + 1;
  return octets.join('.');
}
