import type { Pod } from 'kubernetes-types/core/v1';
import { decodedEqual } from '../../../../apimachinery/copy.ts';
import { goQuote } from '../../../../apimachinery/go-format.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden } from '../../../../apimachinery/validation/field-error.ts';
import { validateImageSpaces } from '../validation/container.ts';
import {
  MIRROR_ANNOTATION,
  validatePodAnnotations,
  validatePodAnnotationsUpdate,
} from '../validation/pod-annotations.ts';
import { validatePodSpec } from '../validation/pod-spec.ts';
import { validateSeccompAnnotationsAndFields } from '../validation/seccomp.ts';
import { specDifference } from '../validation/spec-difference.ts';

const SPEC = 'spec';
const ANNOTATIONS = 'metadata.annotations';

/** What holds for a pod, but not for a template. Models validatePodMetadataAndSpec. */
export function validatePodMetadataAndSpec(pod: Pod): FieldError[] {
  const spec = pod.spec!;
  const errors = [
    ...validatePodAnnotations(pod.metadata?.annotations, spec, ANNOTATIONS),
    ...validatePodSpec(spec, SPEC, pod.metadata?.name),
  ];
  if (!spec.serviceAccountName) {
    (spec.volumes ?? []).forEach((volume, index) => {
      (volume.projected?.sources ?? []).forEach((source, at) => {
        if (source.serviceAccountToken) {
          errors.push(
            forbidden(
              `${SPEC}.volumes[${index}].projected.sources[${at}].serviceAccountToken`,
              'must not be specified when serviceAccountName is not set',
            ),
          );
        }
      });
    });
  }
  for (const sort of ['containers', 'initContainers'] as const) {
    (spec[sort] ?? []).forEach(({ image }, index) => {
      errors.push(...validateImageSpaces(image, `${SPEC}.${sort}[${index}]`));
    });
  }
  return errors;
}

/** Models ValidatePodCreate. */
export function validatePodCreate(pod: Pod): FieldError[] {
  const errors = validatePodMetadataAndSpec(pod);
  const spec = pod.spec!;
  if ((spec.ephemeralContainers ?? []).length > 0) {
    errors.push(forbidden(`${SPEC}.ephemeralContainers`, 'cannot be set on create'));
  }
  if (spec.nodeName && (spec.schedulingGates ?? []).length > 0) {
    errors.push(forbidden(`${SPEC}.nodeName`, 'cannot be set until all schedulingGates have been cleared'));
  }
  return [...errors, ...validateSeccompAnnotationsAndFields(pod.metadata?.annotations, spec, SPEC)];
}

/** Only more ephemeral containers. Models ValidatePodEphemeralContainersUpdate. */
export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): FieldError[] {
  const [annotations, before] = [pod.metadata?.annotations, old.metadata?.annotations];
  if (before?.[MIRROR_ANNOTATION] !== undefined) {
    return [forbidden('', 'static pods do not support ephemeral containers')];
  }
  const errors = [
    ...validatePodMetadataAndSpec(pod),
    ...validatePodAnnotationsUpdate(annotations, before, pod.spec!, ANNOTATIONS),
  ];
  const now = new Map((pod.spec?.ephemeralContainers ?? []).map((container) => [container.name, container]));
  const field = `${SPEC}.ephemeralContainers`;
  for (const known of old.spec?.ephemeralContainers ?? []) {
    const container = now.get(known.name);
    if (!container) {
      errors.push(
        forbidden(field, `existing ephemeral containers ${goQuote(known.name)} may not be removed\n`),
      );
    } else if (!decodedEqual(container, known)) {
      const difference = specDifference('core.EphemeralContainer', known, container);
      errors.push(
        forbidden(
          field,
          `existing ephemeral containers ${goQuote(known.name)} may not be changed\n${difference}`,
        ),
      );
    }
  }
  return errors;
}
