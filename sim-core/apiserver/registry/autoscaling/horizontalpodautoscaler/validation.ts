import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscalerSpec,
  HPAScalingRules,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
} from 'kubernetes-types/autoscaling/v2';
import { Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  goQuantity,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { nameIsPathSegment } from '../../../../apimachinery/validation/names.ts';
import { validateDNS1123Label, validateNameWith, validateNonnegative } from '../../core/validation/common.ts';
import { validateContainerResourceName } from '../../core/validation/resources.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';

const METRIC_TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const TARGET_TYPES = ['Utilization', 'Value', 'AverageValue'];
const SELECT_POLICIES = ['Disabled', 'Max', 'Min'];
const POLICY_TYPES = ['Percent', 'Pods'];
const MAX_WINDOW_SECONDS = 3600;
const MAX_PERIOD_SECONDS = 1800;

/** Models pkg/apis/autoscaling/validation validateHorizontalPodAutoscalerSpec. */
export function validateAutoscalerSpec(spec: HorizontalPodAutoscalerSpec, least = 1): FieldError[] {
  const { minReplicas = 1, maxReplicas = 0, metrics = [], behavior } = spec;
  const errors: FieldError[] = [];
  if (minReplicas < least) {
    errors.push(invalid('spec.minReplicas', minReplicas, `must be greater than or equal to ${least}`));
  }
  if (maxReplicas < 1) errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than 0'));
  if (maxReplicas < minReplicas) {
    errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'));
  }
  return [
    ...errors,
    ...validateReference(spec.scaleTargetRef, 'spec.scaleTargetRef'),
    ...metrics.flatMap((metric, index) => validateMetric(metric, `spec.metrics[${index}]`)),
    ...(minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')
      ? [
          forbidden(
            'spec.metrics',
            'must specify at least one Object or External metric to support scaling to zero replicas',
          ),
        ]
      : []),
    ...validateRules(behavior?.scaleUp, 'spec.behavior.scaleUp'),
    ...validateRules(behavior?.scaleDown, 'spec.behavior.scaleDown'),
  ];
}

/** Models ValidateCrossVersionObjectReference. */
function validateReference(
  reference: Partial<CrossVersionObjectReference> = {},
  field: string,
): FieldError[] {
  const segment = (value: string | undefined, path: string) =>
    value ? validateNameWith(nameIsPathSegment, value, path) : [required(path)];
  return [...segment(reference.kind, `${field}.kind`), ...segment(reference.name, `${field}.name`)];
}

type Source = 'object' | 'external' | 'pods' | 'resource' | 'containerResource';

/** How each source of metrics is checked, in upstream's order. */
const SOURCES: Readonly<Record<Source, (metric: MetricSpec, field: string) => FieldError[]>> = {
  object: ({ object }, field) => [
    ...validateReference(object!.describedObject, `${field}.describedObject`),
    ...validateIdentifier(object!.metric, `${field}.metric`),
    ...validateTarget(object!.target, `${field}.target`),
    ...(object!.target?.value === undefined && object!.target?.averageValue === undefined
      ? [required(`${field}.target.averageValue`, 'must set either a target value or averageValue')]
      : []),
  ],
  external: ({ external }, field) => [
    ...validateIdentifier(external!.metric, `${field}.metric`),
    ...validateTarget(external!.target, `${field}.target`),
    ...eitherOf(
      external!.target?.value,
      external!.target?.averageValue,
      required(
        `${field}.target.averageValue`,
        'must set either a target value for metric or a per-pod target',
      ),
      forbidden(`${field}.target.value`, 'may not set both a target value for metric and a per-pod target'),
    ),
  ],
  pods: ({ pods }, field) => [
    ...validateIdentifier(pods!.metric, `${field}.metric`),
    ...validateTarget(pods!.target, `${field}.target`),
    ...(pods!.target?.averageValue !== undefined
      ? []
      : [required(`${field}.target.averageValue`, 'must specify a positive target averageValue')]),
  ],
  resource: ({ resource }, field) => [
    ...(resource!.name ? [] : [required(`${field}.name`, 'must specify a resource name')]),
    ...validateResourceTarget(resource!.target, field),
  ],
  containerResource: ({ containerResource }, field) => [
    ...(containerResource!.name
      ? validateContainerResourceName(containerResource!.name, `${field}.name`)
      : [required(`${field}.name`, 'must specify a resource name')]),
    ...(containerResource!.container
      ? validateDNS1123Label(containerResource!.container, `${field}.container`)
      : [required(`${field}.container`, 'must specify a container')]),
    ...validateResourceTarget(containerResource!.target, field),
  ],
};

/** Models validateMetricSpec. */
function validateMetric(metric: MetricSpec, field: string): FieldError[] {
  const { type = '' as MetricSpec['type'] } = metric;
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(`${field}.type`, 'must specify a metric source type'));
  if (!METRIC_TYPES.includes(type)) errors.push(notSupported(`${field}.type`, type, METRIC_TYPES));
  const present = (Object.keys(SOURCES) as Source[]).filter((source) => metric[source] !== undefined);
  const [first] = present;
  if (first !== undefined) errors.push(...SOURCES[first](metric, `${field}.${first}`));
  const known = METRIC_TYPES.includes(type);
  const expected = known ? type[0]!.toLowerCase() + type.slice(1) : '';
  if (!known) errors.push(notSupported(`${field}.type`, type, METRIC_TYPES));
  else if (!present.includes(expected as Source)) {
    const text = 'must populate information for the given metric source';
    errors.push(required(`${field}.${expected}`, text));
  }
  if (present.length === 1) return errors;
  return [
    ...errors,
    ...present
      .filter((source) => source !== expected)
      .map((source) => forbidden(`${field}.${source}`, 'must populate the given metric source only')),
  ];
}

function validateResourceTarget(target: MetricTarget | undefined, field: string): FieldError[] {
  return [
    ...validateTarget(target, `${field}.target`),
    ...eitherOf(
      target?.averageUtilization,
      target?.averageValue,
      required(
        `${field}.target.averageUtilization`,
        'must set either a target raw value or a target utilization',
      ),
      forbidden(
        `${field}.target.averageValue`,
        'may not set both a target raw value and a target utilization',
      ),
    ),
  ];
}

function eitherOf(a: unknown, b: unknown, neither: FieldError, both: FieldError): FieldError[] {
  if (a === undefined && b === undefined) return [neither];
  return a !== undefined && b !== undefined ? [both] : [];
}

/** Models validateMetricIdentifier. */
function validateIdentifier(metric: Partial<MetricIdentifier> = {}, field: string): FieldError[] {
  return metric.name
    ? validateNameWith(nameIsPathSegment, metric.name, `${field}.name`)
    : [required(`${field}.name`, 'must specify a metric name')];
}

/** Models validateMetricTarget. */
function validateTarget(target: Partial<MetricTarget> = {}, field: string): FieldError[] {
  const { type = '', value, averageValue, averageUtilization } = target;
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(`${field}.type`, 'must specify a metric target type'));
  if (!TARGET_TYPES.includes(type)) {
    errors.push(invalid(`${field}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  }
  for (const [name, quantity] of Object.entries({ value, averageValue })) {
    if (quantity !== undefined && !isPositive(quantity)) {
      errors.push(invalid(`${field}.${name}`, goQuantity(quantity), 'must be positive'));
    }
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalid(`${field}.averageUtilization`, averageUtilization, 'must be greater than 0'));
  }
  return errors;
}

const isPositive = (quantity: string) => Quantity.parse(quantity).sign > 0;

/** Models validateScalingRules. */
function validateRules(rules: HPAScalingRules | undefined, field: string): FieldError[] {
  if (rules === undefined) return [];
  const { stabilizationWindowSeconds: seconds, selectPolicy, policies = [] } = rules;
  const errors: FieldError[] = [];
  const window = `${field}.stabilizationWindowSeconds`;
  if (seconds !== undefined && seconds < 0) {
    errors.push(invalid(window, seconds, 'must be greater than or equal to zero'));
  }
  if (seconds !== undefined && seconds > MAX_WINDOW_SECONDS) {
    errors.push(invalid(window, seconds, `must be less than or equal to ${MAX_WINDOW_SECONDS}`));
  }
  if (selectPolicy !== undefined && !SELECT_POLICIES.includes(selectPolicy)) {
    errors.push(notSupported(`${field}.selectPolicy`, selectPolicy, SELECT_POLICIES));
  }
  if (policies.length === 0) errors.push(required(`${field}.policies`, 'must specify at least one Policy'));
  for (const [index, { type, value = 0, periodSeconds = 0 }] of policies.entries()) {
    const path = `${field}.policies[${index}]`;
    if (!POLICY_TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type ?? '', POLICY_TYPES));
    if (value <= 0) errors.push(invalid(`${path}.value`, value, 'must be greater than zero'));
    if (periodSeconds <= 0) {
      errors.push(invalid(`${path}.periodSeconds`, periodSeconds, 'must be greater than zero'));
    }
    if (periodSeconds > MAX_PERIOD_SECONDS) {
      errors.push(
        invalid(
          `${path}.periodSeconds`,
          periodSeconds,
          `must be less than or equal to ${MAX_PERIOD_SECONDS}`,
        ),
      );
    }
  }
  return errors;
}

/** Models pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go. */
export const strategy: Strategy = {
  prepareForCreate(object) {
    object.status = { desiredReplicas: 0, currentMetrics: null };
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validate: ({ spec }) => validateAutoscalerSpec(spec),
  validateUpdate: ({ spec }, old) => validateAutoscalerSpec(spec, old.spec.minReplicas === 0 ? 0 : 1),
};

export const status: UpdateStrategy = {
  prepareForUpdate(object, old) {
    object.spec = old.spec;
  },
  validateUpdate: (object) =>
    ['currentReplicas', 'desiredReplicas'].flatMap((name) =>
      validateNonnegative(object.status[name], `status.${name}`),
    ),
};
