import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { forbidden } from '../../../apimachinery/validation/field-error.ts';
import { forbiddenError } from '../../../apimachinery/status.ts';
import { validateImmutableField } from '../../../apimachinery/validation/object-meta.ts';
import { AGE, column } from '../../printers/columns.ts';
import { validateEnum } from '../core/validation/common.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import {
  HIGHEST_USER_PRIORITY,
  systemClassProblem,
  systemPriorityClasses,
  SYSTEM_PREFIX,
} from './bootstrap.ts';

const row = rowsOf('scheduling.k8s.io', 'v1', 'io.k8s.api.scheduling.v1');
const CLASS = 'io.k8s.api.scheduling.v1.PriorityClass';
const POLICIES = ['PreemptLowerPriority', 'Never'];

/** Models pkg/apis/scheduling/validation ValidatePriorityClass. */
function validate(object: KubeObject): FieldError[] {
  const name = object.metadata.name ?? '';
  const errors: FieldError[] = [];
  if (name.startsWith(SYSTEM_PREFIX)) {
    const problem = systemClassProblem(name, object.value, object.globalDefault ?? false);
    if (problem !== undefined) {
      errors.push(
        forbidden(
          'metadata.name',
          `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${problem}`,
        ),
      );
    }
  } else if (object.value > HIGHEST_USER_PRIORITY) {
    errors.push(
      forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`),
    );
  }
  if (object.preemptionPolicy !== undefined) {
    errors.push(...validateEnum(object.preemptionPolicy, POLICIES, 'preemptionPolicy'));
  }
  return errors;
}

const SYSTEM_CLASSES = new Set(systemPriorityClasses().map(({ metadata }) => metadata.name));

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
        ...validateImmutableField(object.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy'),
      ],
    },
    hooks: {
      delete(_options, { name }, proceed) {
        if (!SYSTEM_CLASSES.has(name)) return proceed();
        throw forbiddenError(
          { group: 'scheduling.k8s.io', resource: 'priorityclasses' },
          name,
          'this is a system priority class and cannot be deleted',
        );
      },
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
