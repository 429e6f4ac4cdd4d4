import type { ServiceSpec } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { goStrings, invalid } from '../../../../apimachinery/validation/field-error.ts';
import { familyOf, validateClusterIPs } from './cluster-ips.ts';
import { isExternalName } from './kinds.ts';

const POLICY = 'spec.ipFamilyPolicy';
const same = (a: readonly string[] | undefined, b: readonly string[] | undefined) =>
  (a ?? []).join() === (b ?? []).join();

/**
 * Fills in which families of addresses a service has, on a cluster that has only `family`. Returns what is
 * wrong. Models pkg/registry/core/service/storage/alloc.go initIPFamilyFields.
 */
export function initFamilies(spec: ServiceSpec, old: ServiceSpec | undefined, family: string): FieldError[] {
  if (isExternalName(spec)) return [];
  const selectorless = spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= old?.ipFamilyPolicy ?? (selectorless ? 'RequireDualStack' : 'SingleStack');
  const loose = validateClusterIPs(spec);
  if (loose.length > 0) return loose;

  const errors = old === undefined ? [] : reduceFamilies(spec, old);
  errors.push(...checkSingleStack(spec), ...inferFamilies(spec, family));
  if (errors.length > 0) return errors;
  if (selectorless) {
    const families = (spec.ipFamilies ??= [family]);
    if (families.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
      families.push(families[0] === 'IPv4' ? 'IPv6' : 'IPv4');
    }
    return [];
  }
  if (spec.ipFamilyPolicy === 'RequireDualStack') {
    errors.push(
      invalid(POLICY, spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services'),
    );
  }
  (spec.ipFamilies ?? []).forEach((given, index) => {
    if (given !== family) {
      errors.push(invalid(`spec.ipFamilies[${index}]`, given, 'not configured on this cluster'));
    }
  });
  if (errors.length === 0 && !spec.ipFamilies?.length) spec.ipFamilies = [family];
  return errors;
}

/** A service that becomes single-stack loses the second of each; any other must say so. */
function reduceFamilies(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
  if (spec.ipFamilyPolicy === 'SingleStack') {
    if (same(spec.clusterIPs, old.clusterIPs)) spec.clusterIPs?.splice(1);
    if (same(spec.ipFamilies, old.ipFamilies)) spec.ipFamilies?.splice(1);
    return [];
  }
  const reduced = (now: readonly string[] | undefined, before: readonly string[] | undefined) =>
    now?.length === 1 && before?.length === 2 && now[0] === before[0];
  const refuse = (what: string) =>
    invalid(POLICY, spec.ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${what}`);
  return [
    ...(reduced(spec.clusterIPs, old.clusterIPs) ? [refuse('cluster IP')] : []),
    ...(reduced(spec.ipFamilies, old.ipFamilies) ? [refuse('IP family')] : []),
  ];
}

function checkSingleStack({ ipFamilyPolicy, clusterIPs = [], ipFamilies = [] }: ServiceSpec): FieldError[] {
  if (ipFamilyPolicy !== 'SingleStack') return [];
  const refuse = (what: string) =>
    invalid(
      POLICY,
      ipFamilyPolicy,
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    );
  return [
    ...(clusterIPs.length === 2 ? [refuse('cluster IPs')] : []),
    ...(ipFamilies.length === 2 ? [refuse('IP families')] : []),
  ];
}

/** The families of the addresses that a client gave. */
function inferFamilies(spec: ServiceSpec, family: string): FieldError[] {
  const errors: FieldError[] = [];
  const ips = spec.clusterIPs ?? [];
  if (ips[0] === 'None') return [];
  ips.forEach((ip, index) => {
    const families = spec.ipFamilies ?? [];
    if (index < families.length) return;
    const given = familyOf(ip);
    if (given === family) spec.ipFamilies = [...families, given];
    else {
      errors.push(
        invalid(`spec.clusterIPs[${index}]`, goStrings(ips), `${given} is not configured on this cluster`),
      );
    }
  });
  return errors;
}
