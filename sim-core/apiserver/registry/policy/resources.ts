import { decodedEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { AGE, column } from '../../printers/columns.ts';
import { bumpGeneration, statusOnly } from '../generation.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { COUNTS } from './status-counts.ts';
import { checks } from '../checks.ts';

const row = rowsOf('policy', 'v1', 'io.k8s.api.policy.v1');

function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  for (const count of COUNTS) object.status[count] ??= 0;
}

const limitOf = (key: string) => (object: KubeObject) => {
  const value: string | number | undefined = object.spec?.[key];
  return value === undefined ? 'N/A' : String(value);
};

/** Models pkg/registry/policy/poddisruptionbudget. */
export const policyResources: readonly ResourceDefinition[] = [
  row({
    kind: 'PodDisruptionBudget',
    resource: 'poddisruptionbudgets',
    shortNames: ['pdb'],
    strategy: {
      needs: [checks.networking],
      fillDefaults,
      prepareForCreate(object) {
        object.status = Object.fromEntries(COUNTS.map((count) => [count, 0]));
        object.metadata.generation = 1;
      },
      prepareForUpdate(object, old) {
        object.status = old.status;
        bumpGeneration(object, old, !decodedEqual(object.spec, old.spec));
      },
      allowUnconditionalUpdate: false,
      validate: (object) => checks.networking.loaded.validateDisruptionBudget(object),
      validateUpdate: (object) => checks.networking.loaded.validateDisruptionBudget(object),
    },
    status: {
      needs: [checks.networking],
      ...statusOnly(fillDefaults),
      allowUnconditionalUpdate: false,
      validateUpdate: (object) => checks.networking.loaded.validateDisruptionBudgetStatus(object),
    },
    columns: [
      column(
        'Min Available',
        'string',
        'The minimum number of pods that must be available.',
        limitOf('minAvailable'),
      ),
      column(
        'Max Unavailable',
        'string',
        'The maximum number of pods that may be unavailable.',
        limitOf('maxUnavailable'),
      ),
      column(
        'Allowed Disruptions',
        'integer',
        'Calculated number of pods that may be disrupted at this time.',
        ({ status }) => status?.disruptionsAllowed ?? 0,
      ),
      AGE,
    ],
  }),
];
