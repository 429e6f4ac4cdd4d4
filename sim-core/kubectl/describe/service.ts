import type { Service } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Invocation } from '../invocation.ts';
import { formatLabels } from '../printers/table-printer.ts';
import { Helper } from '../resource/helper.ts';
import type { DescribeWriter } from './writer.ts';

export const ENDPOINT_SLICES = {
  group: 'discovery.k8s.io',
  version: 'v1',
  resource: 'endpointslices',
  kind: 'EndpointSlice',
  namespaced: true,
};
const SHOWN_ENDPOINTS = 3;

/** Models pkg/describe describeService. */
export async function describeService(
  object: KubeObject,
  writer: DescribeWriter,
  { factory }: Invocation,
): Promise<void> {
  const { metadata } = object;
  const { spec = {}, status } = object as unknown as Service;
  const { items } = await new Helper(factory.client(), ENDPOINT_SLICES).list(metadata.namespace ?? '', {
    labelSelector: `kubernetes.io/service-name=${metadata.name}`,
  });
  const slices = items as unknown as EndpointSlice[];
  writer.field(0, 'Name', metadata.name);
  writer.field(0, 'Namespace', metadata.namespace);
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
  writer.field(0, 'Selector', formatLabels(spec.selector));
  writer.field(0, 'Type', spec.type);
  if (spec.ipFamilyPolicy) writer.field(0, 'IP Family Policy', spec.ipFamilyPolicy);
  writer.field(0, 'IP Families', (spec.ipFamilies ?? []).join(',') || '<none>');
  writer.field(0, 'IP', spec.clusterIP);
  writer.field(0, 'IPs', (spec.clusterIPs ?? []).join(',') || '<none>');
  if ((spec.externalIPs ?? []).length > 0) writer.field(0, 'External IPs', spec.externalIPs!.join(','));
  if (spec.loadBalancerIP) writer.field(0, 'Desired LoadBalancer IP', spec.loadBalancerIP);
  if (spec.externalName) writer.field(0, 'External Name', spec.externalName);
  const ingress = status?.loadBalancer?.ingress ?? [];
  if (ingress.length > 0)
    writer.field(
      0,
      'LoadBalancer Ingress',
      ingress.map(({ ip, hostname }) => ip ?? hostname ?? '').join(', '),
    );
  for (const port of spec.ports ?? []) {
    const name = port.name ?? '<unset>';
    writer.line(0, `Port:\t${name}\t${port.port}/${port.protocol ?? 'TCP'}`);
    writer.line(0, `TargetPort:\t${String(port.targetPort)}/${port.protocol ?? 'TCP'}`);
    if (port.nodePort) writer.line(0, `NodePort:\t${name}\t${port.nodePort}/${port.protocol ?? 'TCP'}`);
    writer.field(0, 'Endpoints', endpointsText(slices, port.name ?? ''));
  }
  writer.field(0, 'Session Affinity', spec.sessionAffinity);
  if (spec.externalTrafficPolicy) writer.field(0, 'External Traffic Policy', spec.externalTrafficPolicy);
  if (spec.internalTrafficPolicy) writer.field(0, 'Internal Traffic Policy', spec.internalTrafficPolicy);
  if (spec.healthCheckNodePort) writer.field(0, 'HealthCheck NodePort', spec.healthCheckNodePort);
  const ranges = spec.loadBalancerSourceRanges ?? [];
  if (ranges.length > 0) writer.field(0, 'LoadBalancer Source Ranges', ranges.join(','));
  if (spec.trafficDistribution) writer.field(0, 'Traffic Distribution', spec.trafficDistribution);
}

/** "192.168.1.4:80,192.168.1.5:80 + 2 more...". Models formatEndpointSlices. */
export function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const addresses = slices.flatMap(({ endpoints, ports }) => {
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    // Headless services need no ports.
    if ((ports ?? []).length === 0) return ready.map((endpoint) => endpoint.addresses[0]!);
    return ports!
      .filter(({ name }) => (name ?? '') === portName)
      .flatMap(({ port }) => ready.map((endpoint) => `${endpoint.addresses[0]}:${port}`));
  });
  const shown = addresses.slice(0, SHOWN_ENDPOINTS).join(',');
  return addresses.length > SHOWN_ENDPOINTS
    ? `${shown} + ${addresses.length - SHOWN_ENDPOINTS} more...`
    : shown;
}
