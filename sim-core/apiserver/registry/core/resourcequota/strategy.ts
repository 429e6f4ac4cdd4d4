import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { validateImmutableField } from '../../../../apimachinery/validation/object-meta.ts';
import { AGE, column } from '../../../printers/columns.ts';
import { statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { validateResourceQuantityValue } from '../validation/resources.ts';

function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
}

function validateList(list: Record<string, string> | undefined, field: string): FieldError[] {
  return Object.keys(list ?? {})
    .sort()
    .flatMap((name) => validateResourceQuantityValue(name, list![name]!, `${field}[${name}]`));
}

/** Models pkg/registry/core/resourcequota/strategy.go. */
export const resourceQuotaStrategy: Strategy = {
  fillDefaults,
  prepareForCreate(object) {
    object.status = {};
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validate: ({ spec }) => validateList(spec.hard, 'spec.hard'),
  validateUpdate: ({ spec }, old) => [
    ...validateList(spec.hard, 'spec.hard'),
    ...validateImmutableField(spec.scopes, old.spec.scopes, 'spec.scopes'),
  ],
};

export const resourceQuotaStatusStrategy: UpdateStrategy = {
  ...statusOnly(fillDefaults),
  validateUpdate: ({ status }) => [
    ...validateList(status.hard, 'status.hard'),
    ...validateList(status.used, 'status.used'),
  ],
};

/** "pods: 1/10, …" of requests or limits. Models printers.go printResourceQuota. */
const usage = (limits: boolean) => (object: KubeObject) => {
  const { hard = {}, used = {} } = object.status ?? {};
  return Object.keys(hard)
    .sort()
    .filter((name) => name.startsWith('limits') === limits)
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name]}`)
    .join(', ');
};

export const resourceQuotaColumns: readonly TableColumn[] = [
  column(
    'Request',
    'string',
    'Request represents a minimum amount of cpu/memory that a container may consume.',
    usage(false),
  ),
  column(
    'Limit',
    'string',
    'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
    usage(true),
  ),
  AGE,
];
