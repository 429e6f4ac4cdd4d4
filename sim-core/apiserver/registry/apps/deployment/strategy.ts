import type { DeploymentSpec, DeploymentStrategy } from 'kubernetes-types/apps/v1';
import { semanticEqual } from '../../../../apimachinery/copy.ts';
import { goQuote } from '../../../../apimachinery/go-format.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  GoLiteral,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { AGE, column } from '../../../printers/columns.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { changedTemplateWarnings, nameWarnings, templateWarnings } from '../../core/pod/warnings.ts';
import { validateNonnegative } from '../../core/validation/common.ts';
import { bumpGeneration } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { CONTAINER_COLUMNS, selectorColumn } from '../columns.ts';
import {
  goIntOrString,
  intOrPercentValue,
  replicaNumbers,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
  validateSelectorUpdate,
  validateStatusNumbers,
  validateTemplateFor,
  validateWorkloadSelector,
} from '../validation.ts';

const NUMBERS = replicaNumbers(
  ['updatedReplicas', 'readyReplicas'],
  ['observedGeneration', 'unavailableReplicas', 'collisionCount'],
  'cannot be greater than readyReplicas',
);
const STRATEGIES = ['Recreate', 'RollingUpdate'];

/** Models pkg/apis/apps/v1/defaults.go SetDefaults_Deployment. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  const spec = object.spec as DeploymentSpec;
  spec.replicas ??= 1;
  defaultPodTemplate(spec);
  const strategy = (spec.strategy ??= {});
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rolling = (strategy.rollingUpdate ??= {});
    rolling.maxUnavailable ??= '25%';
    rolling.maxSurge ??= '25%';
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
}

/** Models pkg/apis/apps/validation ValidateDeploymentSpec. */
function validateSpec(spec: DeploymentSpec, old?: DeploymentSpec): FieldError[] {
  const errors = [
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...validateWorkloadSelector(spec.selector, 'empty selector is invalid for deployment'),
    ...validateTemplateFor(spec.template, spec.selector, { replicas: spec.replicas, old }),
    ...validateStrategy(spec.strategy ?? {}, 'spec.strategy'),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateNonnegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  ];
  const deadline = spec.progressDeadlineSeconds;
  if (deadline !== undefined) {
    errors.push(...validateNonnegative(deadline, 'spec.progressDeadlineSeconds'));
    if (deadline <= (spec.minReadySeconds ?? 0)) {
      errors.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
    }
  }
  return errors;
}

const goStrategy = (type: string, rollingUpdate: object | undefined) =>
  new GoLiteral(
    `apps.DeploymentStrategy{Type:${goQuote(type)}, RollingUpdate:(*apps.RollingUpdateDeployment)(${rollingUpdate ? '0xc000000000' : 'nil'})}`,
  );

/** Models ValidateDeploymentStrategy. */
function validateStrategy({ type = '', rollingUpdate }: DeploymentStrategy, field: string): FieldError[] {
  switch (type) {
    case 'Recreate':
      return rollingUpdate === undefined
        ? []
        : [forbidden(`${field}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")];
    case 'RollingUpdate': {
      if (rollingUpdate === undefined) {
        return [required(`${field}.rollingUpdate`, 'this should be defaulted and never be nil')];
      }
      const path = `${field}.rollingUpdate`;
      const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
      const errors = [
        ...validatePositiveIntOrPercent(maxUnavailable, `${path}.maxUnavailable`),
        ...validatePositiveIntOrPercent(maxSurge, `${path}.maxSurge`),
      ];
      if (intOrPercentValue(maxUnavailable) === 0 && intOrPercentValue(maxSurge) === 0) {
        errors.push(
          invalid(
            `${path}.maxUnavailable`,
            goIntOrString(maxUnavailable),
            'may not be 0 when `maxSurge` is 0',
          ),
        );
      }
      return [...errors, ...validateNotMoreThan100Percent(maxUnavailable, `${path}.maxUnavailable`)];
    }
    default:
      return [notSupported(field, goStrategy(type, rollingUpdate), STRATEGIES)];
  }
}

/** Models pkg/registry/apps/deployment/strategy.go. */
export const deploymentStrategy: Strategy = {
  fillDefaults,
  prepareForCreate(object) {
    object.status = {};
    object.metadata.generation = 1;
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
    const changed =
      !semanticEqual(object.spec, old.spec) ||
      !semanticEqual(object.metadata.annotations, old.metadata.annotations);
    bumpGeneration(object, old, changed);
  },
  warningsOnCreate: ({ metadata, spec }) => [
    ...nameWarnings(metadata.name),
    ...templateWarnings(spec.template),
  ],
  warningsOnUpdate: changedTemplateWarnings,
  validate: (object) => validateSpec(object.spec),
  validateUpdate: (object, old) => [
    ...validateSpec(object.spec, old.spec),
    ...validateSelectorUpdate(object.spec.selector, old.spec.selector),
  ],
};

/** Models deploymentStatusStrategy. */
export const deploymentStatusStrategy: UpdateStrategy = {
  resetFields: ['metadata.labels', 'spec'],
  fillDefaults,
  prepareForUpdate(object, old) {
    object.spec = old.spec;
    if (old.metadata.labels === undefined) delete object.metadata.labels;
    else object.metadata.labels = old.metadata.labels;
  },
  validateUpdate: ({ status }, old) => validateStatusNumbers(status, old.status, NUMBERS),
};

const SPEC = 'io.k8s.api.apps.v1.DeploymentSpec';
const STATUS = 'io.k8s.api.apps.v1.DeploymentStatus';

export const deploymentColumns: readonly TableColumn[] = [
  column(
    'Ready',
    'string',
    'Number of the pod with ready state',
    ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
  ),
  column(
    'Up-to-date',
    'string',
    { of: STATUS, field: 'updatedReplicas' },
    ({ status }) => status?.updatedReplicas ?? 0,
  ),
  column(
    'Available',
    'string',
    { of: STATUS, field: 'availableReplicas' },
    ({ status }) => status?.availableReplicas ?? 0,
  ),
  AGE,
  ...CONTAINER_COLUMNS,
  selectorColumn(SPEC),
];
