import type { JobSpec } from 'kubernetes-types/batch/v1';
import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { labelSelectorAsSelector, SelectorError } from '../../../../apimachinery/labels/selector.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  GoLiteral,
  goStringMap,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelSelector } from '../../../../apimachinery/validation/labels.ts';
import { validateImmutableField } from '../../../../apimachinery/validation/object-meta.ts';
import { validateSelectorUpdate } from '../../apps/validation.ts';
import { validateNonnegative } from '../../core/validation/common.ts';
import { validatePodTemplateSpec } from '../../core/validation/pod-spec.ts';
import { generatedLabels } from './generate-selector.ts';

const RESTART_POLICIES = ['OnFailure', 'Never'];
const COMPLETION_MODES = ['NonIndexed', 'Indexed'];
const MAX_INDEXED_PARALLELISM = 100_000;
const NONNEGATIVE = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;

/** Fields that came after the types were made. */
type Spec = JobSpec & { readonly backoffLimitPerIndex?: number; readonly maxFailedIndexes?: number };

/** Models pkg/apis/batch/validation ValidateJob. */
export function validateJob(job: KubeObject): FieldError[] {
  return [...validateGeneratedSelector(job), ...validateSpecWithSelector(job.spec)];
}

/** Models ValidateJobUpdate. */
export function validateJobUpdate(job: KubeObject, old: KubeObject): FieldError[] {
  const spec = job.spec as Spec;
  const before = old.spec as Spec;
  const immutable = (name: 'completionMode' | 'podFailurePolicy' | 'backoffLimitPerIndex') =>
    validateImmutableField(spec[name] as never, before[name] as never, `spec.${name}`);
  return [
    ...validateSpecWithSelector(spec),
    ...validateCompletionsUpdate(spec, before),
    ...validateSelectorUpdate(spec.selector, before.selector),
    ...validateTemplateUpdate(spec, old),
    ...immutable('completionMode'),
    ...immutable('podFailurePolicy'),
    ...immutable('backoffLimitPerIndex'),
  ];
}

/** An indexed job may grow and shrink with its parallelism. Models validateCompletions. */
function validateCompletionsUpdate(spec: Spec, old: Spec): FieldError[] {
  const field = 'spec.completions';
  if (spec.completionMode !== 'Indexed') {
    return validateImmutableField(spec.completions ?? null, old.completions ?? null, field);
  }
  return spec.completions === old.completions || spec.completions === spec.parallelism
    ? []
    : [invalid(field, spec.completions, 'can only be modified in tandem with spec.parallelism')];
}

/** Until it started, a suspended job may be sent elsewhere. Models validatePodTemplateUpdate. */
function validateTemplateUpdate(spec: Spec, old: KubeObject): FieldError[] {
  let { template } = old.spec as { template: PodTemplateSpec };
  if (old.spec.suspend === true && old.status?.startTime === undefined) {
    const { nodeSelector, tolerations, affinity, schedulingGates } = (spec.template.spec ?? {}) as Record<
      string,
      never
    >;
    const { labels, annotations } = spec.template.metadata ?? {};
    template = {
      metadata: { ...template.metadata, labels: labels!, annotations: annotations! },
      spec: { ...template.spec!, nodeSelector, tolerations, affinity, schedulingGates } as never,
    };
  }
  const shown = new GoLiteral('core.PodTemplateSpec{}');
  return validateImmutableField(spec.template as never, template as never, 'spec.template', shown);
}

/** Models ValidateGeneratedSelector. */
function validateGeneratedSelector({ spec, metadata }: KubeObject): FieldError[] {
  if (spec.manualSelector === true || spec.selector === undefined) return [];
  const labels: Record<string, string> = spec.template.metadata?.labels ?? {};
  const expected = generatedLabels(metadata);
  const errors = Object.entries(expected).flatMap(([key, value]) => {
    const field = `spec.template.metadata.labels[${key}]`;
    if (labels[key] === undefined) return [required(field, `must be '${value}'`)];
    return labels[key] === value ? [] : [invalid(field, goStringMap(labels), `must be '${value}'`)];
  });
  if (!selects(spec.selector, expected)) {
    const shown = new GoLiteral('v1.LabelSelector{}');
    errors.push(invalid('spec.selector', shown, '`selector` not auto-generated'));
  }
  return errors;
}

/** A selector that cannot be read is somebody else's complaint. */
function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  try {
    return labelSelectorAsSelector(selector as never).matches(labels);
  } catch (error) {
    if (error instanceof SelectorError) return true;
    throw error;
  }
}

/** Models ValidateJobSpec. */
function validateSpecWithSelector(spec: Spec): FieldError[] {
  const errors = validateJobSpec(spec, 'spec');
  if (spec.selector === undefined) return [...errors, required('spec.selector')];
  errors.push(...validateLabelSelector(spec.selector as never, 'spec.selector'));
  const labels = spec.template.metadata?.labels ?? {};
  if (!selects(spec.selector, labels)) {
    const field = 'spec.template.metadata.labels';
    errors.push(invalid(field, goStringMap(labels), '`selector` does not match template `labels`'));
  }
  return errors;
}

/** Models validateJobSpec; `field` is "spec" or a CronJob's template's. */
export function validateJobSpec(spec: Spec, field: string): FieldError[] {
  const errors = [
    ...NONNEGATIVE.flatMap((name) => validateNonnegative(spec[name], `${field}.${name}`)),
    ...validateCompletionMode(spec, field),
    ...validatePodTemplateSpec(spec.template, `${field}.template`),
  ];
  const policy = spec.template.spec?.restartPolicy ?? '';
  const policyField = `${field}.template.spec.restartPolicy`;
  // A pod's default, Always, is no choice of a job's.
  if (!RESTART_POLICIES.includes(policy)) {
    errors.push(required(policyField, 'valid values: "OnFailure", "Never"'));
  } else if (spec.podFailurePolicy !== undefined && policy !== 'Never') {
    errors.push(invalid(policyField, policy, 'only "Never" is supported when podFailurePolicy is specified'));
  }
  return errors;
}

function validateCompletionMode(spec: Spec, field: string): FieldError[] {
  const { completionMode = 'NonIndexed', completions, parallelism = 0 } = spec;
  const errors: FieldError[] = [];
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(required(`${field}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  }
  if (!COMPLETION_MODES.includes(completionMode)) {
    errors.push(notSupported(`${field}.completionMode`, completionMode, COMPLETION_MODES));
  }
  if (completionMode === 'Indexed') {
    if (completions === undefined) {
      errors.push(required(`${field}.completions`, 'when completion mode is Indexed'));
    }
    if (parallelism > MAX_INDEXED_PARALLELISM) {
      errors.push(
        invalid(
          `${field}.parallelism`,
          parallelism,
          `must be less than or equal to ${MAX_INDEXED_PARALLELISM} when completion mode is Indexed`,
        ),
      );
    }
  }
  if (completionMode === 'NonIndexed') {
    for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
      if (spec[name] === undefined) continue;
      errors.push(invalid(`${field}.${name}`, spec[name], 'requires indexed completion mode'));
    }
  }
  return errors;
}
