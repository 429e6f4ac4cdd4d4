import { semanticEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { GoLiteral, invalid, notSupported } from '../../../apimachinery/validation/field-error.ts';
import { validateLabelSelector } from '../../../apimachinery/validation/labels.ts';
import { AGE, column } from '../../printers/columns.ts';
import { validateNotMoreThan100Percent, validatePositiveIntOrPercent } from '../apps/validation.ts';
import { validateConditions } from '../../../apimachinery/validation/conditions.ts';
import { validateNonnegative } from '../core/validation/common.ts';
import { bumpGeneration, statusOnly } from '../generation.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('policy', 'v1', 'io.k8s.api.policy.v1');
const EVICTION_POLICIES = ['AlwaysAllow', 'IfHealthyBudget'];
const COUNTS = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'];

function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  for (const count of COUNTS) object.status[count] ??= 0;
}

/** Models pkg/apis/policy/validation ValidatePodDisruptionBudgetSpec. */
function validate({ spec }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    errors.push(
      invalid(
        'spec',
        new GoLiteral('policy.PodDisruptionBudgetSpec{}'),
        'minAvailable and maxUnavailable cannot be both set',
      ),
    );
  }
  for (const key of ['minAvailable', 'maxUnavailable']) {
    if (spec[key] === undefined) continue;
    errors.push(
      ...validatePositiveIntOrPercent(spec[key], `spec.${key}`),
      ...validateNotMoreThan100Percent(spec[key], `spec.${key}`),
    );
  }
  errors.push(...validateLabelSelector(spec.selector, 'spec.selector'));
  const { unhealthyPodEvictionPolicy: policy } = spec;
  if (policy !== undefined && !EVICTION_POLICIES.includes(policy)) {
    errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, EVICTION_POLICIES));
  }
  return errors;
}

/** Models ValidatePodDisruptionBudgetStatusUpdate. */
const validateStatus = ({ status }: KubeObject): FieldError[] => [
  ...validateConditions(status.conditions, 'status.conditions'),
  ...COUNTS.flatMap((count) => validateNonnegative(status[count], `status.${count}`)),
];

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
    returnDeletedObject: true,
    strategy: {
      fillDefaults,
      prepareForCreate(object) {
        object.status = Object.fromEntries(COUNTS.map((count) => [count, 0]));
        object.metadata.generation = 1;
      },
      prepareForUpdate(object, old) {
        object.status = old.status;
        bumpGeneration(object, old, !semanticEqual(object.spec, old.spec));
      },
      allowUnconditionalUpdate: false,
      validate,
      validateUpdate: validate,
    },
    status: {
      ...statusOnly(fillDefaults),
      allowUnconditionalUpdate: false,
      validateUpdate: validateStatus,
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
