import type { Service } from 'kubernetes-types/core/v1';
import { goQuote } from '../../../../apimachinery/go-format.ts';
import { formatIP, parseIP } from '../../../util/net.ts';
import { isExternalName, isHeadless } from './kinds.ts';

const HINTS = 'service.kubernetes.io/topology-aware-hints';

/** What a client should know of a service that is valid all the same. Models pkg/api/service/warnings.go. */
export function serviceWarnings({ metadata, spec = {} }: Service): string[] {
  const warnings: string[] = [];
  if (metadata?.annotations?.[HINTS] !== undefined) {
    warnings.push(
      `annotation ${HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    );
  }
  const clusterIPs = isHeadless(spec) ? [] : (spec.clusterIPs ?? []);
  clusterIPs.forEach((ip, at) => warnings.push(...addressWarnings(ip, `spec.clusterIPs[${at}]`)));
  spec.externalIPs?.forEach((ip, at) => warnings.push(...addressWarnings(ip, `spec.externalIPs[${at}]`)));
  if (spec.loadBalancerIP) warnings.push(...addressWarnings(spec.loadBalancerIP, 'spec.loadBalancerIP'));
  spec.loadBalancerSourceRanges?.forEach((range, at) => {
    warnings.push(...rangeWarnings(range, `spec.loadBalancerSourceRanges[${at}]`));
  });
  if (isExternalName(spec) && spec.externalIPs?.length) {
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (!isExternalName(spec) && spec.externalName) {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  return warnings;
}

function addressWarnings(text: string, field: string): string[] {
  const fault = addressFault(text);
  if (fault !== undefined) {
    return [
      `${field}: IP address was accepted, but will be invalid in a future Kubernetes release: ${fault}`,
    ];
  }
  const address = parseIP(text);
  if (address?.family !== 6 || formatIP(address) === text) return [];
  return [
    `${field}: IPv6 address "${text}" is not in RFC 5952 canonical format ("${formatIP(address)}"), which may cause controller apply-loops`,
  ];
}

function rangeWarnings(text: string, field: string): string[] {
  const slash = text.lastIndexOf('/');
  const head = text.slice(0, slash);
  const fault = slash < 0 ? "no '/'" : addressFault(head);
  if (fault !== undefined) {
    return [
      `${field}: IP prefix was accepted, but will be invalid in a future Kubernetes release: netip.ParsePrefix(${goQuote(text)}): ${fault}`,
    ];
  }
  const address = parseIP(head);
  const canonical = address && `${formatIP(address)}${text.slice(slash)}`;
  return address?.family !== 6 || canonical === text
    ? []
    : [
        `${field}: IPv6 prefix "${text}" is not in RFC 5952 canonical format ("${canonical}"), which may cause controller apply-loops`,
      ];
}

/** What Go's newer parser has against an address; it is stricter than the one that validation uses. */
function addressFault(text: string): string | undefined {
  const sign = /[.:%]/.exec(text)?.[0];
  const fault =
    sign === '.'
      ? ipv4Fault(text)
      : sign === '%'
        ? 'missing IPv6 address'
        : sign === undefined || parseIP(text) === undefined
          ? 'unable to parse IP'
          : undefined;
  return fault === undefined ? undefined : `ParseAddr(${goQuote(text)}): ${fault}`;
}

/** Models net/netip parseIPv4. */
function ipv4Fault(text: string): string | undefined {
  let fields = 0;
  let value = '';
  for (let index = 0; index < text.length; index++) {
    const sign = text[index]!;
    const here = ` (at ${goQuote(text.slice(index))})`;
    if (/\d/.test(sign)) {
      if (value === '0') return 'IPv4 field has octet with leading zero';
      value += sign;
      if (Number(value) > 255) return 'IPv4 field has value >255';
    } else if (sign === '.') {
      if (value === '' || index === text.length - 1) return `IPv4 field must have at least one digit${here}`;
      if (fields === 3) return 'IPv4 address too long';
      fields++;
      value = '';
    } else return `unexpected character${here}`;
  }
  return fields < 3 ? 'IPv4 address too short' : undefined;
}
