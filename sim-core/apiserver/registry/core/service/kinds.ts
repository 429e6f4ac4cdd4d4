import type { ServiceSpec } from 'kubernetes-types/core/v1';

export const isHeadless = (spec: ServiceSpec) =>
  spec.clusterIPs?.[0] === 'None' || (spec.clusterIPs === undefined && spec.clusterIP === 'None');
export const isExternalName = (spec: ServiceSpec) => spec.type === 'ExternalName';
export const needsNodePort = (spec: ServiceSpec) => spec.type === 'NodePort' || spec.type === 'LoadBalancer';
/** Traffic stays on the node that it reaches, so the balancer must know which nodes have endpoints. */
export const needsHealthCheckPort = (spec: ServiceSpec) =>
  spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
