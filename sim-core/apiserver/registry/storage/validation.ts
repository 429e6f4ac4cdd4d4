import { isEmptied } from '../../../apimachinery/json/emptied.ts';
import type { TopologySelectorTerm } from 'kubernetes-types/core/v1';
import type {
  CSIDriverSpec,
  CSINodeDriver,
  TokenRequest,
  VolumeAttachment,
} from 'kubernetes-types/storage/v1';
import { deepEqual, decodedEqual } from '../../../apimachinery/copy.ts';
import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import { Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../../../apimachinery/validation/field-error.ts';
import { goSlice, goStruct } from '../../../apimachinery/validation/go-syntax.ts';
import { validateLabelName, validateLabelSelector } from '../../../apimachinery/validation/labels.ts';
import { byteLength, nameIsDNSSubdomain } from '../../../apimachinery/validation/names.ts';
import { validateImmutableField } from '../../../apimachinery/validation/object-meta.ts';
import {
  validateCSIDriverName,
  validateNameWith,
  validateNonnegative,
  validateQualifiedName,
} from '../core/validation/common.ts';
import { validateVolumeSpec } from '../core/persistentvolume/validation.ts';
import { nodeLabelWarning } from '../core/pod/warnings.ts';
import { bumpGeneration } from '../generation.ts';
import type { Strategy, UpdateStrategy } from '../rest/strategy.ts';

const RECLAIM_POLICIES = ['Delete', 'Retain'];
const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer'];
const FS_GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];
const LIFECYCLE_MODES = ['Persistent', 'Ephemeral'];
const MAX_PARAMETERS = 512;
const MAX_TEXT = 256 * 1024;
const MAX_ERROR = 1024;
const MAX_NODE_ID = 192;

const same = (a: unknown, b: unknown) => decodedEqual((a ?? null) as Json, (b ?? null) as Json);
const sizeOf = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).reduce((size, [key, value]) => size + byteLength(key) + byteLength(value), 0);

function validateParameters(parameters: Readonly<Record<string, string>>, field: string): FieldError[] {
  if (Object.keys(parameters).length > MAX_PARAMETERS) return [tooLong(field, MAX_PARAMETERS)];
  return [
    ...(Object.hasOwn(parameters, '') ? [invalid(field, '', 'field can not be empty.')] : []),
    ...(sizeOf(parameters) > MAX_TEXT ? [tooLong(field, MAX_TEXT)] : []),
  ];
}

/** Models ValidateTopologySelectorTerm, and that no term comes twice. */
function validateTopologies(terms: readonly TopologySelectorTerm[]): FieldError[] {
  // Upstream begins with as many empty terms as there are terms.
  const seen: Record<string, Json>[] = terms.map(() => ({}));
  return terms.flatMap((term, index) => {
    const path = `allowedTopologies[${index}].matchLabelExpressions`;
    const values: Record<string, Json> = {};
    const errors = (term.matchLabelExpressions ?? []).flatMap((expression, at) => {
      const own: FieldError[] = [];
      const list = expression.values ?? [];
      if (list.length === 0) own.push(required(`${path}[${at}].values`));
      list.forEach((value, position) => {
        if (list.indexOf(value) < position) own.push(duplicate(`${path}[${at}].values[${position}]`, value));
      });
      own.push(...validateLabelName(expression.key ?? '', `${path}[${at}].key`));
      if (Object.hasOwn(values, expression.key)) own.push(duplicate(`${path}[${at}].key`, expression.key));
      values[expression.key] = [...new Set(list)].sort();
      return own;
    });
    for (const other of seen) if (deepEqual(other, values)) errors.push(duplicate(path, ''));
    seen.push(values);
    return errors;
  });
}

/** Models pkg/apis/storage/validation ValidateStorageClass. */
function validateClass(object: KubeObject): FieldError[] {
  const { provisioner, reclaimPolicy, volumeBindingMode, parameters, allowedTopologies } = object;
  return [
    ...(provisioner
      ? validateQualifiedName(provisioner.toLowerCase(), 'provisioner')
      : [required('provisioner')]),
    ...validateParameters(parameters ?? {}, 'parameters'),
    ...(reclaimPolicy && !RECLAIM_POLICIES.includes(reclaimPolicy)
      ? [notSupported('reclaimPolicy', reclaimPolicy, RECLAIM_POLICIES)]
      : []),
    ...(BINDING_MODES.includes(volumeBindingMode)
      ? []
      : [notSupported('volumeBindingMode', volumeBindingMode, BINDING_MODES)]),
    ...validateTopologies(allowedTopologies ?? []),
  ];
}

/** Models pkg/api/storage GetWarningsForStorageClass. */
const classWarnings = ({ allowedTopologies }: KubeObject): string[] =>
  ((allowedTopologies ?? []) as TopologySelectorTerm[]).flatMap(({ matchLabelExpressions = [] }, index) =>
    matchLabelExpressions.flatMap(({ key }, at) => {
      const text = nodeLabelWarning(key);
      const path = `allowedTopologies[${index}].matchLabelExpressions[${at}].key`;
      return text === undefined ? [] : [`${path}: ${text}`];
    }),
  );

export const storageClass: Strategy = {
  warningsOnCreate: classWarnings,
  warningsOnUpdate: classWarnings,
  validate: validateClass,
  validateUpdate: (object, old) => [
    ...validateClass(object),
    ...['parameters', 'provisioner', 'reclaimPolicy']
      // An empty map is another than none, until it is stored.
      .filter((field) => !same(object[field], old[field]) || isEmptied(object, field))
      .map((field) => forbidden(field, `updates to ${field} are forbidden.`)),
    ...validateImmutableField(object.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode'),
  ],
};

/** Models ValidateVolumeAttachment. */
function validateAttachment({ spec, status }: VolumeAttachment): FieldError[] {
  const { attacher, source, nodeName = '' } = spec;
  const errors = attacher ? [] : [required('spec.attacher')];
  const { inlineVolumeSpec: inline, persistentVolumeName: name } = source ?? {};
  const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (inline === undefined && name === undefined) errors.push(required('spec.source', one));
  else if (inline !== undefined && name !== undefined) errors.push(forbidden('spec.source', one));
  else if (name === '') {
    errors.push(required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'));
  } else if (inline !== undefined) {
    errors.push(...validateVolumeSpec(inline, '', 'spec.source.inlineVolumeSpec', true));
  }
  errors.push(...validateNameWith(nameIsDNSSubdomain, nodeName, 'spec.nodeName'));
  if (sizeOf((status?.attachmentMetadata ?? {}) as Record<string, string>) > MAX_TEXT) {
    errors.push(tooLong('status.attachmentMetadata', MAX_TEXT));
  }
  for (const key of ['attachError', 'detachError'] as const) {
    if (byteLength(status?.[key]?.message ?? '') > MAX_ERROR) {
      errors.push(tooLong(`status.${key}.message`, MAX_TEXT));
    }
  }
  return errors;
}

export const volumeAttachment: Strategy = {
  prepareForCreate(object) {
    object.status = { attached: false };
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validate(object) {
    const name: string | undefined = object.spec.source?.persistentVolumeName;
    return [
      ...validateAttachment(object as never),
      ...validateCSIDriverName(object.spec.attacher ?? '', 'spec.attacher'),
      ...(name === undefined
        ? []
        : validateNameWith(nameIsDNSSubdomain, name, 'spec.source.persistentVolumeName')),
    ];
  },
  // Upstream checks the object twice.
  validateUpdate: (object, old) => [
    ...validateAttachment(object as never),
    ...validateAttachmentUpdate(object, old),
  ],
};

function validateAttachmentUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  return [
    ...validateAttachment(object as never),
    ...(same(object.spec, old.spec)
      ? []
      : [invalid('spec', goStruct('storage.VolumeAttachmentSpec', object.spec), 'field is immutable')]),
  ];
}

export const volumeAttachmentStatus: UpdateStrategy = {
  prepareForUpdate(object, old) {
    object.spec = old.spec;
    object.metadata = {
      ...old.metadata,
      ...(object.metadata.resourceVersion && { resourceVersion: object.metadata.resourceVersion }),
      ...(object.metadata.managedFields && { managedFields: object.metadata.managedFields }),
    };
  },
  validateUpdate: validateAttachmentUpdate,
};

/** Models validateCSINodeDriver. */
function validateNodeDriver(driver: CSINodeDriver, names: Set<string>, field: string): FieldError[] {
  const { name = '', nodeID = '', allocatable } = driver;
  const topologyKeys = driver.topologyKeys ?? [];
  const errors = validateCSIDriverName(name, `${field}.name`);
  if (nodeID === '') errors.push(required(`${field}.nodeID`));
  if (byteLength(nodeID) > MAX_NODE_ID) {
    errors.push(invalid(`${field}.nodeID`, nodeID, `must be ${MAX_NODE_ID} characters or less`));
  }
  errors.push(...validateNonnegative(allocatable?.count, `${field}.allocatable.count`));
  if (names.has(name)) errors.push(duplicate(`${field}.name`, name));
  names.add(name);
  topologyKeys.forEach((key, index) => {
    if (key === '') errors.push(required(field));
    if (topologyKeys.indexOf(key) < index) errors.push(duplicate(field, key));
    errors.push(...validateQualifiedName(key, field));
  });
  return errors;
}

function validateNode({ spec }: KubeObject): FieldError[] {
  const names = new Set<string>();
  return ((spec.drivers ?? []) as CSINodeDriver[]).flatMap((driver, index) =>
    validateNodeDriver(driver, names, `spec.drivers[${index}]`),
  );
}

export const csiNode: Strategy = {
  validate: validateNode,
  // Upstream checks the object twice.
  validateUpdate: (object, old) => [
    ...validateNode(object),
    ...validateNode(object),
    ...((old.spec.drivers ?? []) as CSINodeDriver[]).flatMap((before) =>
      ((object.spec.drivers ?? []) as CSINodeDriver[])
        .filter((driver) => driver.name === before.name && !same(driver, before))
        .map((driver) =>
          invalid('CSINodeDriver', goStruct('storage.CSINodeDriver', driver), 'field is immutable'),
        ),
    ),
  ],
};

/** Models validateTokenRequests: each audience once, for 10 minutes or more. */
function validateTokenRequests(requests: readonly TokenRequest[]): FieldError[] {
  const audiences = new Set<string>();
  return requests.flatMap(({ audience = '', expirationSeconds: seconds }, index) => {
    const path = `spec.tokenRequests[${index}]`;
    if (audiences.has(audience)) return [duplicate(`${path}.audience`, audience)];
    audiences.add(audience);
    const wrong = (text: string) => [invalid(`${path}.expirationSeconds`, seconds!, text)];
    if (seconds === undefined) return [];
    if (seconds < 600) return wrong('may not specify a duration less than 10 minutes');
    return seconds > 2 ** 32 ? wrong('may not specify a duration larger than 2^32 seconds') : [];
  });
}

/** Models validateCSIDriverSpec. */
function validateDriver(spec: CSIDriverSpec): FieldError[] {
  return [
    ...(spec.fsGroupPolicy === undefined || FS_GROUP_POLICIES.includes(spec.fsGroupPolicy)
      ? []
      : [notSupported('spec.fsGroupPolicy', spec.fsGroupPolicy, FS_GROUP_POLICIES)]),
    ...validateTokenRequests(spec.tokenRequests ?? []),
    ...(spec.volumeLifecycleModes ?? [])
      .filter((mode) => !LIFECYCLE_MODES.includes(mode))
      .map((mode) => notSupported('spec.volumeLifecycleModes', mode, LIFECYCLE_MODES)),
  ];
}

export const csiDriver: Strategy = {
  prepareForUpdate(object, old) {
    const changed = ['tokenRequests', 'requiresRepublish', 'seLinuxMount'].some(
      (field) => !same(object.spec[field], old.spec[field]),
    );
    if (changed) bumpGeneration(object, old, true);
  },
  validate: ({ spec }) => validateDriver(spec),
  validateUpdate: ({ spec }, { spec: old }) => [
    ...validateDriver(spec),
    ...validateImmutableField(spec.attachRequired, old.attachRequired, 'spec.attachedRequired'),
    ...validateImmutableField(spec.fsGroupPolicy, old.fsGroupPolicy, 'spec.fsGroupPolicy'),
    ...validateImmutableField(spec.podInfoOnMount, old.podInfoOnMount, 'spec.podInfoOnMount'),
    ...validateImmutableField(
      spec.volumeLifecycleModes,
      old.volumeLifecycleModes,
      'spec.volumeLifecycleModes',
      goSlice('storage.VolumeLifecycleMode', spec.volumeLifecycleModes),
    ),
    ...validateTokenRequests(spec.tokenRequests ?? []),
  ],
};

export const csiStorageCapacity: Strategy = {
  validate: ({ nodeTopology, storageClassName = '', capacity }) => [
    ...validateLabelSelector(nodeTopology, 'nodeTopology'),
    ...validateNameWith(nameIsDNSSubdomain, storageClassName, 'storageClassName'),
    ...(capacity !== undefined && Quantity.parse(capacity).sign < 0
      ? [invalid('capacity', capacity, 'must be greater than or equal to 0')]
      : []),
  ],
  validateUpdate: (object, old) => [
    ...(same(object.nodeTopology, old.nodeTopology)
      ? []
      : [
          invalid(
            'nodeTopology',
            goStruct('v1.LabelSelector', object.nodeTopology ?? {}),
            'field is immutable',
          ),
        ]),
    ...(object.storageClassName === old.storageClassName
      ? []
      : [invalid('storageClassName', object.storageClassName, 'field is immutable')]),
  ],
};

/** Models ValidateVolumeAttributesClass: its driver and parameters stay. */
const validateAttributesClass = ({ driverName, parameters }: KubeObject): FieldError[] => [
  ...validateCSIDriverName(driverName ?? '', 'driverName'),
  ...(Object.keys(parameters ?? {}).length === 0
    ? [required('parameters', 'must contain at least one key/value pair')]
    : validateParameters(parameters, 'parameters')),
];

export const volumeAttributesClass: Strategy = {
  validate: validateAttributesClass,
  validateUpdate: (object, old) => [
    ...(object.driverName === old.driverName
      ? []
      : [forbidden('driverName', 'updates to driverName are forbidden.')]),
    ...(same(object.parameters, old.parameters)
      ? []
      : [forbidden('parameters', 'updates to parameters are forbidden.')]),
  ],
};
