import type { PodSpec } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, notSupported, required } from '../../../../apimachinery/validation/field-error.ts';
import { visitContainers } from './visit-containers.ts';

const SYSTEMS = ['linux', 'windows'];
const NOT_ON_WINDOWS = 'cannot be set for a windows pod';

/** What a pod for one operating system may not say. Models validateOS, validateLinux and validateWindows. */
export function validateOS(spec: PodSpec, field: string): FieldError[] {
  if (spec.os === undefined) return [];
  const { name } = spec.os;
  if (!name) return [required(`${field}.os.name`, 'cannot be empty')];
  if (!SYSTEMS.includes(name)) return [notSupported(`${field}.os`, name, SYSTEMS)];
  return name === 'linux' ? validateLinux(spec, field) : validateWindows(spec, field);
}

const containersOf = (spec: PodSpec, field: string) =>
  visitContainers(spec, field).map(([container, path]) => [container, `${path}.securityContext`] as const);

function validateLinux(spec: PodSpec, field: string): FieldError[] {
  const contexts = [[spec, `${field}.securityContext`] as const, ...containersOf(spec, field)];
  return contexts
    .filter(([{ securityContext }]) => securityContext?.windowsOptions !== undefined)
    .map(([, path]) => forbidden(`${path}.windowsOptions`, 'windows options cannot be set for a linux pod'));
}

function validateWindows(spec: PodSpec, field: string): FieldError[] {
  const own = spec.securityContext ?? {};
  const context = `${field}.securityContext`;
  const refused: readonly (readonly [string, unknown])[] = [
    [`${context}.seLinuxOptions`, own.seLinuxOptions],
    [`${field}.hostUsers`, spec.hostUsers],
    [`${field}.hostPID`, spec.hostPID || undefined],
    [`${field}.hostIPC`, spec.hostIPC || undefined],
    [`${context}.seccompProfile`, own.seccompProfile],
    [`${context}.fsGroup`, own.fsGroup],
    [`${context}.fsGroupChangePolicy`, own.fsGroupChangePolicy],
    [`${context}.sysctls`, own.sysctls?.[0]],
    [`${field}.shareProcessNamespace`, spec.shareProcessNamespace],
    [`${context}.runAsUser`, own.runAsUser],
    [`${context}.runAsGroup`, own.runAsGroup],
    [`${context}.supplementalGroups`, own.supplementalGroups],
    ...containersOf(spec, field).flatMap(([{ securityContext = {} }, path]) =>
      (
        [
          'seLinuxOptions',
          'seccompProfile',
          'capabilities',
          'readOnlyRootFilesystem',
          'privileged',
          'allowPrivilegeEscalation',
          'procMount',
          'runAsUser',
          'runAsGroup',
        ] as const
      ).map((key) => [`${path}.${key}`, securityContext[key]] as const),
    ),
  ];
  return refused.filter(([, value]) => value !== undefined).map(([path]) => forbidden(path, NOT_ON_WINDOWS));
}
