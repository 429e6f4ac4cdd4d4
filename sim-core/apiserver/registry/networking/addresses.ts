import { decodedEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import { validateConditions } from '../../../apimachinery/validation/conditions.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { goJson, goStruct, invalid, required } from '../../../apimachinery/validation/field-error.ts';
import { isDNS1123Subdomain, nameIsPathSegment } from '../../../apimachinery/validation/names.ts';
import { formatIP, isMapped, maskedIP, parseCIDR, withoutZeros } from '../../util/net.ts';
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
  const { group, namespace } = parentRef;
  return [
    ...(group ? isDNS1123Subdomain(group).map((text) => invalid('spec.parentRef.group', group, text)) : []),
    ...segment('resource'),
    ...segment('name'),
    ...(namespace ? segment('namespace') : []),
  ];
}

export const ipAddress: Strategy = {
  prepareForCreate(object) {
    object.metadata.generation = 1;
  },
  validate: validateAddress,
  validateUpdate: (object, old) => [
    ...validateAddress(object),
    ...(decodedEqual(object.spec, old.spec)
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

/** Why a text is no block in its canonical form. Models k8s.io/apimachinery/pkg/util/validation/ip.go IsValidCIDR. */
function cidrFault(text: string): string | undefined {
  const block = parseCIDR(text);
  if (block === undefined) {
    return parseCIDR(withoutZeros(text)) === undefined
      ? 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
      : 'must not have leading 0s in IP or prefix length';
  }
  if (isMapped(block.address)) return 'must not have an IPv4-mapped IPv6 address';
  const first = maskedIP(block);
  if (first.value !== block.address.value) return 'must not have bits set beyond the prefix length';
  const canonical = `${formatIP(first)}/${block.length}`;
  return canonical === text ? undefined : `must be in canonical form (${JSON.stringify(canonical)})`;
}

/** Models ValidateServiceCIDR: one or two blocks, one of each family, in their canonical form. */
function validateRange({ spec }: KubeObject): FieldError[] {
  const cidrs: readonly string[] = spec.cidrs ?? [];
  const field = 'spec.cidrs';
  if (cidrs.length === 0) return [required(field, 'at least one CIDR required')];
  if (cidrs.length > 2) {
    return [invalid(field, goJson({ CIDRs: cidrs }), 'may only hold up to 2 values')];
  }
  const errors = cidrs.flatMap((text, index) => {
    const fault = cidrFault(text);
    return fault === undefined ? [] : [invalid(`${field}[${index}]`, text, fault)];
  });
  const [first, second] = cidrs.map((text) => parseCIDR(withoutZeros(text))?.address.family);
  if (first !== undefined && first === second) {
    const detail = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
    errors.push(invalid(field, goJson(cidrs), detail));
  }
  return errors;
}

/** A second block may be added. Models ValidateServiceCIDRUpdate. */
function validateRangeUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const now: readonly string[] = object.spec.cidrs ?? [];
  const before: readonly string[] = old.spec.cidrs ?? [];
  const isWider = before.length === 1 && now.length === 2;
  if (now.length !== before.length && !isWider) {
    return [invalid('spec.cidrs', goJson(now), 'field is immutable')];
  }
  const changed = before.flatMap((cidr, index) =>
    cidr === now[index] ? [] : [invalid(`spec.cidrs[${index}]`, now[index], 'field is immutable')],
  );
  return isWider ? [...changed, ...validateRange(object)] : changed;
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
  validateUpdate: validateRangeUpdate,
};

export const serviceCIDRStatus: UpdateStrategy = {
  prepareForUpdate(object, old) {
    object.spec = old.spec;
  },
  validateUpdate: ({ status }) => validateConditions(status.conditions, 'status.conditions'),
};
