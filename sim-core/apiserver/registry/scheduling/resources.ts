import { semanticEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { forbidden, notSupported } from '../../../apimachinery/validation/field-error.ts';
import { AGE, column } from '../../printers/columns.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { HIGHEST_USER_PRIORITY, isSystemClass, SYSTEM_PREFIX } from './bootstrap.ts';

const row = rowsOf('scheduling.k8s.io', 'v1', 'io.k8s.api.scheduling.v1');
const CLASS = 'io.k8s.api.scheduling.v1.PriorityClass';
const POLICIES = ['Never', 'PreemptLowerPriority'];

/** Models pkg/apis/scheduling/validation ValidatePriorityClass. */
function validate(object: KubeObject): FieldError[] {
  const name = object.metadata.name ?? '';
  const errors: FieldError[] = [];
  if (name.startsWith(SYSTEM_PREFIX)) {
    if (!isSystemClass(name, object.value)) {
      errors.push(
        forbidden(
          'metadata.name',
          `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
        ),
      );
    }
  } else if (object.value > HIGHEST_USER_PRIORITY) {
    errors.push(
      forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`),
    );
  }
  if (object.preemptionPolicy !== undefined && !POLICIES.includes(object.preemptionPolicy)) {
    errors.push(notSupported('preemptionPolicy', object.preemptionPolicy, POLICIES));
  }
  return errors;
}

/** Models pkg/registry/scheduling/priorityclass. */
export const schedulingResources: readonly ResourceDefinition[] = [
  row({
    kind: 'PriorityClass',
    resource: 'priorityclasses',
    shortNames: ['pc'],
    namespaced: false,
    strategy: {
      fillDefaults(object) {
        object.value ??= 0;
        object.preemptionPolicy ??= 'PreemptLowerPriority';
      },
      prepareForCreate(object) {
        object.metadata.generation = 1;
      },
      validate,
      validateUpdate: (object, old) => [
        ...(object.value === old.value ? [] : [forbidden('value', 'may not be changed in an update.')]),
        ...(semanticEqual(object.preemptionPolicy, old.preemptionPolicy)
          ? []
          : [forbidden('preemptionPolicy', 'may not be changed in an update.')]),
      ],
    },
    columns: [
      column('Value', 'integer', { of: CLASS, field: 'value' }, (object) => object.value ?? 0),
      column(
        'Global-Default',
        'boolean',
        { of: CLASS, field: 'globalDefault' },
        (object) => object.globalDefault ?? false,
      ),
      AGE,
    ],
  }),
];
