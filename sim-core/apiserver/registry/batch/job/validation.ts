import type { JobSpec } from 'kubernetes-types/batch/v1';
import type { Affinity, PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { labelSelectorAsSelector, SelectorError } from '../../../../apimachinery/labels/selector.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  GoLiteral,
  goStruct,
  goLabels,
  goStringMap,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelSelector } from '../../../../apimachinery/validation/labels.ts';
import { validateImmutableField } from '../../../../apimachinery/validation/object-meta.ts';
import { isDNS1123Label } from '../../../../apimachinery/validation/names.ts';
import { validateSelectorUpdate } from '../../apps/validation.ts';
import { validateNonnegative } from '../../core/validation/common.ts';
import { validatePodTemplateSpec } from '../../core/validation/pod-spec.ts';
import { validateFailurePolicy, validateReplacementPolicy } from './failure-policy.ts';
import { generatedLabels } from './generate-selector.ts';

const RESTART_POLICIES = ['OnFailure', 'Never'];
const COMPLETION_MODES = ['NonIndexed', 'Indexed'];
const MAX_INDEXED_PARALLELISM = 100_000;
const MAX_FAILED_INDEXES = 100_000;
const MANY_COMPLETIONS = 100_000;
const LIMIT_FOR_MANY = 10_000;
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
type Spec = JobSpec & {
  readonly backoffLimitPerIndex?: number;
  readonly maxFailedIndexes?: number;
  readonly podReplacementPolicy?: string;
};

/** Models pkg/apis/batch/validation ValidateJob. */
export function validateJob(job: KubeObject): FieldError[] {
  const { completionMode, completions = 0 } = job.spec as Spec;
  const errors = [...validateGeneratedSelector(job), ...validateSpecWithSelector(job.spec)];
  if (completionMode !== 'Indexed' || completions <= 0) return errors;
  const { name = '' } = job.metadata;
  const hostname = `${name}-${completions - 1}`;
  return isDNS1123Label(hostname).length === 0
    ? errors
    : [
        ...errors,
        invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${hostname}`),
      ];
}

/** Models ValidateJobUpdate. */
export function validateJobUpdate(job: KubeObject, old: KubeObject): FieldError[] {
  const spec = job.spec as Spec;
  const before = old.spec as Spec;
  const immutable = (name: 'completionMode' | 'podFailurePolicy' | 'backoffLimitPerIndex') =>
    validateImmutableField(spec[name] as never, before[name] as never, `spec.${name}`, shown(spec[name]));
  const shown = (value: Spec['podFailurePolicy' | 'completionMode' | 'backoffLimitPerIndex']) =>
    typeof value === 'object' ? goStruct('batch.PodFailurePolicy', value) : value;
  const selfContained = validateSpecWithSelector(spec);
  return [
    ...selfContained,
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
  // That there are none is complained of elsewhere.
  return spec.completions === undefined ||
    spec.completions === old.completions ||
    spec.completions === spec.parallelism
    ? []
    : [invalid(field, spec.completions, 'can only be modified in tandem with spec.parallelism')];
}

/** Until it started, a suspended job may be sent elsewhere. Models validatePodTemplateUpdate. */
function validateTemplateUpdate(spec: Spec, old: KubeObject): FieldError[] {
  let { template } = old.spec as { template: PodTemplateSpec };
  if (old.spec.suspend === true && old.status?.startTime === undefined) {
    const { nodeSelector, tolerations, schedulingGates } = (spec.template.spec ?? {}) as Record<
      string,
      never
    >;
    const affinity = withNodeAffinity(template.spec?.affinity, spec.template.spec?.affinity);
    const { labels, annotations } = spec.template.metadata ?? {};
    template = {
      metadata: { ...template.metadata, labels: labels!, annotations: annotations! },
      spec: { ...template.spec!, nodeSelector, tolerations, affinity, schedulingGates } as never,
    };
  }
  const shown = new GoLiteral('core.PodTemplateSpec{}');
  return validateImmutableField(spec.template as never, template as never, 'spec.template', shown);
}

/** Of the affinity, only that to nodes may change: what was there before, with that of now. */
function withNodeAffinity(before: Affinity | undefined, now: Affinity | undefined): Affinity | undefined {
  const { nodeAffinity: _before, ...others } = before ?? {};
  if (now === undefined) return Object.keys(others).length === 0 ? undefined : others;
  const { nodeAffinity } = now;
  return { ...others, ...(nodeAffinity !== undefined && { nodeAffinity }) };
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
function selects(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>>): boolean {
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
  if (spec.selector === undefined) errors.push(required('spec.selector'));
  else errors.push(...validateLabelSelector(spec.selector as never, 'spec.selector'));
  const labels = spec.template.metadata?.labels;
  if (!selects(spec.selector, labels ?? {})) {
    const field = 'spec.template.metadata.labels';
    errors.push(
      invalid(field, goLabels(spec.template.metadata), '`selector` does not match template `labels`'),
    );
  }
  return errors;
}

/** Models validateJobSpec; `field` is "spec" or a CronJob's template's. */
export function validateJobSpec(spec: Spec, field: string): FieldError[] {
  const errors = [
    ...NONNEGATIVE.flatMap((name) => validateNonnegative(spec[name], `${field}.${name}`)),
    ...validateCompletionMode(spec, field),
    ...validateFailurePolicy(spec, `${field}.podFailurePolicy`),
    ...validateReplacementPolicy(spec, `${field}.podReplacementPolicy`),
    ...validatePodTemplateSpec(spec.template, `${field}.template`),
  ];
  const policy = spec.template.spec?.restartPolicy ?? '';
  const policyField = `${field}.template.spec.restartPolicy`;
  // A pod's default, Always, is no choice of a job's.
  if (policy === '' || policy === 'Always') {
    errors.push(required(policyField, 'valid values: "OnFailure", "Never"'));
  } else if (!RESTART_POLICIES.includes(policy)) {
    errors.push(notSupported(policyField, policy, RESTART_POLICIES));
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
    errors.push(...validateFailedIndexes(spec, field));
  }
  if (completionMode === 'NonIndexed') {
    for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
      if (spec[name] === undefined) continue;
      errors.push(invalid(`${field}.${name}`, spec[name], 'requires indexed completion mode'));
    }
  }
  return errors;
}

/** How many indexes may fail, and how much at once where they are many. */
function validateFailedIndexes(spec: Spec, field: string): FieldError[] {
  const { completions, parallelism = 0, maxFailedIndexes: failed } = spec;
  const errors: FieldError[] = [];
  const tooMany = (name: string, value: number, text: string) =>
    errors.push(invalid(`${field}.${name}`, value, `must be less than or equal to ${text}`));
  if (failed !== undefined && completions !== undefined && failed > completions) {
    tooMany('maxFailedIndexes', failed, 'completions');
  }
  if (failed !== undefined && failed > MAX_FAILED_INDEXES) {
    tooMany('maxFailedIndexes', failed, String(MAX_FAILED_INDEXES));
  }
  if ((completions ?? 0) <= MANY_COMPLETIONS || spec.backoffLimitPerIndex === undefined) return errors;
  const limit = `${LIMIT_FOR_MANY} when completions are above ${MANY_COMPLETIONS} and used with backoff limit per index`;
  if (failed === undefined) {
    errors.push(
      required(
        `${field}.maxFailedIndexes`,
        `must be specified when completions is above ${MANY_COMPLETIONS}`,
      ),
    );
  }
  if (parallelism > LIMIT_FOR_MANY) tooMany('parallelism', parallelism, limit);
  if (failed !== undefined && failed > LIMIT_FOR_MANY) tooMany('maxFailedIndexes', failed, limit);
  return errors;
}

/** Models validateJobStatus. */
export function validateJobStatus(status: KubeObject['status']): FieldError[] {
  const field = 'status.uncountedTerminatedPods';
  const seen = new Set<string>();
  return [
    ...['active', 'succeeded', 'failed', 'ready', 'terminating'].flatMap((name) =>
      validateNonnegative(status[name], `status.${name}`),
    ),
    ...['succeeded', 'failed'].flatMap((list) =>
      ((status.uncountedTerminatedPods?.[list] ?? []) as string[]).flatMap((uid, index) => {
        const path = `${field}.${list}[${index}]`;
        if (uid === '') return [invalid(path, uid, 'must not be empty')];
        if (seen.has(uid)) return [duplicate(path, uid)];
        seen.add(uid);
        return [];
      }),
    ),
  ];
}
