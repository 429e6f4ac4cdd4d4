import type { Service, ServiceSpec } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';

const SESSION_SECONDS = 10800;

/** Models pkg/apis/core/v1/defaults.go SetDefaults_Service. */
export function defaultService(object: KubeObject): void {
  const service = object as unknown as Service;
  const spec: ServiceSpec = (service.spec ??= {});
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  else if (
    spec.sessionAffinity === 'ClientIP' &&
    spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined
  ) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: SESSION_SECONDS } };
  }
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP';
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') {
      port.targetPort = port.port;
    }
  }
  const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  if (external) spec.externalTrafficPolicy ||= 'Cluster';
  if (external || spec.type === 'ClusterIP') spec.internalTrafficPolicy ??= 'Cluster';
  // Where it means nothing it is dropped when a service is read (defaultOnReadInternalTrafficPolicy).
  else if (spec.type === 'ExternalName' && spec.internalTrafficPolicy === 'Cluster') {
    delete spec.internalTrafficPolicy;
  }
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  object.status ??= {};
  object.status.loadBalancer ??= {};
  for (const ingress of object.status.loadBalancer.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP';
}
