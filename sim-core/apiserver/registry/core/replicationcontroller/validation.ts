import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { goLabels, invalid, required } from '../../../../apimachinery/validation/field-error.ts';
import { validateReadOnlyDisks, validateRunsForever } from '../../apps/validation.ts';
import { validateNonnegative } from '../validation/common.ts';
import { validatePodTemplateSpec } from '../validation/pod-spec.ts';

/** Models ValidateReplicationControllerSpec, with ValidatePodTemplateSpecForRC. */
export function validateReplicationController({ spec }: KubeObject, old?: KubeObject): FieldError[] {
  const errors = [
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...(Object.keys(spec.selector ?? {}).length === 0 ? [required('spec.selector')] : []),
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
  ];
  if (!spec.template) return [...errors, required('spec.template')];
  const labels: Readonly<Record<string, string>> | undefined = spec.template.metadata?.labels;
  const isSelected = Object.keys(spec.selector ?? {}).every((key) => labels?.[key] === spec.selector[key]);
  if (!isSelected) {
    const shown = goLabels(spec.template.metadata);
    const text = '`selector` does not match template `labels`';
    errors.push(invalid('spec.template.metadata.labels', shown, text));
  }
  return [
    ...errors,
    ...validatePodTemplateSpec(spec.template, 'spec.template'),
    ...(spec.replicas > 1 ? validateReadOnlyDisks(spec.template, old?.spec.template) : []),
    ...validateRunsForever('ReplicationController', spec.template),
  ];
}
