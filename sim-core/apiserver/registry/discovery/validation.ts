import type { Endpoint, EndpointHints, EndpointPort } from 'kubernetes-types/discovery/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  invalid,
  notSupported,
  required,
  tooMany,
} from '../../../apimachinery/validation/field-error.ts';
import { validateLabels } from '../../../apimachinery/validation/labels.ts';
import {
  isDNS1123Label,
  isDNS1123Subdomain,
  isValidLabelValue,
  nameIsDNSSubdomain,
} from '../../../apimachinery/validation/names.ts';
import { parseIP } from '../../util/net.ts';
import {
  validateDNS1123Label,
  validateEnum,
  validateNameWith,
  validateNonSpecialIP,
  validateQualifiedName,
} from '../core/validation/common.ts';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const MAX_TOPOLOGY_LABELS = 16;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20000;
const MAX_ENDPOINTS = 1000;
const MAX_ZONES = 8;

/** Models IsFullyQualifiedDomainName: the first complaint. */
function validateFQDN(given: string, field: string): FieldError[] {
  if (given === '') return [required(field)];
  const name = given.replace(/\.$/, '');
  const complaints = isDNS1123Subdomain(name);
  if (complaints.length > 0) return [invalid(field, name, complaints.join(','))];
  const labels = name.split('.');
  if (labels.length < 2) {
    return [invalid(field, name, 'should be a domain with at least two segments separated by dots')];
  }
  const bad = labels.find((label) => isDNS1123Label(label).length > 0);
  return bad === undefined ? [] : [invalid(field, bad, isDNS1123Label(bad).join(','))];
}

function validateAddress(address: string, type: string, field: string): FieldError[] {
  if (type === 'FQDN') return validateFQDN(address, field);
  if (type !== 'IPv4' && type !== 'IPv6') return [];
  const family = type === 'IPv4' ? 4 : 6;
  return [
    ...(parseIP(address)?.family === family
      ? []
      : [invalid(field, address, `must be a valid ${type} address`)]),
    ...validateNonSpecialIP(address, field),
  ];
}

function validateHints({ forZones = [] }: EndpointHints, field: string): FieldError[] {
  const path = `${field}.forZones`;
  if (forZones.length > MAX_ZONES) return [tooMany(path, forZones.length, MAX_ZONES)];
  const names = forZones.map(({ name = '' }) => name);
  return names.flatMap((name, index) => [
    ...(names.indexOf(name) < index ? [duplicate(`${path}[${index}].name`, name)] : []),
    ...isValidLabelValue(name).map((text) => invalid(`${path}[${index}].name`, name, text)),
  ]);
}

function validateEndpoint(endpoint: Endpoint, type: string, field: string): FieldError[] {
  const { addresses = [], nodeName, hostname, hints, deprecatedTopology: topology } = endpoint;
  const path = `${field}.addresses`;
  const errors: FieldError[] = [];
  if (addresses.length === 0) errors.push(required(path, 'must contain at least 1 address'));
  else if (addresses.length > MAX_ADDRESSES) {
    errors.push(tooMany(path, addresses.length, MAX_ADDRESSES));
  }
  addresses.forEach((address, index) => {
    errors.push(...validateAddress(address, type, `${path}[${index}]`));
  });
  if (nodeName !== undefined) {
    errors.push(...validateNameWith(nameIsDNSSubdomain, nodeName, `${field}.nodeName`));
  }
  const labels = (topology ?? {}) as Record<string, string>;
  const count = Object.keys(labels).length;
  if (count > MAX_TOPOLOGY_LABELS) {
    errors.push(tooMany(`${field}.deprecatedTopology`, count, MAX_TOPOLOGY_LABELS));
  }
  errors.push(...validateLabels(labels, `${field}.deprecatedTopology`));
  if (hostname !== undefined) errors.push(...validateDNS1123Label(hostname, `${field}.hostname`));
  return hints ? [...errors, ...validateHints(hints, `${field}.hints`)] : errors;
}

function validatePorts(ports: readonly EndpointPort[]): FieldError[] {
  if (ports.length > MAX_PORTS) return [tooMany('ports', ports.length, MAX_PORTS)];
  const names = ports.map(({ name = '' }) => name);
  return ports.flatMap(({ name = '', protocol, appProtocol }, index) => {
    const path = `ports[${index}]`;
    return [
      ...(name ? validateDNS1123Label(name, `${path}.name`) : []),
      ...(names.indexOf(name) < index ? [duplicate(`${path}.name`, name)] : []),
      ...(PROTOCOLS.includes(protocol!) ? [] : [notSupported(`${path}.protocol`, protocol, PROTOCOLS)]),
      ...(appProtocol === undefined ? [] : validateQualifiedName(appProtocol, `${path}.appProtocol`)),
    ];
  });
}

/** Models pkg/apis/discovery/validation ValidateEndpointSlice. */
export function validateEndpointSlice(object: KubeObject): FieldError[] {
  const endpoints = (object.endpoints ?? []) as Endpoint[];
  const type = object.addressType ?? '';
  return [
    ...validateEnum(type, ADDRESS_TYPES, 'addressType'),
    ...(endpoints.length > MAX_ENDPOINTS
      ? [tooMany('endpoints', endpoints.length, MAX_ENDPOINTS)]
      : endpoints.flatMap((endpoint, index) => validateEndpoint(endpoint, type, `endpoints[${index}]`))),
    ...validatePorts((object.ports ?? []) as EndpointPort[]),
  ];
}
