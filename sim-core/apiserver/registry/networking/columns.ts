import type { IngressRule } from 'kubernetes-types/networking/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { AGE, column } from '../../printers/columns.ts';
import { formatLabelSelector } from '../../printers/format.ts';
import type { TableColumn } from '../rest/resource.ts';

const SHOWN_HOSTS = 3;

/** Models printers.go formatHosts. */
function hosts({ spec }: KubeObject): string {
  const names = ((spec?.rules ?? []) as IngressRule[]).map((rule) => rule.host || '*');
  if (names.length === 0) return '*';
  const more = names.length - SHOWN_HOSTS;
  return names.slice(0, SHOWN_HOSTS).join(',') + (more > 0 ? ` + ${more} more...` : '');
}

/** "services/default/web". Models printers.go printIPAddress. */
function parentText({ spec }: KubeObject): string {
  const parent = spec?.parentRef;
  if (!parent) return '<none>';
  const resource = `${parent.resource ?? ''}${parent.group ? `.${parent.group}` : ''}`.toLowerCase();
  return [resource, ...(parent.namespace ? [parent.namespace] : []), parent.name].join('/');
}

export const ingressclasses: readonly TableColumn[] = [
  column(
    'Controller',
    'string',
    'Controller that is responsible for handling this class',
    ({ spec }) => spec?.controller ?? '',
  ),
  column('Parameters', 'string', 'A reference to a resource with additional parameters', ({ spec }) => {
    const parameters = spec?.parameters;
    if (!parameters) return '<none>';
    return `${parameters.kind}${parameters.apiGroup ? `.${parameters.apiGroup}` : ''}/${parameters.name}`;
  }),
  AGE,
];

export const ingresses: readonly TableColumn[] = [
  column(
    'Class',
    'string',
    'The name of the IngressClass resource that should be used for additional configuration',
    ({ metadata, spec }) =>
      spec?.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'] ?? '<none>',
  ),
  column(
    'Hosts',
    'string',
    'Hosts that incoming requests are matched against before the ingress rule',
    hosts,
  ),
  column(
    'Address',
    'string',
    'Address is a list containing ingress points for the load-balancer',
    ({ status }) =>
      (status?.loadBalancer?.ingress ?? [])
        .map(({ ip, hostname }: { ip?: string; hostname?: string }) => ip || hostname)
        .join(','),
  ),
  column('Ports', 'string', 'Ports of TLS configurations that open', ({ spec }) =>
    spec?.tls?.length ? '80, 443' : '80',
  ),
  AGE,
];

export const ipaddresses: readonly TableColumn[] = [
  column(
    'ParentRef',
    'string',
    'ParentRef references the resource that an IPAddress is attached to. An IPAddress must reference a parent object.',
    parentText,
  ),
  AGE,
];

export const servicecidrs: readonly TableColumn[] = [
  column(
    'CIDRs',
    'string',
    'CIDRs defines the IP blocks in CIDR notation (e.g. "192.168.0.0/24" or "2001:db8::/64") from which to assign service cluster IPs. Max of two CIDRs is allowed, one of each IP family. This field is immutable.',
    ({ spec }) => (spec?.cidrs ?? []).join(','),
  ),
  AGE,
];

export const networkpolicies: readonly TableColumn[] = [
  column(
    'Pod-Selector',
    'string',
    { of: 'io.k8s.api.networking.v1.NetworkPolicySpec', field: 'podSelector' },
    ({ spec }) => formatLabelSelector(spec?.podSelector),
  ),
  AGE,
];
