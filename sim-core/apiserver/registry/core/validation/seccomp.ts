import type { PodSpec, SeccompProfile } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  goStruct,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLocalDescendingPath } from './common.ts';
import { visitContainers } from './visit-containers.ts';

type Annotations = Readonly<Record<string, string>> | undefined;

const POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/';
const LOCALHOST_PREFIX = 'localhost/';
const TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];
/** Profiles of annotations that need no file, by the type of field that says the same. */
const ANNOTATED: Readonly<Record<string, readonly string[]>> = {
  RuntimeDefault: ['runtime/default', 'docker/default'],
  Unconfined: ['unconfined'],
};

/** Models validateSeccompProfileField. */
export function validateSeccompProfile(profile: SeccompProfile | undefined, field: string): FieldError[] {
  if (!profile) return [];
  const { type, localhostProfile } = profile;
  const errors: FieldError[] = [];
  if (!type) errors.push(required(`${field}.type`, 'type is required when seccompProfile is set'));
  else if (!TYPES.includes(type)) errors.push(notSupported(`${field}.type`, type, TYPES));
  const path = `${field}.localhostProfile`;
  if (type !== 'Localhost') {
    if (localhostProfile === undefined) return errors;
    const text = 'can only be set when seccomp type is Localhost';
    return [...errors, invalid(path, goStruct('core.SeccompProfile', profile), text)];
  }
  return localhostProfile === undefined
    ? [...errors, required(path, 'must be set when seccomp type is Localhost')]
    : [...errors, ...validateLocalDescendingPath(localhostProfile, path)];
}

/** The profiles that annotations of old named. Models ValidateSeccompPodAnnotations. */
export function validateSeccompAnnotations(annotations: Annotations, field: string): FieldError[] {
  return Object.keys(annotations ?? {})
    .filter((key) => key === POD_ANNOTATION || key.startsWith(CONTAINER_PREFIX))
    .flatMap((key) => {
      const profile = annotations![key]!;
      const path = `${field}.${key}`;
      if (Object.values(ANNOTATED).some((names) => names.includes(profile))) return [];
      return profile.startsWith(LOCALHOST_PREFIX)
        ? validateLocalDescendingPath(profile.slice(LOCALHOST_PREFIX.length), path)
        : [invalid(path, profile, 'must be a valid seccomp profile')];
    });
}

/** An annotation and a field say the same where both are there. Models validateSeccompAnnotationsAndFields. */
export function validateSeccompAnnotationsAndFields(
  annotations: Annotations,
  spec: PodSpec,
  field: string,
): FieldError[] {
  const compare = (key: string, profile: SeccompProfile | undefined, path: string) => {
    const annotation = annotations?.[key];
    return annotation === undefined || !profile
      ? []
      : validateMatch(annotation, profile, `${path}.securityContext.seccompProfile`);
  };
  return [
    ...compare(POD_ANNOTATION, spec.securityContext?.seccompProfile, field),
    ...visitContainers(spec, field).flatMap(([{ name, securityContext }, path]) =>
      compare(CONTAINER_PREFIX + name, securityContext?.seccompProfile, path),
    ),
  ];
}

function validateMatch(
  annotation: string,
  { type, localhostProfile }: SeccompProfile,
  field: string,
): FieldError[] {
  const mismatch = [forbidden(`${field}.type`, 'seccomp type in annotation and field must match')];
  if (type !== 'Localhost') {
    const names = ANNOTATED[type];
    return names === undefined || names.includes(annotation) ? [] : mismatch;
  }
  if (!annotation.startsWith(LOCALHOST_PREFIX)) return mismatch;
  return annotation.slice(LOCALHOST_PREFIX.length) === localhostProfile
    ? []
    : [forbidden(`${field}.localhostProfile`, 'seccomp profile in annotation and field must match')];
}
