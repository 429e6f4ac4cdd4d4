import type { Service, ServicePort, ServiceSpec } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  FieldError as FieldErrorClass,
  forbidden,
  goStrings,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabels } from '../../../../apimachinery/validation/labels.ts';
import {
  isDNS1123Subdomain,
  isQualifiedName,
  isValidPortNum,
} from '../../../../apimachinery/validation/names.ts';
import {
  isIP,
  validateDNS1123Label,
  validateEnum,
  validateIP,
  validatePortNumOrName,
} from '../validation/common.ts';

const SPEC = 'spec';
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const AFFINITIES = ['ClientIP', 'None'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const POLICIES = ['Cluster', 'Local'];
const MAX_SESSION_SECONDS = 86400;

export const isHeadless = (spec: ServiceSpec) => spec.clusterIPs?.[0] === 'None' || spec.clusterIP === 'None';

/** Models validation.go ValidateService. */
export function validateService(service: Service): FieldError[] {
  const spec = service.spec!;
  const ports = spec.ports ?? [];
  const errors: FieldError[] = [];
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') {
    errors.push(required(`${SPEC}.ports`));
  }
  if (spec.type === 'LoadBalancer' && isHeadless(spec)) {
    errors.push(
      invalid(`${SPEC}.clusterIPs[0]`, 'None', "may not be set to 'None' for LoadBalancer services"),
    );
  }
  if (spec.type === 'NodePort' && isHeadless(spec)) {
    errors.push(invalid(`${SPEC}.clusterIPs[0]`, 'None', "may not be set to 'None' for NodePort services"));
  }
  if (spec.type === 'ExternalName') errors.push(...validateExternalName(spec));

  const names = new Set<string>();
  ports.forEach((port, index) => {
    errors.push(...validateServicePort(port, ports.length > 1, names, `${SPEC}.ports[${index}]`));
  });
  errors.push(...validateLabels(spec.selector, `${SPEC}.selector`));
  errors.push(...validateEnum(spec.sessionAffinity, AFFINITIES, `${SPEC}.sessionAffinity`));
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (seconds !== undefined && (seconds <= 0 || seconds > MAX_SESSION_SECONDS)) {
    errors.push(
      invalid(
        `${SPEC}.sessionAffinityConfig.clientIP.timeoutSeconds`,
        seconds,
        `must be greater than 0 and less than ${MAX_SESSION_SECONDS}`,
      ),
    );
  }
  (spec.externalIPs ?? []).forEach((ip, index) => {
    errors.push(...validateIP(ip, `${SPEC}.externalIPs[${index}]`));
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
  errors.push(...validateUniquePorts(ports), ...validateTrafficPolicies(spec), ...validateClusterIPs(spec));
  return errors;
}

function validateExternalName(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  if ((spec.clusterIPs ?? []).length > 0) {
    errors.push(forbidden(`${SPEC}.clusterIPs`, "may not be set when `type` is 'ExternalName'"));
  }
  const name = spec.externalName?.replace(/\.$/, '') ?? '';
  if (name === '') errors.push(required(`${SPEC}.externalName`));
  else for (const text of isDNS1123Subdomain(name)) errors.push(invalid(`${SPEC}.externalName`, name, text));
  return errors;
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
  if (!port.protocol) errors.push(required(`${field}.protocol`));
  else if (!PROTOCOLS.includes(port.protocol)) {
    errors.push(notSupported(`${field}.protocol`, port.protocol, PROTOCOLS));
  }
  errors.push(...validatePortNumOrName(port.targetPort, `${field}.targetPort`));
  for (const text of port.appProtocol ? isQualifiedName(port.appProtocol) : []) {
    errors.push(invalid(`${field}.appProtocol`, port.appProtocol, text));
  }
  return errors;
}

function validateUniquePorts(ports: readonly ServicePort[]): FieldError[] {
  const errors: FieldError[] = [];
  const nodePorts = new Set<string>();
  const seen = new Set<string>();
  ports.forEach((port, index) => {
    const path = `${SPEC}.ports[${index}]`;
    if (port.nodePort) {
      const key = `${port.protocol}/${port.nodePort}`;
      if (nodePorts.has(key)) errors.push(duplicate(`${path}.nodePort`, port.nodePort));
      nodePorts.add(key);
    }
    const key = `${port.protocol}/${port.port}`;
    if (seen.has(key)) {
      const value = { Name: '', Protocol: port.protocol ?? '', Port: port.port };
      errors.push(new FieldErrorClass('Duplicate', path, value, ''));
    }
    seen.add(key);
  });
  return errors;
}

function validateTrafficPolicies(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const { externalTrafficPolicy: outer, internalTrafficPolicy: inner } = spec;
  if (external) errors.push(...validateEnum(outer, POLICIES, `${SPEC}.externalTrafficPolicy`));
  else if (outer) {
    errors.push(
      invalid(`${SPEC}.externalTrafficPolicy`, outer, 'may only be set for externally-accessible services'),
    );
  }
  if (inner !== undefined && !POLICIES.includes(inner)) {
    errors.push(notSupported(`${SPEC}.internalTrafficPolicy`, inner, POLICIES));
  }
  return errors;
}

function validateClusterIPs(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  (spec.clusterIPs ?? []).forEach((ip, index) => {
    if (ip === 'None') {
      if (index > 0)
        errors.push(invalid(`${SPEC}.clusterIPs[${index}]`, ip, "'None' must be the first and only value"));
    } else if (!isIP(ip)) {
      errors.push(...validateIP(ip, `${SPEC}.clusterIPs[${index}]`));
    }
  });
  return errors;
}

/** A cluster IP stays as long as the service has one. Models ValidateServiceUpdate. */
export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const now = service.spec!.clusterIPs ?? [];
  const before = old.spec!.clusterIPs ?? [];
  const errors: FieldError[] = [];
  if (service.spec!.type !== 'ExternalName' && old.spec!.type !== 'ExternalName' && before.length > 0) {
    if (now.length === 0) {
      errors.push(invalid(`${SPEC}.clusterIPs[0]`, goStrings(now), 'primary clusterIP can not be unset'));
    } else if (now[0] !== before[0]) {
      errors.push(invalid(`${SPEC}.clusterIPs[0]`, goStrings(now), 'may not change once set'));
    }
  }
  return [...errors, ...validateService(service)];
}
