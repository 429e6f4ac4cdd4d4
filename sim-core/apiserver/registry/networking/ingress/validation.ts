import { isEmptied } from '../../../../apimachinery/json/emptied.ts';
import type { TypedLocalObjectReference } from 'kubernetes-types/core/v1';
import type {
  HTTPIngressPath,
  IngressBackend,
  IngressRule,
  IngressServiceBackend,
  IngressSpec,
  IngressTLS,
} from 'kubernetes-types/networking/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  GoLiteral,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import {
  isDNS1123Subdomain,
  isWildcardDNS1123Subdomain,
  nameIsDNS1035Label,
  nameIsDNSSubdomain,
  nameIsPathSegment,
} from '../../../../apimachinery/validation/names.ts';
import { isIP, validateNameWith, validatePortNumOrName } from '../../core/validation/common.ts';
import { CLASS_ANNOTATION } from './class-annotation.ts';

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const FORBIDDEN_SEQUENCES = ['//', '/./', '/../', '%2f', '%2F'];
const FORBIDDEN_SUFFIXES = ['/..', '/.'];

/** Models pkg/apis/networking/validation ValidateIngressCreate. */
export function validateIngressCreate(object: KubeObject): FieldError[] {
  const errors = validateIngress(object);
  const annotation = object.metadata.annotations?.[CLASS_ANNOTATION];
  const { ingressClassName } = object.spec as IngressSpec;
  if (annotation !== undefined && ingressClassName !== undefined && annotation !== ingressClassName) {
    errors.push(
      invalid(
        `annotations.${CLASS_ANNOTATION}`,
        annotation,
        'must match `ingressClassName` when both are specified',
      ),
    );
  }
  return errors;
}

/** Models ValidateIngressSpec. */
export function validateIngress(object: KubeObject): FieldError[] {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = object.spec as IngressSpec;
  const errors: FieldError[] = [];
  if (rules.length === 0 && defaultBackend === undefined) {
    const empty = isEmptied(object.spec, 'rules') ? '{}' : '(nil)';
    const shown = new GoLiteral(`[]networking.IngressRule${empty}`);
    errors.push(invalid('spec', shown, 'either `defaultBackend` or `rules` must be specified'));
  }
  if (defaultBackend !== undefined) errors.push(...validateBackend(defaultBackend, 'spec.defaultBackend'));
  errors.push(
    ...rules.flatMap((rule, index) => validateRule(rule, `spec.rules[${index}]`)),
    ...tls.flatMap((item, index) => validateTLS(item, `spec.tls[${index}]`)),
  );
  if (ingressClassName !== undefined) {
    errors.push(...validateNameWith(nameIsDNSSubdomain, ingressClassName, 'spec.ingressClassName'));
  }
  return errors;
}

function validateHost(host: string, field: string): FieldError[] {
  const check = host.includes('*') ? isWildcardDNS1123Subdomain : isDNS1123Subdomain;
  return check(host).map((text) => invalid(field, host, text));
}

function validateTLS({ hosts = [], secretName = '' }: IngressTLS, field: string): FieldError[] {
  return [
    ...hosts.flatMap((host, index) => validateHost(host, `${field}.hosts[${index}]`)),
    ...(secretName === '' ? [] : validateNameWith(nameIsDNSSubdomain, secretName, `${field}.secretName`)),
  ];
}

function validateRule({ host = '', http }: IngressRule, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (host !== '') {
    if (isIP(host)) errors.push(invalid(`${field}.host`, host, 'must be a DNS name, not an IP address'));
    errors.push(...validateHost(host, `${field}.host`));
  }
  if (http === undefined) return errors;
  const paths = http.paths ?? [];
  if (paths.length === 0) errors.push(required(`${field}.http.paths`));
  return [...errors, ...paths.flatMap((path, index) => validatePath(path, `${field}.http.paths[${index}]`))];
}

/** Models validateHTTPIngressPath. */
function validatePath({ path = '', pathType, backend }: HTTPIngressPath, field: string): FieldError[] {
  if ((pathType ?? undefined) === undefined)
    return [required(`${field}.pathType`, 'pathType must be specified')];
  const errors: FieldError[] = [];
  const wrong = (detail: string) => errors.push(invalid(`${field}.path`, path, detail));
  switch (pathType as string) {
    case 'Exact':
    case 'Prefix':
      if (!path.startsWith('/')) wrong('must be an absolute path');
      for (const part of FORBIDDEN_SEQUENCES) if (path.includes(part)) wrong(`must not contain '${part}'`);
      for (const end of FORBIDDEN_SUFFIXES) if (path.endsWith(end)) wrong(`cannot end with '${end}'`);
      break;
    case 'ImplementationSpecific':
      if (path !== '' && !path.startsWith('/')) wrong('must be an absolute path');
      break;
    default:
      errors.push(notSupported(`${field}.pathType`, pathType, PATH_TYPES));
  }
  return [...errors, ...validateBackend(backend ?? {}, `${field}.backend`)];
}

/** Models validateIngressBackend. */
function validateBackend({ resource, service }: IngressBackend, field: string): FieldError[] {
  if (resource !== undefined && service !== undefined) {
    return [invalid(field, '', 'cannot set both resource and service backends')];
  }
  if (resource !== undefined) return validateResource(resource, `${field}.resource`);
  if (service !== undefined) return validateServiceBackend(service, field);
  return [invalid(field, '', 'resource or service backend is required')];
}

function validateServiceBackend({ name, port }: IngressServiceBackend, field: string): FieldError[] {
  const errors = name
    ? validateNameWith(nameIsDNS1035Label, name, `${field}.service.name`)
    : [required(`${field}.service.name`)];
  const { name: portName = '', number = 0 } = port ?? {};
  if (portName !== '' && number !== 0) {
    return [...errors, invalid(field, '', 'cannot set both port name & port number')];
  }
  if (portName !== '') {
    return [...errors, ...validatePortNumOrName(portName, `${field}.service.port.name`)];
  }
  if (number !== 0) {
    return [...errors, ...validatePortNumOrName(number, `${field}.service.port.number`)];
  }
  return [...errors, required(field, 'port name or number is required')];
}

/** Models validateIngressTypedLocalObjectReference. */
export function validateResource(
  { apiGroup, kind, name }: TypedLocalObjectReference,
  field: string,
): FieldError[] {
  const segment = (value: string, what: string) =>
    value
      ? validateNameWith(nameIsPathSegment, value, `${field}.${what}`)
      : [required(`${field}.${what}`, `${what} is required`)];
  return [
    ...(apiGroup == null
      ? []
      : isDNS1123Subdomain(apiGroup).map((text) => invalid(`${field}.apiGroup`, apiGroup, text))),
    ...segment(kind, 'kind'),
    ...segment(name, 'name'),
  ];
}
