import { semanticEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import { validateConditions } from '../../../apimachinery/validation/conditions.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { goStrings, goStruct, invalid, required } from '../../../apimachinery/validation/field-error.ts';
import { nameIsPathSegment } from '../../../apimachinery/validation/names.ts';
import { formatIP, maskedIP, parseCIDR } from '../../util/net.ts';
import { validateNameWith } from '../core/validation/common.ts';
import type { Strategy, UpdateStrategy } from '../rest/strategy.ts';

/** The range that the server's flag names is ready as soon as it is there. */
const OWN = 'kubernetes';

/** Models pkg/apis/networking/validation ValidateIPAddress. */
function validateAddress({ spec }: KubeObject): FieldError[] {
  const { parentRef } = spec;
  if (!parentRef) return [required('spec.parentRef')];
  const segment = (key: string) =>
    parentRef[key]
      ? validateNameWith(nameIsPathSegment, parentRef[key], `spec.parentRef.${key}`)
      : [required(`spec.parentRef.${key}`)];
  return [...segment('resource'), ...segment('name')];
}

export const ipAddress: Strategy = {
  prepareForCreate(object) {
    object.metadata.generation = 1;
  },
  validate: validateAddress,
  validateUpdate: (object, old) => [
    ...validateAddress(object),
    ...(semanticEqual(object.spec, old.spec)
      ? []
      : [
          invalid(
            'spec.parentRef',
            goStruct('networking.ParentReference', object.spec.parentRef ?? {}),
            'field is immutable',
          ),
        ]),
  ],
};

/** Models ValidateServiceCIDR: one or two blocks, one of each family, in their canonical form. */
function validateRange({ spec }: KubeObject): FieldError[] {
  const cidrs: readonly string[] = spec.cidrs ?? [];
  const field = 'spec.cidrs';
  if (cidrs.length === 0) return [required(field, 'at least one CIDR required')];
  if (cidrs.length > 2) {
    return [invalid(field, goStrings(cidrs), 'may only hold up to 2 values')];
  }
  const errors = cidrs.flatMap((text, index) => {
    const block = parseCIDR(text);
    const path = `${field}[${index}]`;
    if (block === undefined) {
      return [invalid(path, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
    }
    const canonical = `${formatIP(maskedIP(block))}/${block.length}`;
    return canonical === text
      ? []
      : [invalid(path, text, `must be in canonical form (${JSON.stringify(canonical)})`)];
  });
  const families = new Set(cidrs.map((text) => parseCIDR(text)?.address.family));
  if (errors.length === 0 && families.size < cidrs.length) {
    errors.push(invalid(field, goStrings(cidrs), 'may specify no more than one IP for each IP family'));
  }
  return errors;
}

export const serviceCIDR: Strategy = {
  prepareForCreate(object, { now }) {
    object.metadata.generation = 1;
    object.status = {};
    if (object.metadata.name !== OWN) return;
    object.status.conditions = [
      {
        type: 'Ready',
        status: 'True',
        lastTransitionTime: formatTime(now),
        reason: '',
        message: 'Kubernetes default Service CIDR is ready',
      },
    ];
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validate: validateRange,
  validateUpdate: (object, old) =>
    semanticEqual(object.spec, old.spec)
      ? []
      : [invalid('spec.cidrs', goStrings(object.spec.cidrs ?? []), 'field is immutable')],
};

export const serviceCIDRStatus: UpdateStrategy = {
  prepareForUpdate(object, old) {
    object.spec = old.spec;
  },
  validateUpdate: ({ status }) => validateConditions(status.conditions, 'status.conditions'),
};
