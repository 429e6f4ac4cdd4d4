import { isEmptied } from '../../../apimachinery/json/emptied.ts';
import type { PodTemplateSpec, Volume } from 'kubernetes-types/core/v1';
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { labelSelectorAsSelector, SelectorError } from '../../../apimachinery/labels/selector.ts';
import type { KubeObject, ObjectMeta } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  goLabels,
  invalid,
  notSupported,
  required,
} from '../../../apimachinery/validation/field-error.ts';
import { GoLiteral, goStringMap, goStrings } from '../../../apimachinery/validation/go-syntax.ts';
import { validateLabels, validateLabelSelector } from '../../../apimachinery/validation/labels.ts';
import { isValidPercent } from '../../../apimachinery/validation/names.ts';
import { validateAnnotations, validateImmutableField } from '../../../apimachinery/validation/object-meta.ts';
import type { IntOrString } from '../core/validation/common.ts';
import { validateNonnegative } from '../core/validation/common.ts';
import { validatePodAnnotations } from '../core/validation/pod-annotations.ts';
import { validatePodTemplateSpec } from '../core/validation/pod-spec.ts';

/** `v1.LabelSelector{MatchLabels:map[string]string{"a":"b"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}`. */
function goLabelSelector(selector: LabelSelector | undefined): GoLiteral {
  if (selector === undefined) return new GoLiteral('(*v1.LabelSelector)(nil)');
  const noneOf = (object: object, field: string) => (isEmptied(object, field) ? '{}' : '(nil)');
  const { matchLabels, matchExpressions } = selector;
  const labels =
    matchLabels === undefined
      ? `map[string]string${noneOf(selector, 'matchLabels')}`
      : goStringMap(matchLabels).text;
  const expressions = matchExpressions?.map((requirement) => {
    const { key, operator, values } = requirement;
    const shown = values === undefined ? `[]string${noneOf(requirement, 'values')}` : goStrings(values).text;
    return `v1.LabelSelectorRequirement{Key:${JSON.stringify(key)}, Operator:${JSON.stringify(operator)}, Values:${shown}}`;
  });
  const list =
    '[]v1.LabelSelectorRequirement' +
    (expressions === undefined ? noneOf(selector, 'matchExpressions') : `{${expressions.join(', ')}}`);
  return new GoLiteral(`v1.LabelSelector{MatchLabels:${labels}, MatchExpressions:${list}}`);
}

/** A workload's selector never changes. */
export function validateSelectorUpdate(
  selector: LabelSelector | undefined,
  old: LabelSelector | undefined,
): FieldError[] {
  const shown = selector === undefined ? null : goLabelSelector(selector);
  return validateImmutableField(selector as never, old as never, 'spec.selector', shown);
}

/** A selector that must select something; `empty` is what is said of one that selects all. */
export function validateWorkloadSelector(selector: LabelSelector | undefined, empty: string): FieldError[] {
  if (selector === undefined) return [required('spec.selector')];
  const errors = validateLabelSelector(selector as never, 'spec.selector');
  const size = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length;
  if (size === 0) errors.push(invalid('spec.selector', goLabelSelector(selector), empty));
  return errors;
}

/** The selector selects the template's pods. Throws a SelectorError for a selector that is none. */
export function validateTemplateLabels(
  template: PodTemplateSpec,
  selector: LabelSelector | undefined,
): FieldError[] {
  const selectsAll =
    selector !== undefined &&
    Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
  const labels = template.metadata?.labels;
  if (selectsAll || labelSelectorAsSelector(selector as never).matches(labels ?? {})) return [];
  const shown = goLabels(template.metadata);
  return [invalid('spec.template.metadata.labels', shown, '`selector` does not match template `labels`')];
}

/** Pods of a workload run until they are deleted. */
export function validateRunsForever(kind: string, { spec }: PodTemplateSpec): FieldError[] {
  const field = 'spec.template.spec';
  return [
    ...(spec?.restartPolicy === 'Always'
      ? []
      : [notSupported(`${field}.restartPolicy`, spec?.restartPolicy ?? '', ['Always'])]),
    ...(spec?.activeDeadlineSeconds === undefined
      ? []
      : [forbidden(`${field}.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`)]),
  ];
}

/** A disk that one machine writes is not for several. Models ValidateReadOnlyPersistentDisks. */
export function validateReadOnlyDisks(
  template: PodTemplateSpec,
  old: PodTemplateSpec | undefined,
): FieldError[] {
  const isWriteable = ({ gcePersistentDisk: disk }: Volume) => disk !== undefined && !disk.readOnly;
  if (old?.spec?.volumes?.some(isWriteable)) return [];
  const text =
    'must be true for replicated pods > 1; GCE PD can only be mounted on multiple machines if it is read-only';
  return (template.spec?.volumes ?? []).flatMap((volume, index) =>
    isWriteable(volume)
      ? [invalid(`spec.template.spec.volumes[${index}].gcePersistentDisk.readOnly`, false, text)]
      : [],
  );
}

/** What of a workload's old self its template is judged by. */
export interface Replicated {
  readonly replicas: number | undefined;
  readonly old: { readonly template?: PodTemplateSpec } | undefined;
}

/** The template, and that the selector selects its pods. Models ValidatePodTemplateSpecForReplicaSet. */
export function validateTemplateFor(
  template: PodTemplateSpec,
  selector: LabelSelector | undefined,
  { replicas = 0, old }: Replicated,
): FieldError[] {
  const errors: FieldError[] = [];
  try {
    errors.push(...validateTemplateLabels(template, selector));
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    return [invalid('spec.selector', goLabelSelector(selector), 'invalid label selector')];
  }
  return [
    ...errors,
    ...validatePodTemplateSpec(template, 'spec.template'),
    ...(replicas > 1 ? validateReadOnlyDisks(template, old?.template) : []),
    ...validateRunsForever('ReplicaSet', template),
  ];
}

/** A template whose pods are judged when they are made. Models ValidatePodTemplateSpecForStatefulSet. */
export function validateTemplateLoosely(
  template: PodTemplateSpec,
  selector: LabelSelector | undefined,
): FieldError[] {
  const field = 'spec.template';
  const { labels, annotations } = (template.metadata ?? {}) as ObjectMeta;
  const errors: FieldError[] = [];
  try {
    errors.push(...validateTemplateLabels(template, selector));
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    return [invalid('spec.selector', goLabelSelector(selector), '')];
  }
  return [
    ...errors,
    ...validateLabels(labels, `${field}.labels`),
    ...validateAnnotations(annotations, `${field}.annotations`),
    ...validatePodAnnotations(annotations, template.spec ?? { containers: [] }, `${field}.annotations`),
  ];
}

/** Numbers of a workload's status, and which other number each may not be above. */
export type StatusNumbers = Readonly<Record<string, readonly (readonly [above: string, text: string])[]>>;
const OF_REPLICAS = ['replicas', 'cannot be greater than status.replicas'] as const;
/** A status that counts replicas. `readyText` is how the kind words the last rule. */
export const replicaNumbers = (
  counted: readonly string[],
  others: readonly string[],
  readyText: string,
): StatusNumbers => ({
  ...Object.fromEntries(['replicas', ...others].map((name) => [name, []])),
  ...Object.fromEntries(counted.map((name) => [name, [OF_REPLICAS]])),
  availableReplicas: [OF_REPLICAS, ['readyReplicas', readyText]],
});

/** Models ValidateDeploymentStatusUpdate and its like. */
export function validateStatusNumbers(
  status: Readonly<Record<string, number | undefined>>,
  old: Readonly<Record<string, number | undefined>> | undefined,
  numbers: StatusNumbers,
): FieldError[] {
  const errors = Object.keys(numbers).flatMap((name) => validateNonnegative(status[name], `status.${name}`));
  for (const [name, rules] of Object.entries(numbers)) {
    for (const [above, text] of rules) {
      if ((status[name] ?? 0) > (status[above] ?? 0)) {
        errors.push(invalid(`status.${name}`, status[name] ?? 0, text));
      }
    }
  }
  const [now, before] = [status['collisionCount'], old?.['collisionCount']];
  if (before !== undefined && (now ?? 0) < before) {
    errors.push(invalid('status.collisionCount', now ?? 0, 'cannot be decremented'));
  }
  return errors;
}

/** `intstr.IntOrString{Type:0, IntVal:1, StrVal:""}`. */
export function goIntOrString(value: IntOrString): GoLiteral {
  return new GoLiteral(
    typeof value === 'number'
      ? `intstr.IntOrString{Type:0, IntVal:${value}, StrVal:""}`
      : `intstr.IntOrString{Type:1, IntVal:0, StrVal:${JSON.stringify(value)}}`,
  );
}

/** Models ValidatePositiveIntOrPercent. */
export function validatePositiveIntOrPercent(value: IntOrString, field: string): FieldError[] {
  if (typeof value === 'number') return validateNonnegative(value, field);
  return isValidPercent(value).map((text) => invalid(field, goIntOrString(value), text));
}

/** Models IsNotMoreThan100Percent. */
export function validateNotMoreThan100Percent(value: IntOrString, field: string): FieldError[] {
  return typeof value === 'string' && intOrPercentValue(value) > 100
    ? [invalid(field, goIntOrString(value), 'must not be greater than 100%')]
    : [];
}

/** The number, of a percentage without its sign. Models getIntOrPercentValue. */
export function intOrPercentValue(value: IntOrString): number {
  if (typeof value === 'number') return value;
  if (/^\d+%$/.test(value)) return Number(value.slice(0, -1));
  return /^[+-]?\d+$/.test(value) ? Number(value) : 0;
}

/** What a ReplicaSet and a ReplicationController report. */
const REPLICA_SET_NUMBERS = replicaNumbers(
  ['fullyLabeledReplicas', 'readyReplicas'],
  ['observedGeneration'],
  'cannot be greater than readyReplicas',
);

/** The status of a ReplicaSet, and of a ReplicationController. */
export function validateReplicaSetStatus({ status }: KubeObject, old: KubeObject): FieldError[] {
  return validateStatusNumbers(status, old.status, REPLICA_SET_NUMBERS);
}
