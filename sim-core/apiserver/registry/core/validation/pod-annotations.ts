import type { PodSpec } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, invalid } from '../../../../apimachinery/validation/field-error.ts';

type Annotations = Readonly<Record<string, string>> | undefined;

export const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/** Annotations that mean something. Models ValidatePodSpecificAnnotations. */
export function validatePodAnnotations(annotations: Annotations, spec: PodSpec, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const mirror = annotations?.[MIRROR_ANNOTATION];
  if (mirror !== undefined && !spec.nodeName) {
    const text = 'must set spec.nodeName if mirror pod annotation is set';
    errors.push(invalid(`${field}[${MIRROR_ANNOTATION}]`, mirror, text));
  }
  const cost = annotations?.[DELETION_COST];
  if (cost !== undefined && !isInt32(cost)) {
    errors.push(invalid(`${field}[${DELETION_COST}]`, cost, 'must be a 32bit integer'));
  }
  return errors;
}

/** One way only to write a number. Models helper.GetDeletionCostFromPodAnnotations. */
const isInt32 = (text: string) =>
  /^(0|-?[1-9]\d*)$/.test(text) && Number(text) >= -2147483648 && Number(text) <= 2147483647;

/** Models ValidatePodSpecificAnnotationUpdates. */
export function validatePodAnnotationsUpdate(
  annotations: Annotations,
  old: Annotations,
  spec: PodSpec,
  field: string,
): FieldError[] {
  const [now, before] = [annotations?.[MIRROR_ANNOTATION], old?.[MIRROR_ANNOTATION]];
  const errors: FieldError[] = [];
  if (now !== before) {
    const verb = before === undefined ? 'add' : 'remove or update';
    errors.push(forbidden(`${field}[${MIRROR_ANNOTATION}]`, `may not ${verb} mirror pod annotation`));
  }
  return [...errors, ...validatePodAnnotations(annotations, spec, field)];
}
