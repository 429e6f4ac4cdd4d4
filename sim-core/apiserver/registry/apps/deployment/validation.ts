import type { DeploymentSpec, DeploymentStrategy } from 'kubernetes-types/apps/v1';
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
import { validateNonnegative } from '../../core/validation/common.ts';
import {
  goIntOrString,
  intOrPercentValue,
  replicaNumbers,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
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

/** Models pkg/apis/apps/validation ValidateDeploymentSpec. */
export function validateDeploymentSpec(spec: DeploymentSpec, old?: DeploymentSpec): FieldError[] {
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

export function validateDeploymentStatus({ status }: KubeObject, old: KubeObject): FieldError[] {
  return validateStatusNumbers(status, old.status, NUMBERS);
}
