import type { ResourceRequirements } from 'kubernetes-types/core/v1';
import { Quantity, QuantityError } from '../../../../apimachinery/quantity/quantity.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, goQuantity, invalid, required } from '../../../../apimachinery/validation/field-error.ts';
import { isQualifiedName } from '../../../../apimachinery/validation/names.ts';

export const HUGEPAGES_PREFIX = 'hugepages-';
const CONTAINER_RESOURCES = ['cpu', 'memory', 'ephemeral-storage'];
const INTEGER_RESOURCES = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const STANDARD_RESOURCES = [
  ...CONTAINER_RESOURCES,
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'storage',
  'requests.storage',
  ...INTEGER_RESOURCES,
];
const NOT_NEGATIVE = 'must be greater than or equal to 0';

/** Models helper.IsNativeResource: "cpu", "kubernetes.io/batteries". */
export const isNativeResource = (name: string) => !name.includes('/') || name.includes('kubernetes.io/');

/** "example.com/gpu": of someone else's domain. Models helper.IsExtendedResourceName. */
function isExtendedResourceName(name: string): boolean {
  return (
    !isNativeResource(name) &&
    !name.startsWith('requests.') &&
    isQualifiedName(`requests.${name}`).length === 0
  );
}

export const isOvercommitAllowed = (name: string) =>
  isNativeResource(name) && !name.startsWith(HUGEPAGES_PREFIX);

/** A resource's name anywhere. Models validation.go validateResourceName. */
export function validateResourceName(name: string, field: string): FieldError[] {
  const errors = isQualifiedName(name).map((text) => invalid(field, name, text));
  if (errors.length > 0) return errors;
  if (
    !name.includes('/') &&
    !STANDARD_RESOURCES.includes(name) &&
    !name.startsWith(HUGEPAGES_PREFIX) &&
    !name.startsWith(`requests.${HUGEPAGES_PREFIX}`)
  ) {
    return [invalid(field, name, 'must be a standard resource type or fully qualified')];
  }
  return [];
}

/** A resource's name in a container. Models validateContainerResourceName. */
export function validateContainerResourceName(name: string, field: string): FieldError[] {
  const errors = validateResourceName(name, field);
  if (!name.includes('/')) {
    if (!CONTAINER_RESOURCES.includes(name) && !name.startsWith(HUGEPAGES_PREFIX)) {
      errors.push(invalid(field, name, 'must be a standard resource for containers'));
    }
  } else if (!isNativeResource(name) && !isExtendedResourceName(name)) {
    errors.push(invalid(field, name, "doesn't follow extended resource name standard"));
  }
  return errors;
}

/** Resource names that a quota may count, without a domain. */
export const isStandardQuotaResource = (name: string): boolean =>
  (STANDARD_RESOURCES.includes(name) && name !== 'storage') ||
  name.startsWith(HUGEPAGES_PREFIX) ||
  name.startsWith(`requests.${HUGEPAGES_PREFIX}`);

/** Models validateBasicResource for each of a list. */
export function validateBasicResources(
  list: Readonly<Record<string, string>> | undefined,
  field: string,
): FieldError[] {
  return Object.keys(list ?? {})
    .sort()
    .flatMap((name) => {
      const value = Quantity.parse(list![name]!).value();
      return value < 0 ? [invalid(`${field}[${name}]`, value, 'must be a valid resource quantity')] : [];
    });
}

/** Models ValidateResourceQuantityValue. */
export function validateResourceQuantityValue(name: string, value: string, field: string): FieldError[] {
  const quantity = Quantity.parse(value);
  const errors = validateNonnegativeQuantity(value, field);
  const whole = INTEGER_RESOURCES.includes(name) || isExtendedResourceName(name);
  if (whole && quantity.milliValue() % 1000 !== 0) {
    errors.push(invalid(field, goQuantity(value), 'must be an integer'));
  }
  return errors;
}

/** Models ValidateNonnegativeQuantity. */
function validateNonnegativeQuantity(value: string, field: string): FieldError[] {
  return Quantity.parse(value).sign < 0 ? [invalid(field, value, NOT_NEGATIVE)] : [];
}

/** Models ValidatePositiveQuantityValue. */
export function validatePositiveQuantity(value: string, field: string): FieldError[] {
  return Quantity.parse(value).sign <= 0 ? [invalid(field, value, 'must be greater than zero')] : [];
}

/** A container's requests and limits. Models ValidateResourceRequirements. */
export function validateResourceRequirements(
  resources: ResourceRequirements | undefined,
  field: string,
): FieldError[] {
  const limits = (resources?.limits ?? {}) as Record<string, string>;
  const requests = (resources?.requests ?? {}) as Record<string, string>;
  const errors: FieldError[] = [];
  for (const name of Object.keys(limits).sort()) {
    const path = `${field}.limits[${name}]`;
    errors.push(...validateContainerResourceName(name, path));
    errors.push(...validateResourceQuantityValue(name, limits[name]!, path));
    errors.push(...validateHugePages(name, limits[name]!, path));
  }
  for (const name of Object.keys(requests).sort()) {
    const path = `${field}.requests[${name}]`;
    const request = requests[name]!;
    const limit = limits[name];
    errors.push(...validateContainerResourceName(name, path));
    errors.push(...validateResourceQuantityValue(name, request, path));
    errors.push(...validateWithinLimit(name, request, limit, field));
    errors.push(...validateHugePages(name, request, path));
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    errors.push(forbidden(field, 'HugePages require cpu or memory'));
  }
  return errors;
}

/** A request is at most the limit; of what cannot be overcommitted there must be one, and just as much. */
function validateWithinLimit(
  name: string,
  request: string,
  limit: string | undefined,
  field: string,
): FieldError[] {
  const mayDiffer = isOvercommitAllowed(name);
  if (limit === undefined) {
    return mayDiffer
      ? []
      : [required(`${field}.limits`, 'Limit must be set for non overcommitable resources')];
  }
  const order = Quantity.parse(request).compare(Quantity.parse(limit));
  if (order === 0 || (order < 0 && mayDiffer)) return [];
  const relation = mayDiffer ? 'less than or equal to' : 'equal to';
  return [invalid(`${field}.requests`, request, `must be ${relation} ${name} limit of ${limit}`)];
}

const isHugePages = (name: string) => name.startsWith(HUGEPAGES_PREFIX);

/** Pages come whole. Models validateResourceQuantityHugePageValue. */
function validateHugePages(name: string, value: string, field: string): FieldError[] {
  if (!isHugePages(name)) return [];
  const whole = Quantity.parse(value).scaledValue(0);
  const size = pageSize(name);
  return size !== undefined && whole % size === 0n
    ? []
    : [invalid(field, value, `${value} is not positive integer multiple of ${name}`)];
}

/** Bytes of a page of "hugepages-2Mi"; undefined for a name that has no size. */
function pageSize(name: string): bigint | undefined {
  try {
    const size = Quantity.parse(name.slice(HUGEPAGES_PREFIX.length)).scaledValue(0);
    return size > 0n ? size : undefined;
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
}
