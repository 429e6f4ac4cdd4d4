import type {
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  ObjectFieldSelector,
  ResourceFieldSelector,
} from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid, notSupported, required } from '../../../../apimachinery/validation/field-error.ts';
import {
  isConfigMapKey,
  isEnvVarName,
  isQualifiedName,
  nameIsDNSSubdomain,
} from '../../../../apimachinery/validation/names.ts';
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
  if (!selector.apiVersion) return [required(`${field}.apiVersion`)];
  if (!selector.fieldPath) return [required(`${field}.fieldPath`)];
  const text = selector.fieldPath;
  const subscripted = /^(.+)\['(.*)'\]$/.exec(text);
  if (subscripted) {
    const [, path = '', subscript = ''] = subscripted;
    if (path === 'metadata.annotations') {
      return isQualifiedName(subscript.toLowerCase()).map((message) => invalid(field, subscript, message));
    }
    if (path === 'metadata.labels') {
      return isQualifiedName(subscript).map((message) => invalid(field, subscript, message));
    }
    return [invalid(field, path, 'does not support subscript')];
  }
  if (!CONVERTIBLE.has(text)) {
    const reason = `error converting fieldPath: field label not supported: ${text}`;
    return [invalid(`${field}.fieldPath`, text, reason)];
  }
  return allowed.includes(text) ? [] : [notSupported(`${field}.fieldPath`, text, allowed)];
}

/** Models validateContainerResourceFieldSelector; in a volume the container must be named. */
export function validateResourceFieldSelector(
  selector: ResourceFieldSelector | undefined,
  inVolume: boolean,
  field: string,
): FieldError[] {
  if (!selector) return [];
  if (inVolume && !selector.containerName) return [required(`${field}.containerName`)];
  const { resource } = selector;
  if (!resource) return [required(`${field}.resource`)];
  const hugepages = [`limits.${HUGEPAGES_PREFIX}`, `requests.${HUGEPAGES_PREFIX}`];
  if (!RESOURCE_FIELDS.includes(resource) && !hugepages.some((prefix) => resource.startsWith(prefix))) {
    return [notSupported(`${field}.resource`, resource, RESOURCE_FIELDS)];
  }
  return [];
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
      for (const text of nameIsDNSSubdomain(name, false)) {
        errors.push(invalid(`${path}.${key}.name`, name, text));
      }
    }
    if (count === 0) errors.push(invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (count > 1) {
      errors.push(invalid(field, '', 'may not have more than one field specified at a time'));
    }
    return errors;
  });
}
