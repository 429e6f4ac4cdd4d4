import type { ServiceSpec } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { goSlice, goStrings } from '../../../../apimachinery/validation/go-syntax.ts';
import { parseIP } from '../../../util/net.ts';
import { isIP, validateIP } from '../validation/common.ts';
import { isExternalName, isHeadless } from './kinds.ts';

const FAMILIES = ['IPv4', 'IPv6'];
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const IPS = 'spec.clusterIPs';

/** "IPv4" or "IPv6". */
export const familyOf = (ip: string) => (parseIP(ip)?.family === 6 ? 'IPv6' : 'IPv4');
const goFamilies = (families: readonly string[]) => goSlice('core.IPFamily', families);

/** Addresses, families and policy must fit each other. Models ValidateServiceClusterIPsRelatedFields. */
export function validateClusterIPs(spec: ServiceSpec): FieldError[] {
  if (isExternalName(spec)) return [];
  const { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  const shown = goStrings(clusterIPs);
  const errors: FieldError[] = [];
  if (clusterIP !== '') {
    if (clusterIPs.length === 0) errors.push(required(IPS));
    else if (clusterIPs[0] !== clusterIP) {
      errors.push(invalid(IPS, shown, 'first value must match `clusterIP`'));
    }
  } else if (clusterIPs.length > 0) {
    errors.push(invalid(IPS, shown, 'must be empty when `clusterIP` is not specified'));
  }
  ipFamilies.forEach((family, index) => {
    const path = `spec.ipFamilies[${index}]`;
    if (!FAMILIES.includes(family)) errors.push(notSupported(path, family, FAMILIES));
    if (ipFamilies.indexOf(family) < index) errors.push(duplicate(path, family));
  });
  if (ipFamilyPolicy !== undefined && !FAMILY_POLICIES.includes(ipFamilyPolicy)) {
    errors.push(notSupported('spec.ipFamilyPolicy', ipFamilyPolicy, FAMILY_POLICIES));
  }
  return [...errors, ...validateAddresses(clusterIPs, ipFamilies, isHeadless(spec))];
}

function validateAddresses(
  ips: readonly string[],
  families: readonly string[],
  headless: boolean,
): FieldError[] {
  const shown = goStrings(ips);
  const errors: FieldError[] = [];
  let wrong = false;
  ips.forEach((ip, index) => {
    if (index === 0 && ip === 'None') {
      if (ips.length === 1) return;
      wrong = true;
      errors.push(invalid(IPS, shown, "'None' must be the first and only value"));
      return;
    }
    wrong ||= !isIP(ip);
    errors.push(...validateIP(ip, `${IPS}[${index}]`));
  });
  if (ips.length > 2) errors.push(invalid(IPS, shown, 'may only hold up to 2 values'));
  if (wrong) return errors;
  if (ips.length > 1 && new Set(ips.map(familyOf)).size < 2) {
    errors.push(invalid(IPS, shown, 'may specify no more than one IP for each IP family'));
  }
  if (headless) return errors;
  ips.forEach((ip, index) => {
    const family = families[index];
    if (family !== undefined && FAMILIES.includes(family) && family !== familyOf(ip)) {
      const text = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
      errors.push(invalid(`${IPS}[${index}]`, ip, text));
    }
  });
  return errors;
}

/** The first address and family stay. Models validateUpgradeDowngradeClusterIPs and …IPFamilies. */
export function validateClusterIPsUpdate(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
  if (isExternalName(spec) || isExternalName(old)) return [];
  const [now, before] = [isHeadless(spec), isHeadless(old)];
  return [
    ...(now && before
      ? []
      : validateKept(spec, 'clusterIPs', spec.clusterIPs ?? [], old.clusterIPs ?? [], goStrings)),
    ...(now || before
      ? []
      : validateKept(spec, 'ipFamilies', spec.ipFamilies ?? [], old.ipFamilies ?? [], goFamilies)),
  ];
}

function validateKept(
  spec: ServiceSpec,
  key: 'clusterIPs' | 'ipFamilies',
  now: readonly string[],
  old: readonly string[],
  show: (values: readonly string[]) => ReturnType<typeof goStrings>,
): FieldError[] {
  const [one, released] =
    key === 'clusterIPs' ? ['clusterIP', 'secondary clusterIP'] : ['ipFamily', 'secondary ipFamily'];
  const changed = (index: number) => invalid(`spec.${key}[${index}]`, show(now), 'may not change once set');
  if (old.length === now.length) {
    return old.flatMap((value, index) =>
      value === now[index] ? [] : [changed(key === 'clusterIPs' ? index : 0)],
    );
  }
  const errors: FieldError[] = [];
  if (old.length > now.length && (spec.clusterIPs ?? []).length === 0) {
    errors.push(invalid(`spec.${key}[0]`, show(now), `primary ${one} can not be unset`));
  }
  if (old.length > 0 && now.length > 0 && old[0] !== now[0]) errors.push(changed(0));
  if (old.length > now.length && now.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    errors.push(
      invalid(
        'spec.ipFamilyPolicy',
        spec.ipFamilyPolicy ?? null,
        `must be set to 'SingleStack' when releasing the ${released}`,
      ),
    );
  }
  return errors;
}
