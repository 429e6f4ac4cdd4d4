import type { IngressClassParametersReference, IngressClassSpec } from 'kubernetes-types/networking/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../../../../apimachinery/validation/field-error.ts';
import { isDNS1123Subdomain, nameIsDNSLabel } from '../../../../apimachinery/validation/names.ts';
import { validateNameWith } from '../../core/validation/common.ts';
import { validateResource } from '../ingress/validation.ts';

const MAX_CONTROLLER = 250;
const SCOPES = ['Cluster', 'Namespace'];

/** Models pkg/apis/networking/validation validateIngressClassSpec. */
export function validateIngressClassSpec({ controller = '', parameters }: IngressClassSpec): FieldError[] {
  const field = 'spec.controller';
  const errors: FieldError[] = [];
  if (controller === '') errors.push(required(field));
  else {
    if (controller.length > MAX_CONTROLLER) errors.push(tooLong(field, MAX_CONTROLLER));
    errors.push(...validateDomainPrefixedPath(controller, field));
  }
  return parameters === undefined
    ? errors
    : [...errors, ...validateParameters(parameters, 'spec.parameters')];
}

/** Models validation.IsDomainPrefixedPath. */
function validateDomainPrefixedPath(value: string, field: string): FieldError[] {
  const slash = value.indexOf('/');
  if (slash <= 0 || slash === value.length - 1) {
    return [invalid(field, value, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  const host = value.slice(0, slash);
  return isDNS1123Subdomain(host).map((text) => invalid(field, host, text));
}

/** Models validateIngressClassParametersReference. */
function validateParameters(parameters: IngressClassParametersReference, field: string): FieldError[] {
  const { scope, namespace } = parameters;
  const errors = validateResource(parameters, field);
  if (scope === undefined) return [...errors, required(`${field}.scope`)];
  if (!SCOPES.includes(scope)) return [...errors, notSupported(`${field}.scope`, scope, SCOPES)];
  if (scope === 'Cluster') {
    return namespace === undefined
      ? errors
      : [...errors, forbidden(`${field}.namespace`, "`parameters.scope` is set to 'Cluster'")];
  }
  return namespace === undefined
    ? [...errors, required(`${field}.namespace`, "`parameters.scope` is set to 'Namespace'")]
    : [...errors, ...validateNameWith(nameIsDNSLabel, namespace, `${field}.namespace`)];
}
