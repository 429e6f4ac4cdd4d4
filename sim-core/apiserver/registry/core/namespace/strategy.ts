import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid } from '../../../../apimachinery/validation/field-error.ts';
import { isQualifiedName, nameIsDNSLabel } from '../../../../apimachinery/validation/names.ts';
import { AGE, column } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { dropEmpty } from '../defaults/always-present.ts';
import { checks } from '../../checks.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';
/** Holds a namespace until its contents are gone. */
const NAMESPACE_FINALIZER = 'kubernetes';

/** Models pkg/apis/core/v1/defaults.go SetDefaults_Namespace. */
function fillDefaults(object: KubeObject): void {
  const { metadata } = object;
  if (metadata.name !== undefined && metadata.labels?.[NAME_LABEL] !== metadata.name) {
    metadata.labels = { ...metadata.labels, [NAME_LABEL]: metadata.name };
  }
  object.spec ??= {};
  object.status ??= {};
  dropEmpty(object.spec, ['finalizers']);
}

/** Models pkg/registry/core/namespace/strategy.go. */
export const namespaceStrategy: Strategy = {
  fillDefaults,
  prepareForCreate(object) {
    object.status = { phase: 'Active' };
    const finalizers: string[] = object.spec.finalizers ?? [];
    if (!finalizers.includes(NAMESPACE_FINALIZER)) {
      object.spec.finalizers = [...finalizers, NAMESPACE_FINALIZER];
    }
    // A generated name came after the defaults.
    fillDefaults(object);
  },
  prepareForUpdate(object, old) {
    object.spec = { ...object.spec };
    if (old.spec.finalizers === undefined) delete object.spec.finalizers;
    else object.spec.finalizers = old.spec.finalizers;
    object.status = old.status;
  },
  validateName: nameIsDNSLabel,
  validate: (object) => validateFinalizers(object, () => 'spec.finalizers'),
  selectableFields: (object) => ({ 'status.phase': object.status?.phase ?? '' }),
  keepDeleted: (object) => (object.spec?.finalizers ?? []).length > 0,
};

/** Models namespaceStatusStrategy. */
export const namespaceStatusStrategy: UpdateStrategy = {
  fillDefaults,
  prepareForUpdate(object, old) {
    object.spec = old.spec;
  },
  validateUpdate(object) {
    const phase = object.status?.phase ?? '';
    const dying = object.metadata.deletionTimestamp !== undefined;
    if (dying && phase !== 'Terminating') {
      return [
        invalid('status.Phase', phase, "may only be 'Terminating' if `deletionTimestamp` is not empty"),
      ];
    }
    if (!dying && phase !== 'Active') {
      return [invalid('status.Phase', phase, "may only be 'Active' if `deletionTimestamp` is empty")];
    }
    return [];
  },
};

/** Models namespaceFinalizeStrategy: only spec.finalizers. */
export const namespaceFinalizeStrategy: UpdateStrategy = {
  fillDefaults,
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validateUpdate: (object) => validateFinalizers(object, (index) => `spec.finalizers[${index}]`),
};

/** Models validateFinalizerName. */
function validateFinalizers(object: KubeObject, path: (index: number) => string): FieldError[] {
  return (object.spec?.finalizers ?? []).flatMap((name: string, index: number) => [
    ...isQualifiedName(name).map((text) => invalid(path(index), name, text)),
    ...checks.generic.loaded
      .validateStandardFinalizers([name], path(index))
      .map(({ detail }) => invalid(path(index), name, detail)),
  ]);
}

export const namespaceColumns: readonly TableColumn[] = [
  column('Status', 'string', 'The status of the namespace', (object) => object.status?.phase ?? ''),
  AGE,
];
