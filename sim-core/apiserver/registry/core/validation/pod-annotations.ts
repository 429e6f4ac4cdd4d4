import type { PodSpec } from 'kubernetes-types/core/v1';
import { goQuote } from '../../../../apimachinery/go-format.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, invalid } from '../../../../apimachinery/validation/field-error.ts';
import { validateSeccompAnnotations } from './seccomp.ts';
import { visitContainers } from './visit-containers.ts';

type Annotations = Readonly<Record<string, string>> | undefined;

export const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
const APPARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/';
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
  return [
    ...errors,
    ...validateSeccompAnnotations(annotations, field),
    ...validateAppArmorAnnotations(annotations, spec, field),
  ];
}

/** Models ValidateAppArmorPodAnnotations. */
function validateAppArmorAnnotations(annotations: Annotations, spec: PodSpec, field: string): FieldError[] {
  const names = new Set(visitContainers(spec, field).map(([{ name }]) => name));
  return Object.keys(annotations ?? {})
    .filter(isAppArmor)
    .flatMap((key) => {
      const container = key.slice(APPARMOR_PREFIX.length);
      const profile = annotations![key]!;
      const known =
        profile === '' ||
        profile === 'runtime/default' ||
        profile === 'unconfined' ||
        profile.startsWith('localhost/');
      const reason = `invalid AppArmor profile name: ${goQuote(profile)}`;
      return [
        ...(names.has(container) ? [] : [invalid(`${field}[${key}]`, container, 'container not found')]),
        ...(known ? [] : [invalid(`${field}[${key}]`, profile, reason)]),
      ];
    });
}

const isAppArmor = (key: string) => key.startsWith(APPARMOR_PREFIX);

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
  const errors: FieldError[] = [];
  for (const key of new Set([...Object.keys(old ?? {}), ...Object.keys(annotations ?? {})])) {
    const what = isAppArmor(key)
      ? 'AppArmor annotations'
      : key === MIRROR_ANNOTATION
        ? 'mirror pod annotation'
        : undefined;
    if (what === undefined || annotations?.[key] === old?.[key]) continue;
    const verb = old?.[key] === undefined ? 'add' : 'remove or update';
    errors.push(forbidden(`${field}[${key}]`, `may not ${verb} ${what}`));
  }
  return [...errors, ...validatePodAnnotations(annotations, spec, field)];
}
