import type { Service } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import type {
  IngressBackend,
  IngressClassSpec,
  IngressSpec,
  IngressStatus,
} from 'kubernetes-types/networking/v1';
import type { KubeObject } from '../../apimachinery/object.ts';
import { MAPPINGS } from '../cmd/create/mappings.ts';
import type { Invocation } from '../invocation.ts';
import { Helper } from '../resource/helper.ts';
import { ENDPOINT_SLICES, endpointsText } from './service.ts';
import type { DescribeWriter } from './writer.ts';

/** Models pkg/describe describeIngressV1. */
export async function describeIngress(
  object: KubeObject,
  writer: DescribeWriter,
  invocation: Invocation,
): Promise<void> {
  const { metadata } = object;
  const { defaultBackend, ingressClassName, tls = [], rules = [] } = (object.spec ?? {}) as IngressSpec;
  const { loadBalancer } = (object.status ?? {}) as IngressStatus;
  const namespace = metadata.namespace ?? '';
  writer.field(0, 'Name', metadata.name);
  writer.map(0, 'Labels', metadata.labels);
  writer.field(0, 'Namespace', namespace);
  writer.field(
    0,
    'Address',
    (loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').join(','),
  );
  writer.field(0, 'Ingress Class', ingressClassName ?? '<none>');
  const fallback =
    defaultBackend === undefined ? '<default>' : await backendText(invocation, namespace, defaultBackend);
  writer.field(0, 'Default backend', fallback);
  if (tls.length > 0) writer.line(0, 'TLS:');
  for (const { secretName, hosts = [] } of tls)
    writer.line(
      1,
      secretName ? `${secretName} terminates ${hosts.join(',')}` : `SNI routes ${hosts.join(',')}`,
    );
  writer.line(0, 'Rules:\n  Host\tPath\tBackends');
  writer.line(1, '----\t----\t--------');
  let count = 0;
  for (const { host, http } of rules) {
    if (http === undefined) continue;
    count++;
    writer.line(1, `${host || '*'}\t`);
    for (const { path = '', backend } of http.paths)
      writer.line(2, `\t${path} \t${await backendText(invocation, namespace, backend)}`);
  }
  if (count === 0) writer.line(1, `*\t*\t${fallback}`);
  writer.annotations(0, metadata.annotations);
}

/** "web:80 (192.168.1.4:80)". Models describeBackendV1. */
async function backendText(
  { factory }: Invocation,
  namespace: string,
  { service, resource }: IngressBackend,
): Promise<string> {
  if (service !== undefined) {
    const { name, port } = service;
    const shown = `${name}:${port?.number || port?.name || ''}`;
    try {
      const slices = await new Helper(factory.client(), ENDPOINT_SLICES).list(namespace, {
        labelSelector: `kubernetes.io/service-name=${name}`,
      });
      const found = await new Helper(factory.client(), MAPPINGS.service).get(namespace, name);
      const ports = (found as unknown as Service).spec?.ports ?? [];
      const matching = ports.find((one) =>
        port?.number ? one.port === port.number : port?.name !== undefined && one.name === port.name,
      );
      return `${shown} (${endpointsText(slices.items as unknown as EndpointSlice[], matching?.name ?? '')})`;
    } catch (error) {
      return `${shown} (<error: ${(error as Error).message}>)`;
    }
  }
  if (resource !== undefined)
    return `APIGroup: ${resource.apiGroup ?? '<none>'}, Kind: ${resource.kind}, Name: ${resource.name}`;
  return '';
}

/** Models pkg/describe describeIngressClassV1. */
export function describeIngressClass(object: KubeObject, writer: DescribeWriter): void {
  const { controller, parameters } = (object.spec ?? {}) as IngressClassSpec;
  writer.field(0, 'Name', object.metadata.name);
  writer.map(0, 'Labels', object.metadata.labels);
  writer.annotations(0, object.metadata.annotations);
  writer.field(0, 'Controller', controller);
  if (parameters === undefined) return;
  writer.line(0, 'Parameters:');
  if (parameters.apiGroup !== undefined) writer.field(1, 'APIGroup', parameters.apiGroup);
  writer.field(1, 'Kind', parameters.kind);
  writer.field(1, 'Name', parameters.name);
}
