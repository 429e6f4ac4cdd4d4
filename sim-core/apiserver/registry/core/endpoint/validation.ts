import type { EndpointAddress, EndpointSubset } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid, required } from '../../../../apimachinery/validation/field-error.ts';
import { isValidPortNum, nameIsDNSSubdomain } from '../../../../apimachinery/validation/names.ts';
import {
  validateDNS1123Label,
  validateEnum,
  validateIP,
  validateNameWith,
  validateNonSpecialIP,
  validateQualifiedName,
} from '../validation/common.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

/** Models validateEndpointAddress. */
function validateAddress(
  { ip = '', hostname, nodeName }: Partial<EndpointAddress>,
  field: string,
): FieldError[] {
  return [
    ...validateIP(ip, `${field}.ip`),
    ...(hostname ? validateDNS1123Label(hostname, `${field}.hostname`) : []),
    ...(nodeName === undefined ? [] : validateNameWith(nameIsDNSSubdomain, nodeName, `${field}.nodeName`)),
    ...validateNonSpecialIP(ip, `${field}.ip`),
  ];
}

/** Models validation.go ValidateEndpoints. */
export function validateEndpoints(object: KubeObject): FieldError[] {
  return ((object.subsets ?? []) as EndpointSubset[]).flatMap((subset, index) => {
    const path = `subsets[${index}]`;
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
    const errors: FieldError[] = [];
    if (addresses.length === 0 && notReadyAddresses.length === 0) {
      errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'));
    }
    addresses.forEach((address, at) => errors.push(...validateAddress(address, `${path}.addresses[${at}]`)));
    notReadyAddresses.forEach((address, at) => {
      errors.push(...validateAddress(address, `${path}.notReadyAddresses[${at}]`));
    });
    ports.forEach((port, at) => {
      const field = `${path}.ports[${at}]`;
      if (ports.length > 1 && !port.name) errors.push(required(`${field}.name`));
      else if (port.name) errors.push(...validateDNS1123Label(port.name, `${field}.name`));
      for (const text of isValidPortNum(port.port)) errors.push(invalid(`${field}.port`, port.port, text));
      errors.push(...validateEnum(port.protocol, PROTOCOLS, `${field}.protocol`));
      if (port.appProtocol !== undefined) {
        errors.push(...validateQualifiedName(port.appProtocol, `${field}.appProtocol`));
      }
    });
    return errors;
  });
}
