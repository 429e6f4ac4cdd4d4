import type { PostStartHook } from './hook.ts';
import { ensureObject } from './hook.ts';

/**
 * The service "kubernetes" in default, and the endpoints behind it.
 * Models pkg/controlplane/controller/kubernetesservice and pkg/controlplane/reconcilers.
 */
export const kubernetesService: PostStartHook = {
  name: 'bootstrap-controller',
  async run(services) {
    const { settings } = services;
    const clusterIP = firstAddress(settings.serviceClusterIPRange);
    const metadata = { name: 'kubernetes', namespace: 'default' };
    await ensureObject(
      services,
      { group: '', resource: 'services' },
      {
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
      },
    );
    const port = { name: 'https', port: settings.securePort, protocol: 'TCP' };
    await ensureObject(
      services,
      { group: '', resource: 'endpoints' },
      {
        kind: 'Endpoints',
        apiVersion: 'v1',
        metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
        subsets: [{ addresses: [{ ip: settings.advertiseAddress }], ports: [port] }],
      },
    );
    await ensureObject(
      services,
      { group: 'discovery.k8s.io', resource: 'endpointslices' },
      {
        kind: 'EndpointSlice',
        apiVersion: 'discovery.k8s.io/v1',
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: [settings.advertiseAddress], conditions: { ready: true } }],
        ports: [port],
      },
    );
  },
};

/** "10.96.0.0/12" gives "10.96.0.1". */
function firstAddress(range: string): string {
  const octets = range.split('/')[0]!.split('.').map(Number);
  octets[3] = octets[3]! + 1;
  return octets.join('.');
}
