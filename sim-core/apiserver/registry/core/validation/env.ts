import type {
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  ObjectFieldSelector,
  ResourceFieldSelector,
} from 'kubernetes-types/core/v1';
import { Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid, notSupported, required } from '../../../../apimachinery/validation/field-error.ts';
import {
  isConfigMapKey,
  isEnvVarName,
  isQualifiedName,
  nameIsDNSSubdomain,
} from '../../../../apimachinery/validation/names.ts';
import { validateNameWith } from './common.ts';
import { HUGEPAGES_PREFIX } from './resources.ts';

/** Fields of a pod that its containers may see as variables. */
const ENV_FIELD_PATHS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
/** Fields of a pod that its volumes may show as files. */
export const VOLUME_FIELD_PATHS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];
/** Fields that upstream's conversion knows; any other is an unknown label. */
const CONVERTIBLE = new Set([
  ...ENV_FIELD_PATHS,
  ...VOLUME_FIELD_PATHS,
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.hostNetwork',
  'status.phase',
  'status.nominatedNodeName',
]);
const RESOURCE_FIELDS = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

/** Models ValidateEnv. */
export function validateEnv(variables: readonly EnvVar[] | undefined, field: string): FieldError[] {
  return (variables ?? []).flatMap((variable, index) => {
    const path = `${field}[${index}]`;
    const errors = !variable.name
      ? [required(`${path}.name`)]
      : isEnvVarName(variable.name).map((text) => invalid(`${path}.name`, variable.name, text));
    return [...errors, ...validateValueFrom(variable, `${path}.valueFrom`)];
  });
}

function validateValueFrom({ value, valueFrom }: EnvVar, field: string): FieldError[] {
  if (!valueFrom) return [];
  const sources = Object.values(valueFrom as Record<string, unknown>).filter((source) => source).length;
  const errors = validateEnvVarSource(valueFrom, field);
  if (sources === 0) {
    errors.push(
      invalid(
        field,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
      ),
    );
  } else if (value) {
    errors.push(invalid(field, '', 'may not be specified when `value` is not empty'));
  } else if (sources > 1) {
    errors.push(invalid(field, '', 'may not have more than one field specified at a time'));
  }
  return errors;
}

function validateEnvVarSource(source: EnvVarSource, field: string): FieldError[] {
  return [
    ...validateObjectFieldSelector(source.fieldRef, ENV_FIELD_PATHS, `${field}.fieldRef`),
    ...validateResourceFieldSelector(source.resourceFieldRef, false, `${field}.resourceFieldRef`),
    ...validateKeySelector(source.configMapKeyRef, `${field}.configMapKeyRef`),
    ...validateKeySelector(source.secretKeyRef, `${field}.secretKeyRef`),
  ];
}

/** Models validateConfigMapKeySelector and validateSecretKeySelector. */
function validateKeySelector(
  selector: { readonly name?: string; readonly key?: string } | undefined,
  field: string,
): FieldError[] {
  if (!selector) return [];
  const name = selector.name ?? '';
  const key = selector.key ?? '';
  return [
    ...nameIsDNSSubdomain(name, false).map((text) => invalid(`${field}.name`, name, text)),
    ...(key === ''
      ? [required(`${field}.key`)]
      : isConfigMapKey(key).map((text) => invalid(`${field}.key`, key, text))),
  ];
}

/** Models validateObjectFieldSelector, and the conversion of field labels that it asks. */
export function validateObjectFieldSelector(
  selector: ObjectFieldSelector | undefined,
  allowed: readonly string[],
  field: string,
): FieldError[] {
  if (!selector) return [];
  const { apiVersion, fieldPath: text } = selector;
  if (!apiVersion) return [required(`${field}.apiVersion`)];
  if (!text) return [required(`${field}.fieldPath`)];
  const unconvertible = (reason: string) => [
    invalid(`${field}.fieldPath`, text, `error converting fieldPath: ${reason}`),
  ];
  if (apiVersion !== 'v1') return unconvertible(`unsupported pod version: ${apiVersion}`);
  const subscripted = /^(.+)\['(.*)'\]$/.exec(text);
  if (subscripted) {
    const [, path = '', subscript = ''] = subscripted;
    if (path === 'metadata.annotations') {
      const name = subscript.toLowerCase();
      return isQualifiedName(name).map((message) => invalid(field, name, message));
    }
    if (path === 'metadata.labels') {
      return isQualifiedName(subscript).map((message) => invalid(field, subscript, message));
    }
    return [invalid(field, path, 'does not support subscript')];
  }
  if (!CONVERTIBLE.has(text)) return unconvertible(`field label not supported: ${text}`);
  return allowed.includes(text) ? [] : [notSupported(`${field}.fieldPath`, text, allowed)];
}

/** Models validateContainerResourceFieldSelector; in a volume the container must be named. */
export function validateResourceFieldSelector(
  selector: ResourceFieldSelector | undefined,
  inVolume: boolean,
  field: string,
): FieldError[] {
  if (!selector) return [];
  const { containerName, resource, divisor = '0' } = selector;
  const errors = validateDivisor(resource, divisor, `${field}.divisor`);
  if (inVolume && !containerName) return [required(`${field}.containerName`), ...errors];
  if (!resource) return [required(`${field}.resource`), ...errors];
  return RESOURCE_FIELDS.includes(resource) || isHugepagesField(resource)
    ? errors
    : [notSupported(`${field}.resource`, resource, RESOURCE_FIELDS), ...errors];
}

const isHugepagesField = (resource: string) =>
  [`limits.${HUGEPAGES_PREFIX}`, `requests.${HUGEPAGES_PREFIX}`].some((prefix) =>
    resource.startsWith(prefix),
  );

const CPU_DIVISORS = ['1m', '1'];
const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
/** How upstream calls what is counted in bytes. */
const BYTE_RESOURCES: Readonly<Record<string, string>> = {
  memory: 'memory',
  'ephemeral-storage': 'local ephemeral storage',
};

/** Models validateContainerResourceDivisor. */
function validateDivisor(resource: string, divisor: string, field: string): FieldError[] {
  if (Quantity.parse(divisor).isZero) return [];
  const name = resource.slice(resource.indexOf('.') + 1);
  if (RESOURCE_FIELDS.includes(resource) && name === 'cpu') {
    return CPU_DIVISORS.includes(divisor)
      ? []
      : [invalid(field, resource, "only divisor's values 1m and 1 are supported with the cpu resource")];
  }
  const counted = RESOURCE_FIELDS.includes(resource)
    ? BYTE_RESOURCES[name]
    : isHugepagesField(resource)
      ? 'hugepages'
      : undefined;
  if (counted === undefined || BYTE_DIVISORS.includes(divisor)) return [];
  const text = `only divisor's values ${BYTE_DIVISORS.join(', ')} are supported with the ${counted} resource`;
  return [invalid(field, resource, text)];
}

/** Models ValidateEnvFrom. */
export function validateEnvFrom(sources: readonly EnvFromSource[] | undefined, field: string): FieldError[] {
  return (sources ?? []).flatMap((source, index) => {
    const path = `${field}[${index}]`;
    const errors: FieldError[] = [];
    if (source.prefix) {
      errors.push(
        ...isEnvVarName(source.prefix).map((text) => invalid(`${path}.prefix`, source.prefix, text)),
      );
    }
    const named: [string, { name?: string } | undefined][] = [
      ['configMapRef', source.configMapRef],
      ['secretRef', source.secretRef],
    ];
    let count = 0;
    for (const [key, reference] of named) {
      if (!reference) continue;
      count++;
      const name = reference.name ?? '';
      if (name === '') errors.push(required(`${path}.${key}.name`));
      else errors.push(...validateNameWith(nameIsDNSSubdomain, name, `${path}.${key}.name`, true));
    }
    if (count === 0) errors.push(invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (count > 1) {
      errors.push(invalid(field, '', 'may not have more than one field specified at a time'));
    }
    return errors;
  });
}
