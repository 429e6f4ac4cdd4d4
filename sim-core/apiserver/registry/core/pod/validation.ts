import type { Container, ContainerStatus, Pod, PodSpec } from 'kubernetes-types/core/v1';
import { deepCopy, semanticEqual } from '../../../../apimachinery/copy.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, invalid, required } from '../../../../apimachinery/validation/field-error.ts';
import { inclusiveRangeError, nameIsDNSSubdomain } from '../../../../apimachinery/validation/names.ts';
import { isIP } from '../validation/common.ts';
import { validateImageSpaces } from '../validation/container.ts';
import { validatePodAnnotations, validatePodAnnotationsUpdate } from '../validation/pod-annotations.ts';
import { validatePodSpec } from '../validation/pod-spec.ts';
import { specDifference } from '../validation/spec-difference.ts';
import { validateOnlyAddedTolerations } from '../validation/tolerations.ts';

const SPEC = 'spec';
const ANNOTATIONS = 'metadata.annotations';

const UPDATE_REFUSED =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** What holds for a pod, but not for a template. Models validatePodMetadataAndSpec. */
export function validatePodMetadataAndSpec(pod: Pod): FieldError[] {
  const spec = pod.spec!;
  const errors = [
    ...validatePodAnnotations(pod.metadata?.annotations, spec, ANNOTATIONS),
    ...validatePodSpec(spec, SPEC),
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
  return errors;
}

/** A pod may change its images, its deadline and a little more. Models ValidatePodUpdate. */
export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const spec = pod.spec!;
  const before = old.spec!;
  const errors = [
    ...validatePodMetadataAndSpec(pod),
    ...validatePodAnnotationsUpdate(pod.metadata?.annotations, old.metadata?.annotations, spec, ANNOTATIONS),
  ];

  const containers = validateContainerUpdates(spec.containers, before.containers, `${SPEC}.containers`);
  errors.push(...containers.errors);
  if (containers.stop) return errors;
  const inits = validateContainerUpdates(
    spec.initContainers,
    before.initContainers,
    `${SPEC}.initContainers`,
  );
  errors.push(...inits.errors);
  if (inits.stop) return errors;

  errors.push(...validateDeadlineUpdate(spec.activeDeadlineSeconds, before.activeDeadlineSeconds));
  errors.push(
    ...validateOnlyAddedTolerations(spec.tolerations ?? [], before.tolerations ?? [], `${SPEC}.tolerations`),
    ...validateOnlyDeletedSchedulingGates(spec, before),
  );
  if (errors.length > 0) return errors;

  const munged = withoutMutableFields(spec, before);
  if (!semanticEqual(munged, before)) {
    errors.push(forbidden(SPEC, `${UPDATE_REFUSED}\n${specDifference('core.PodSpec', before, munged)}`));
  }
  return errors;
}

/** Models ValidateContainerUpdates: none may come or go. */
function validateContainerUpdates(
  containers: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
  field: string,
): { errors: FieldError[]; stop: boolean } {
  if ((containers ?? []).length !== (old ?? []).length) {
    return { errors: [forbidden(field, 'pod updates may not add or remove containers')], stop: true };
  }
  const errors = (containers ?? []).flatMap((container, index) =>
    container.image?.trim() ? [] : [required(`${field}[${index}].image`)],
  );
  return { errors, stop: false };
}

function validateDeadlineUpdate(now: number | undefined, old: number | undefined): FieldError[] {
  const field = `${SPEC}.activeDeadlineSeconds`;
  if (now === undefined) {
    return old === undefined
      ? []
      : [invalid(field, null, 'must not update from a positive integer to nil value')];
  }
  if (now < 0 || now > 2147483647) return [invalid(field, now, inclusiveRangeError(0, 2147483647))];
  return old !== undefined && old < now
    ? [invalid(field, now, 'must be less than or equal to previous value')]
    : [];
}

function validateOnlyDeletedSchedulingGates(spec: PodSpec, old: PodSpec): FieldError[] {
  const known = new Set((old.schedulingGates ?? []).map((gate) => gate.name));
  return (spec.schedulingGates ?? []).flatMap((gate, index) =>
    known.has(gate.name)
      ? []
      : [
          forbidden(
            `${SPEC}.schedulingGates[${index}].name`,
            "only deletion is allowed, but found new scheduling gate '" + gate.name + "'",
          ),
        ],
  );
}

/** The new spec with everything that may change set back to what it was. */
function withoutMutableFields(spec: PodSpec, old: PodSpec): PodSpec {
  const munged = deepCopy(spec);
  const resetImages = (containers: Container[] | undefined, before: readonly Container[] | undefined) => {
    containers?.forEach((container, index) => {
      const image = before?.[index]?.image;
      if (image !== undefined) container.image = image;
    });
  };
  resetImages(munged.containers, old.containers);
  resetImages(munged.initContainers, old.initContainers);
  setOrDelete(munged, 'activeDeadlineSeconds', old.activeDeadlineSeconds);
  setOrDelete(munged, 'schedulingGates', old.schedulingGates);
  setOrDelete(munged, 'tolerations', old.tolerations);
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1) {
    munged.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds!;
  }
  // While a pod is gated its node selector and node affinity may become narrower.
  if ((old.schedulingGates ?? []).length > 0) {
    setOrDelete(munged, 'nodeSelector', old.nodeSelector);
    setOrDelete(munged, 'affinity', old.affinity);
  }
  return munged;
}

function setOrDelete<K extends keyof PodSpec>(spec: PodSpec, key: K, value: PodSpec[K] | undefined): void {
  if (value === undefined) delete spec[key];
  else spec[key] = value;
}

/** Models ValidatePodStatusUpdate. */
export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const status = pod.status ?? {};
  const policy = pod.spec?.restartPolicy;
  const errors: FieldError[] = [];
  if (status.nominatedNodeName) {
    for (const text of nameIsDNSSubdomain(status.nominatedNodeName, false)) {
      errors.push(invalid('status.nominatedNodeName', status.nominatedNodeName, text));
    }
  }
  errors.push(
    ...validateStateTransition(
      status.containerStatuses,
      old.status?.containerStatuses,
      'status.containerStatuses',
      policy,
    ),
  );
  (status.podIPs ?? []).forEach(({ ip = '' }, index) => {
    if (!isIP(ip)) {
      errors.push(
        invalid(
          `status.podIPs[${index}]`,
          ip,
          'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        ),
      );
    }
  });
  return errors;
}

/** A container that ended for good does not run again. Models ValidateContainerStateTransition. */
function validateStateTransition(
  statuses: readonly ContainerStatus[] | undefined,
  old: readonly ContainerStatus[] | undefined,
  field: string,
  policy: string | undefined,
): FieldError[] {
  if (policy === 'Always') return [];
  const errors: FieldError[] = [];
  (old ?? []).forEach((before, index) => {
    const terminated = before.state?.terminated;
    if (!terminated) return;
    if (terminated.exitCode !== 0 && policy === 'OnFailure') return;
    for (const now of statuses ?? []) {
      if (now.name === before.name && !now.state?.terminated) {
        errors.push(forbidden(`${field}[${index}].state`, 'may not be transitioned to non-terminated state'));
      }
    }
  });
  return errors;
}

/** Only more ephemeral containers. Models ValidatePodEphemeralContainersUpdate. */
export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors = validatePodSpec(pod.spec!, SPEC);
  const now = new Map((pod.spec?.ephemeralContainers ?? []).map((container) => [container.name, container]));
  const field = `${SPEC}.ephemeralContainers`;
  for (const before of old.spec?.ephemeralContainers ?? []) {
    const container = now.get(before.name);
    if (!container) {
      errors.push(
        forbidden(field, `existing ephemeral containers ${JSON.stringify(before.name)} may not be removed\n`),
      );
    } else if (!semanticEqual(container, before)) {
      errors.push(
        forbidden(field, `existing ephemeral containers ${JSON.stringify(before.name)} may not be changed\n`),
      );
    }
  }
  return errors;
}
