import type { DaemonSetSpec } from 'kubernetes-types/apps/v1';
import { semanticEqual } from '../../../../apimachinery/copy.ts';
import { goQuote } from '../../../../apimachinery/go-format.ts';
import { SelectorError } from '../../../../apimachinery/labels/selector.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  GoLiteral,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { AGE, column } from '../../../printers/columns.ts';
import { formatLabels } from '../../../printers/format.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { changedTemplateWarnings, templateWarnings } from '../../core/pod/warnings.ts';
import { validateNonnegative } from '../../core/validation/common.ts';
import { validatePodTemplateSpec } from '../../core/validation/pod-spec.ts';
import { bumpGeneration, statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { CONTAINER_COLUMNS, selectorColumn } from '../columns.ts';
import type { StatusNumbers } from '../validation.ts';
import {
  goIntOrString,
  intOrPercentValue,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
  validateSelectorUpdate,
  validateStatusNumbers,
  validateReadOnlyDisks,
  validateRunsForever,
  validateTemplateLabels,
  validateWorkloadSelector,
} from '../validation.ts';

/** Counts changes of the template; the type's field of old lives on as an annotation. */
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';
const NUMBERS: StatusNumbers = Object.fromEntries(
  [
    'currentNumberScheduled',
    'numberMisscheduled',
    'desiredNumberScheduled',
    'numberReady',
    'observedGeneration',
    'updatedNumberScheduled',
    'numberAvailable',
    'numberUnavailable',
    'collisionCount',
  ].map((name) => [name, []]),
);
const COUNTS = ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'];

/** Models SetDefaults_DaemonSet. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  const spec = object.spec as DaemonSetSpec;
  defaultPodTemplate(spec);
  const strategy = (spec.updateStrategy ??= {});
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rolling = (strategy.rollingUpdate ??= {});
    rolling.maxUnavailable ??= 1;
    rolling.maxSurge ??= 0;
  } else if (strategy.rollingUpdate) {
    // The internal type holds numbers, not pointers.
    strategy.rollingUpdate.maxUnavailable ??= 0;
    strategy.rollingUpdate.maxSurge ??= 0;
  }
  spec.revisionHistoryLimit ??= 10;
  for (const count of COUNTS) object.status[count] ??= 0;
  if (object.metadata.annotations?.[TEMPLATE_GENERATION] === undefined) setTemplateGeneration(object, 0);
}

/** Models ValidateDaemonSetSpec. */
function validateSpec(spec: DaemonSetSpec, old?: DaemonSetSpec): FieldError[] {
  return [
    // A selector is not asked for: none selects nothing, and so not the template.
    ...(spec.selector === undefined
      ? []
      : validateWorkloadSelector(spec.selector, 'empty selector is invalid for daemonset')),
    ...validateLabelsOf(spec),
    ...validatePodTemplateSpec(spec.template, 'spec.template'),
    ...validateReadOnlyDisks(spec.template, old?.template),
    ...validateRunsForever('DaemonSet', spec.template),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateUpdateStrategy(spec.updateStrategy ?? {}, 'spec.updateStrategy'),
    ...validateNonnegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  ];
}

/** A selector that is none was refused for itself. */
function validateLabelsOf({ template, selector }: DaemonSetSpec): FieldError[] {
  try {
    return validateTemplateLabels(template, selector);
  } catch (error) {
    if (error instanceof SelectorError) return [];
    throw error;
  }
}

/** Models ValidateDaemonSetUpdateStrategy. */
function validateUpdateStrategy(
  { type = '', rollingUpdate }: NonNullable<DaemonSetSpec['updateStrategy']>,
  field: string,
): FieldError[] {
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate') {
    const pointer = rollingUpdate ? '0xc000000000' : 'nil';
    const shown = `apps.DaemonSetUpdateStrategy{Type:${goQuote(type)}, RollingUpdate:(*apps.RollingUpdateDaemonSet)(${pointer})}`;
    return [notSupported(field, new GoLiteral(shown), ['RollingUpdate', 'OnDelete'])];
  }
  const path = `${field}.rollingUpdate`;
  if (rollingUpdate === undefined) return [required(path)];
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
  const errors = [
    ...validatePositiveIntOrPercent(maxUnavailable, `${path}.maxUnavailable`),
    ...validatePositiveIntOrPercent(maxSurge, `${path}.maxSurge`),
    ...validateNotMoreThan100Percent(maxUnavailable, `${path}.maxUnavailable`),
    ...validateNotMoreThan100Percent(maxSurge, `${path}.maxSurge`),
  ];
  const unavailable = intOrPercentValue(maxUnavailable) !== 0;
  const surge = intOrPercentValue(maxSurge) !== 0;
  if (unavailable && surge) {
    errors.push(
      invalid(`${path}.maxSurge`, goIntOrString(maxSurge), 'may not be set when maxUnavailable is non-zero'),
    );
  } else if (!unavailable && !surge) {
    errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  }
  return errors;
}

function setTemplateGeneration(object: KubeObject, generation: number): void {
  object.metadata.annotations = {
    ...object.metadata.annotations,
    [TEMPLATE_GENERATION]: String(generation),
  };
}

/** Models pkg/registry/apps/daemonset/strategy.go. */
export const daemonSetStrategy: Strategy = {
  fillDefaults,
  prepareForCreate(object) {
    object.status = Object.fromEntries(COUNTS.map((count) => [count, 0]));
    object.metadata.generation = 1;
    setTemplateGeneration(object, Number(object.metadata.annotations?.[TEMPLATE_GENERATION]) || 1);
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
    const templateChanged = !semanticEqual(object.spec.template, old.spec.template);
    const before = Number(old.metadata.annotations?.[TEMPLATE_GENERATION]) || 0;
    setTemplateGeneration(object, before + (templateChanged ? 1 : 0));
    bumpGeneration(object, old, !semanticEqual(object.spec, old.spec));
  },
  warningsOnCreate: ({ spec }) => templateWarnings(spec.template),
  warningsOnUpdate: changedTemplateWarnings,
  validatesUpdateAsNew: true,
  validate: (object) => validateSpec(object.spec),
  validateUpdate: (object, old) => [
    ...validateSpec(object.spec, old.spec),
    ...validateSelectorUpdate(object.spec.selector, old.spec.selector),
  ],
};

export const daemonSetStatusStrategy: UpdateStrategy = {
  ...statusOnly(fillDefaults),
  validateUpdate: ({ status }, old) => validateStatusNumbers(status, old.status, NUMBERS),
};

const STATUS = 'io.k8s.api.apps.v1.DaemonSetStatus';
const count = (name: string, field: string): TableColumn =>
  column(name, 'integer', { of: STATUS, field }, ({ status }) => status?.[field] ?? 0);

export const daemonSetColumns: readonly TableColumn[] = [
  count('Desired', 'desiredNumberScheduled'),
  count('Current', 'currentNumberScheduled'),
  count('Ready', 'numberReady'),
  count('Up-to-date', 'updatedNumberScheduled'),
  count('Available', 'numberAvailable'),
  column('Node Selector', 'string', { of: 'io.k8s.api.core.v1.PodSpec', field: 'nodeSelector' }, ({ spec }) =>
    formatLabels(spec?.template?.spec?.nodeSelector),
  ),
  AGE,
  ...CONTAINER_COLUMNS,
  selectorColumn('io.k8s.api.apps.v1.DaemonSetSpec'),
];
