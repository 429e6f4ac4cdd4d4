import { forbidden } from '../../../apimachinery/validation/field-error.ts';
import { forbiddenError } from '../../../apimachinery/status.ts';
import { AGE, column } from '../../printers/columns.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { systemPriorityClasses } from './bootstrap.ts';
import { checks } from '../checks.ts';

const row = rowsOf('scheduling.k8s.io', 'v1', 'io.k8s.api.scheduling.v1');
const CLASS = 'io.k8s.api.scheduling.v1.PriorityClass';

const SYSTEM_CLASSES = new Set(systemPriorityClasses().map(({ metadata }) => metadata.name));

/** Models pkg/registry/scheduling/priorityclass. */
export const schedulingResources: readonly ResourceDefinition[] = [
  row({
    kind: 'PriorityClass',
    resource: 'priorityclasses',
    shortNames: ['pc'],
    namespaced: false,
    strategy: {
      needs: [checks.networking],
      fillDefaults(object) {
        object.value ??= 0;
        object.preemptionPolicy ??= 'PreemptLowerPriority';
      },
      prepareForCreate(object) {
        object.metadata.generation = 1;
      },
      validate: (object) => checks.networking.loaded.validatePriorityClass(object),
      validateUpdate: (object, old) => [
        ...(object.value === old.value ? [] : [forbidden('value', 'may not be changed in an update.')]),
        ...checks.generic.loaded.validateImmutableField(
          object.preemptionPolicy,
          old.preemptionPolicy,
          'preemptionPolicy',
        ),
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
