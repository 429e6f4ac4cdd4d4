import { decodedEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  goStruct,
  invalid,
  notFound,
  required,
} from '../../../apimachinery/validation/field-error.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/names.ts';
import {
  validateCSIDriverName,
  validateDNS1123Label,
  validateEnum,
  validateNameWith,
} from '../core/validation/common.ts';
import { bumpGeneration } from '../generation.ts';
import type { Strategy } from '../rest/strategy.ts';

const MODES = ['All', 'ExactCount'];

interface ExactRequest {
  readonly deviceClassName?: string;
  readonly allocationMode?: string;
  readonly count?: number;
}
interface Request {
  readonly name?: string;
  readonly exactly?: ExactRequest;
  readonly firstAvailable?: readonly (ExactRequest & { readonly name?: string })[];
}

function validateExact(request: ExactRequest, field: string): FieldError[] {
  const { deviceClassName = '', allocationMode, count = 0 } = request;
  const path = `${field}.deviceClassName`;
  const errors =
    deviceClassName === '' ? [required(path)] : validateNameWith(nameIsDNSSubdomain, deviceClassName, path);
  errors.push(...validateEnum(allocationMode, MODES, `${field}.allocationMode`));
  if (allocationMode === 'ExactCount' && count <= 0) {
    errors.push(invalid(`${field}.count`, count, 'must be greater than zero'));
  }
  if (allocationMode === 'All' && count !== 0) {
    errors.push(invalid(`${field}.count`, count, "must not be specified when allocationMode is 'All'"));
  }
  return errors;
}

/** Models validateDeviceClaim: requests by name, each in one of two ways, and constraints of those. */
function validateDevices(
  devices: {
    readonly requests?: readonly Request[];
    readonly constraints?: readonly { readonly requests?: readonly string[] }[];
  },
  field: string,
): FieldError[] {
  const names: string[] = [];
  const errors = (devices.requests ?? []).flatMap(({ name = '', exactly, firstAvailable }, index) => {
    const path = `${field}.requests[${index}]`;
    const own = validateDNS1123Label(name, `${path}.name`);
    if (names.includes(name)) own.push(duplicate(`${path}.name`, name));
    names.push(name, ...(firstAvailable ?? []).map((request) => `${name}/${request.name ?? ''}`));
    const one = 'exactly one of `exactly` or `firstAvailable` is required';
    if (exactly === undefined && !firstAvailable?.length) own.push(required(path, one));
    else if (exactly !== undefined && firstAvailable?.length) {
      own.push(
        invalid(
          path,
          null,
          'exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set',
        ),
      );
    }
    return [
      ...own,
      ...(exactly === undefined ? [] : validateExact(exactly, `${path}.exactly`)),
      ...(firstAvailable ?? []).flatMap((request, at) => [
        ...validateDNS1123Label(request.name ?? '', `${path}.firstAvailable[${at}].name`),
        ...validateExact(request, `${path}.firstAvailable[${at}]`),
      ]),
    ];
  });
  return [
    ...errors,
    ...(devices.constraints ?? []).flatMap(({ requests = [] }, index) =>
      requests.flatMap((name, at) =>
        names.includes(name) ? [] : [notFound(`${field}.constraints[${index}].requests[${at}]`, name)],
      ),
    ),
  ];
}

const immutable = (type: string) => (object: KubeObject, old: KubeObject) =>
  decodedEqual(object.spec, old.spec)
    ? []
    : [invalid('spec', goStruct(type, object.spec), 'field is immutable')];

export const deviceClass: Strategy = {
  prepareForCreate(object) {
    object.metadata.generation = 1;
  },
  prepareForUpdate(object, old) {
    bumpGeneration(object, old, !decodedEqual(object.spec, old.spec));
  },
};

export const resourceClaim: Strategy = {
  prepareForCreate(object) {
    object.status = {};
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validate: ({ spec }) => validateDevices(spec.devices, 'spec.devices'),
  validateUpdate: (object, old) => [
    ...immutable('resource.ResourceClaimSpec')(object, old),
    ...validateDevices(object.spec.devices, 'spec.devices'),
  ],
};

export const resourceClaimTemplate: Strategy = {
  validate: ({ spec }) => validateDevices(spec.spec.devices, 'spec.spec.devices'),
  validateUpdate: (object, old) => immutable('resource.ResourceClaimTemplateSpec')(object, old),
};

/** Models ValidateResourceSlice: whose devices they are, and which nodes can use them. */
function validateSlice({ spec }: KubeObject): FieldError[] {
  const { driver = '', pool, nodeName, nodeSelector, allNodes, perDeviceNodeSelection } = spec;
  const errors = validateCSIDriverName(driver, 'spec.driver');
  if (!pool?.name) errors.push(required('spec.pool.name'));
  if ((pool?.resourceSliceCount ?? 0) <= 0) {
    errors.push(
      invalid('spec.pool.resourceSliceCount', pool?.resourceSliceCount ?? 0, 'must be greater than zero'),
    );
  }
  const given = [nodeName, nodeSelector, allNodes, perDeviceNodeSelection].filter(Boolean).length;
  const text = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  if (given === 0) errors.push(required('spec', text));
  else if (given > 1) errors.push(invalid('spec', null, `${text}, but multiple fields are set`));
  return errors;
}

export const resourceSlice: Strategy = {
  prepareForCreate(object) {
    object.metadata.generation = 1;
  },
  prepareForUpdate(object, old) {
    bumpGeneration(object, old, !decodedEqual(object.spec, old.spec));
  },
  validate: validateSlice,
  validateUpdate: (object, old) => [
    ...validateSlice(object),
    ...(object.spec.driver === old.spec.driver
      ? []
      : [invalid('spec.driver', object.spec.driver, 'field is immutable')]),
    ...(object.spec.pool?.name === old.spec.pool?.name
      ? []
      : [invalid('spec.pool.name', object.spec.pool?.name, 'field is immutable')]),
    ...(object.spec.nodeName === old.spec.nodeName
      ? []
      : [invalid('spec.nodeName', object.spec.nodeName ?? null, 'field is immutable')]),
  ],
};
