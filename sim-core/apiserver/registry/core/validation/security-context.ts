import type { PodSecurityContext, PodSpec, SecurityContext } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  goStruct,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { inclusiveRangeError, isValidUserID } from '../../../../apimachinery/validation/names.ts';
import { validateSeccompProfile } from './seccomp.ts';
import { validateWindowsOptions } from './windows.ts';

const MAX_ID = 2147483647;
const FS_GROUP_POLICIES = ['Always', 'OnRootMismatch'];
const PROC_MOUNTS = ['Default', 'Unmasked'];

function validateID(id: number | undefined, field: string): FieldError[] {
  if (id === undefined) return [];
  return isValidUserID(id).map((text) => invalid(field, id, text));
}

/** A pod's securityContext, with the host namespaces. Models validatePodSpecSecurityContext. */
export function validatePodSecurityContext(spec: PodSpec, specField: string): FieldError[] {
  const field = `${specField}.securityContext`;
  const context: PodSecurityContext = spec.securityContext ?? {};
  const errors: FieldError[] = [];
  errors.push(...validateID(context.fsGroup, `${field}.fsGroup`));
  errors.push(...validateID(context.runAsUser, `${field}.runAsUser`));
  errors.push(...validateID(context.runAsGroup, `${field}.runAsGroup`));
  (context.supplementalGroups ?? []).forEach((group, index) => {
    errors.push(...validateID(group, `${field}.supplementalGroups[${index}]`));
  });
  if (spec.shareProcessNamespace && spec.hostPID) {
    errors.push(
      invalid(
        `${field}.shareProcessNamespace`,
        true,
        'ShareProcessNamespace and HostPID cannot both be enabled',
      ),
    );
  }
  const sysctls = new Set<string>();
  (context.sysctls ?? []).forEach(({ name }, index) => {
    const path = `${field}.sysctls[${index}].name`;
    if (!name) errors.push(required(path));
    else if (!isSysctlName(name)) {
      errors.push(
        invalid(
          path,
          name,
          'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
        ),
      );
    } else if (sysctls.has(name)) {
      errors.push(duplicate(path, name));
    }
    sysctls.add(name ?? '');
  });
  const policy = context.fsGroupChangePolicy;
  if (policy !== undefined && !FS_GROUP_POLICIES.includes(policy)) {
    errors.push(notSupported(`${field}.fsGroupChangePolicy`, policy, FS_GROUP_POLICIES));
  }
  errors.push(
    ...validateSeccompProfile(context.seccompProfile, `${field}.seccompProfile`),
    ...validateWindowsOptions(context.windowsOptions, `${field}.windowsOptions`),
  );
  return errors;
}

const isSysctlName = (name: string) =>
  name.length <= 253 && /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/.test(name);

/** A container's securityContext. Models ValidateSecurityContext. */
export function validateSecurityContext(context: SecurityContext | undefined, field: string): FieldError[] {
  if (!context) return [];
  const errors: FieldError[] = [];
  errors.push(...validateID(context.runAsUser, `${field}.runAsUser`));
  errors.push(...validateID(context.runAsGroup, `${field}.runAsGroup`));
  if (context.procMount !== undefined && !PROC_MOUNTS.includes(context.procMount)) {
    errors.push(notSupported(`${field}.procMount`, context.procMount, PROC_MOUNTS));
  }
  errors.push(...validateSeccompProfile(context.seccompProfile, `${field}.seccompProfile`));
  if (context.allowPrivilegeEscalation === false) {
    const refuse = (what: string) =>
      errors.push(
        invalid(
          field,
          goStruct('core.SecurityContext', context),
          `cannot set \`allowPrivilegeEscalation\` to false and ${what}`,
        ),
      );
    if (context.privileged) refuse('`privileged` to true');
    for (const capability of context.capabilities?.add ?? []) {
      if (capability === 'CAP_SYS_ADMIN') refuse('`capabilities.Add` CAP_SYS_ADMIN');
    }
  }
  return [...errors, ...validateWindowsOptions(context.windowsOptions, `${field}.windowsOptions`)];
}

/** Models the range check of activeDeadlineSeconds. */
export const ACTIVE_DEADLINE_RANGE = inclusiveRangeError(1, MAX_ID);
