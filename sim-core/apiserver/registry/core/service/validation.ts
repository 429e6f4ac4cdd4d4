import type { LoadBalancerStatus, Service, ServicePort, ServiceSpec } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  FieldError as FieldErrorClass,
  forbidden,
  GoLiteral,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabels } from '../../../../apimachinery/validation/labels.ts';
import { isDNS1123Subdomain, isValidPortNum } from '../../../../apimachinery/validation/names.ts';
import {
  isIP,
  validateDNS1123Label,
  validateEnum,
  validateIP,
  validateNonSpecialIP,
  validatePortNumOrName,
  validateQualifiedName,
} from '../validation/common.ts';
import { isHeadless, needsHealthCheckPort, needsNodePort } from './kinds.ts';
import { validateClusterIPs, validateClusterIPsUpdate } from './cluster-ips.ts';
import { parseCIDR } from '../../../util/net.ts';

const SPEC = 'spec';
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const AFFINITIES = ['ClientIP', 'None'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const POLICIES = ['Cluster', 'Local'];
const MAX_SESSION_SECONDS = 86400;
const KUBELET_PORT = 10250;
const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';
const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';

/** Models validation.go ValidateService. */
export function validateService(service: Service): FieldError[] {
  const spec = service.spec!;
  const ports = spec.ports ?? [];
  const errors = validateTopologyAnnotations(service);
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') {
    errors.push(required(`${SPEC}.ports`));
  }
  errors.push(...validateType(spec));
  const names = new Set<string>();
  ports.forEach((port, index) => {
    errors.push(...validateServicePort(port, ports.length > 1, names, `${SPEC}.ports[${index}]`));
  });
  errors.push(
    ...validateLabels(spec.selector, `${SPEC}.selector`),
    ...validateSessionAffinity(spec),
    ...validateClusterIPs(spec),
  );
  (spec.externalIPs ?? []).forEach((ip, index) => {
    const path = `${SPEC}.externalIPs[${index}]`;
    errors.push(...(isIP(ip) ? validateNonSpecialIP(ip, path) : validateIP(ip, path)));
  });
  errors.push(...validateEnum(spec.type, TYPES, `${SPEC}.type`));
  if (spec.type === 'ClusterIP') {
    ports.forEach((port, index) => {
      if (port.nodePort) {
        errors.push(
          forbidden(`${SPEC}.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"),
        );
      }
    });
  }
  return [
    ...errors,
    ...validateUniquePorts(ports),
    ...validateBalancer(service),
    ...validateBalancerClass(spec, undefined),
    ...validateTrafficPolicies(spec),
  ];
}

function validateTopologyAnnotations({ metadata }: Service): FieldError[] {
  const hints = metadata?.annotations?.[TOPOLOGY_HINTS];
  const mode = metadata?.annotations?.[TOPOLOGY_MODE];
  if (hints === undefined || mode === undefined || hints === mode) return [];
  const text = `must match annotations[${TOPOLOGY_HINTS}] when both are specified`;
  return [invalid(`metadata.annotations[${TOPOLOGY_MODE}]`, mode, text)];
}

/** What each type of service asks for or does not allow. */
function validateType(spec: ServiceSpec): FieldError[] {
  const headless = (type: string) =>
    isHeadless(spec)
      ? [invalid(`${SPEC}.clusterIPs[0]`, 'None', `may not be set to 'None' for ${type} services`)]
      : [];
  switch (spec.type) {
    case 'LoadBalancer': {
      const text = `may not expose port ${KUBELET_PORT} externally since it is used by kubelet`;
      return [
        ...(spec.ports ?? []).flatMap(({ port }, index) =>
          port === KUBELET_PORT ? [invalid(`${SPEC}.ports[${index}]`, port, text)] : [],
        ),
        ...headless('LoadBalancer'),
      ];
    }
    case 'NodePort':
      return headless('NodePort');
    case 'ExternalName':
      return validateExternalName(spec);
    default:
      return [];
  }
}

function validateExternalName(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (field: string) =>
    errors.push(forbidden(`${SPEC}.${field}`, 'may not be set for ExternalName services'));
  if ((spec.clusterIPs ?? []).length > 0) refuse('clusterIPs');
  if ((spec.ipFamilies ?? []).length > 0) refuse('ipFamilies');
  if (spec.ipFamilyPolicy !== undefined) refuse('ipFamilyPolicy');
  const name = spec.externalName?.replace(/\.$/, '') ?? '';
  if (name === '') errors.push(required(`${SPEC}.externalName`));
  else for (const text of isDNS1123Subdomain(name)) errors.push(invalid(`${SPEC}.externalName`, name, text));
  return errors;
}

function validateSessionAffinity(spec: ServiceSpec): FieldError[] {
  const { sessionAffinity: affinity, sessionAffinityConfig: config } = spec;
  const field = `${SPEC}.sessionAffinityConfig`;
  const errors = validateEnum(affinity, AFFINITIES, `${SPEC}.sessionAffinity`);
  if (affinity === 'None') {
    return config === undefined
      ? errors
      : [...errors, forbidden(field, 'must not be set when session affinity is None')];
  }
  if (affinity !== 'ClientIP') return errors;
  const when = 'when session affinity type is ClientIP';
  const path = `${field}.clientIP.timeoutSeconds`;
  const seconds = config?.clientIP?.timeoutSeconds;
  if (config === undefined) return [...errors, required(field, when)];
  if (config.clientIP === undefined) return [...errors, required(`${field}.clientIP`, when)];
  if (seconds === undefined) return [...errors, required(path, when)];
  return seconds <= 0 || seconds > MAX_SESSION_SECONDS
    ? [...errors, invalid(path, seconds, `must be greater than 0 and less than ${MAX_SESSION_SECONDS}`)]
    : errors;
}

/** Models validateServicePort. */
function validateServicePort(
  port: ServicePort,
  named: boolean,
  names: Set<string>,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (named && !port.name) errors.push(required(`${field}.name`));
  else if (port.name) {
    errors.push(...validateDNS1123Label(port.name, `${field}.name`));
    if (names.has(port.name)) errors.push(duplicate(`${field}.name`, port.name));
    else names.add(port.name);
  }
  for (const text of isValidPortNum(port.port ?? 0))
    errors.push(invalid(`${field}.port`, port.port ?? 0, text));
  errors.push(
    ...validateEnum(port.protocol, PROTOCOLS, `${field}.protocol`),
    ...validatePortNumOrName(port.targetPort, `${field}.targetPort`),
  );
  if (port.appProtocol !== undefined) {
    errors.push(...validateQualifiedName(port.appProtocol, `${field}.appProtocol`));
  }
  return errors;
}

const goPort = ({ protocol = '', port }: ServicePort) =>
  new GoLiteral(
    `core.ServicePort{Name:"", Protocol:${JSON.stringify(protocol)}, AppProtocol:(*string)(nil), Port:${port}, ` +
      'TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}',
  );

function validateUniquePorts(ports: readonly ServicePort[]): FieldError[] {
  const seen = new Set<string>();
  const isNew = (key: string) => !seen.has(key) && seen.add(key);
  return [
    ...ports.flatMap(({ protocol, nodePort }, index) =>
      !nodePort || isNew(`node ${protocol}/${nodePort}`)
        ? []
        : [duplicate(`${SPEC}.ports[${index}].nodePort`, nodePort)],
    ),
    ...ports.flatMap((port, index) =>
      isNew(`${port.protocol}/${port.port}`)
        ? []
        : [new FieldErrorClass('Duplicate', `${SPEC}.ports[${index}]`, goPort(port), '')],
    ),
  ];
}

/** What is for load balancers only. */
function validateBalancer({ metadata, spec = {} }: Service): FieldError[] {
  const errors: FieldError[] = [];
  const isBalancer = spec.type === 'LoadBalancer';
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const annotation = metadata?.annotations?.[SOURCE_RANGES];
  if (ranges.length > 0 || annotation !== undefined) {
    const field =
      ranges.length > 0 ? `${SPEC}.LoadBalancerSourceRanges` : `metadata.annotations[${SOURCE_RANGES}]`;
    if (!isBalancer) errors.push(forbidden(field, "may only be used when `type` is 'LoadBalancer'"));
    const list = ranges.length > 0 ? ranges : (annotation || '0.0.0.0/0').split(',');
    if (!list.every((range) => parseCIDR(range.trim()))) {
      const shown = ranges.length > 0 ? `[${ranges.join(' ')}]` : annotation;
      errors.push(
        invalid(field, shown, 'must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 '),
      );
    }
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isBalancer) {
    errors.push(
      forbidden(`${SPEC}.allocateLoadBalancerNodePorts`, "may only be used when `type` is 'LoadBalancer'"),
    );
  }
  return errors;
}

/** Models validateLoadBalancerClassField; `old` is undefined for a new service. */
function validateBalancerClass(spec: ServiceSpec, old: ServiceSpec | undefined): FieldError[] {
  const { loadBalancerClass: value } = spec;
  const field = `${SPEC}.loadBalancerClass`;
  if (spec.type !== 'LoadBalancer') {
    return value === undefined ? [] : [forbidden(field, "may only be used when `type` is 'LoadBalancer'")];
  }
  const changed = old?.type === 'LoadBalancer' && old.loadBalancerClass !== value;
  return [
    ...(changed ? [invalid(field, value ?? null, 'may not change once set')] : []),
    ...(value === undefined ? [] : validateQualifiedName(value, field)),
  ];
}

/** Models validateServiceExternalTrafficPolicy and validateServiceInternalTrafficFieldsValue. */
function validateTrafficPolicies(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const { externalTrafficPolicy: outer, internalTrafficPolicy: inner, healthCheckNodePort: port } = spec;
  if (needsNodePort(spec)) errors.push(...validateEnum(outer, POLICIES, `${SPEC}.externalTrafficPolicy`));
  else if (outer) {
    errors.push(
      invalid(
        `${SPEC}.externalTrafficPolicy`,
        outer,
        "may only be set when `type` is 'NodePort' or 'LoadBalancer'",
      ),
    );
  }
  const field = `${SPEC}.healthCheckNodePort`;
  if (!needsHealthCheckPort(spec)) {
    if (port) {
      errors.push(
        invalid(
          field,
          port,
          "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
        ),
      );
    }
  } else if (!port) errors.push(required(field));
  else for (const text of isValidPortNum(port)) errors.push(invalid(field, port, text));
  if (inner !== undefined && !POLICIES.includes(inner)) {
    errors.push(notSupported(`${SPEC}.internalTrafficPolicy`, inner, POLICIES));
  }
  return errors;
}

/** A cluster IP stays as long as the service has one. Models ValidateServiceUpdate. */
export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const [spec, before] = [service.spec!, old.spec!];
  const errors = [...validateClusterIPsUpdate(spec, before), ...validateBalancerClass(spec, before)];
  const checked = needsHealthCheckPort(before) && needsHealthCheckPort(spec);
  if (checked && spec.healthCheckNodePort !== before.healthCheckNodePort) {
    errors.push(forbidden(`${SPEC}.healthCheckNodePort`, 'field is immutable'));
  }
  return [...errors, ...validateService(service)];
}

/** Addresses that a load balancer reports. Models ValidateLoadBalancerStatus. */
export function validateBalancerStatus({ ingress = [] }: LoadBalancerStatus, field: string): FieldError[] {
  return ingress.flatMap(({ ip, hostname, ipMode }: BalancerIngress, index) => {
    const path = `${field}.ingress[${index}]`;
    const errors: FieldError[] = [];
    if (ip && !isIP(ip)) errors.push(invalid(`${path}.ip`, ip, 'must be a valid IP address'));
    if (ipMode !== undefined) {
      if (!ip) errors.push(forbidden(`${path}.ipMode`, 'may not be specified when `ip` is not set'));
      else if (!IP_MODES.includes(ipMode)) {
        errors.push(notSupported(`${path}.ipMode`, ipMode, IP_MODES));
      }
    }
    if (!hostname) return errors;
    for (const text of isDNS1123Subdomain(hostname)) {
      errors.push(invalid(`${path}.hostname`, hostname, text));
    }
    if (isIP(hostname)) {
      errors.push(invalid(`${path}.hostname`, hostname, 'must be a DNS name, not an IP address'));
    }
    return errors;
  });
}

interface BalancerIngress {
  readonly ip?: string;
  readonly hostname?: string;
  readonly ipMode?: string;
}
const IP_MODES = ['Proxy', 'VIP'];
