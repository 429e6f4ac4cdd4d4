import type { ServiceSpec } from 'kubernetes-types/core/v1';
import { expect, test } from 'vitest';
import { serviceWarnings } from './warnings.ts';

const LATER = 'was accepted, but will be invalid in a future Kubernetes release:';
const LOOPS = 'which may cause controller apply-loops';

test.each<[what: string, spec: ServiceSpec, warnings: string[]]>([
  ['nothing to say', { loadBalancerIP: '1.2.3.4', externalIPs: ['::1'] }, []],
  [
    'no address',
    { loadBalancerIP: 'abc' },
    [`spec.loadBalancerIP: IP address ${LATER} ParseAddr("abc"): unable to parse IP`],
  ],
  [
    'a leading zero',
    { externalIPs: ['1.2.3.04'] },
    [
      `spec.externalIPs[0]: IP address ${LATER} ParseAddr("1.2.3.04"): IPv4 field has octet with leading zero`,
    ],
  ],
  [
    'too few numbers',
    { loadBalancerIP: '1.2.3' },
    [`spec.loadBalancerIP: IP address ${LATER} ParseAddr("1.2.3"): IPv4 address too short`],
  ],
  [
    'two dots',
    { loadBalancerIP: '1..2.3' },
    [
      `spec.loadBalancerIP: IP address ${LATER} ParseAddr("1..2.3"): IPv4 field must have at least one digit (at ".2.3")`,
    ],
  ],
  [
    'a long form of IPv6',
    { clusterIPs: ['2001:db8:0::1'] },
    [
      `spec.clusterIPs[0]: IPv6 address "2001:db8:0::1" is not in RFC 5952 canonical format ("2001:db8::1"), ${LOOPS}`,
    ],
  ],
  [
    'a range',
    { loadBalancerSourceRanges: ['010.0.0.0/8'] },
    [
      `spec.loadBalancerSourceRanges[0]: IP prefix ${LATER} netip.ParsePrefix("010.0.0.0/8"): ParseAddr("010.0.0.0"): IPv4 field has octet with leading zero`,
    ],
  ],
])('%s', (_what, spec, warnings) => {
  expect(serviceWarnings({ spec })).toEqual(warnings);
});
