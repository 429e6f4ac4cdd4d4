import { describe, expect, test } from 'vitest';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { serviceCIDR } from './addresses.ts';
import { validateIngressCreate } from './ingress/validation.ts';
import { validateIngressClassSpec } from './ingressclass/validation.ts';
import { validateNetworkPolicySpec } from './networkpolicy/validation.ts';

const texts = (errors: readonly FieldError[]) => errors.map(({ message }) => message);

describe('NetworkPolicy', () => {
  const ingress = (rule: object) => ({ podSelector: {}, ingress: [rule] });
  test.each([
    ['nothing', { podSelector: {} }, []],
    ['a port range', ingress({ ports: [{ port: 80, endPort: 90 }] }), []],
    [
      'a range that ends before it begins',
      ingress({ ports: [{ port: 80, endPort: 70 }] }),
      ['spec.ingress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`'],
    ],
    [
      'a range of a named port',
      ingress({ ports: [{ port: 'http', endPort: 70 }] }),
      [
        'spec.ingress[0].ports[0].endPort: Invalid value: 70: may not be specified when `port` is non-numeric',
      ],
    ],
    ['no peer', ingress({ from: [{}] }), ['spec.ingress[0].from[0]: Required value: must specify a peer']],
    [
      'a block and a selector',
      ingress({ from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] }),
      ['spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer'],
    ],
    [
      'exceptions outside of the block',
      ingress({
        from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '11.0.0.0/16', '10.0.0.0/8'] } }],
      }),
      [
        'spec.ingress[0].from[0].ipBlock.except[1]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
        'spec.ingress[0].from[0].ipBlock.except[2]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
      ],
    ],
    [
      'exceptions of IPv6',
      ingress({
        from: [{ ipBlock: { cidr: '2001:db8::/32', except: ['2001:db8:1::/48', '2001:db9::/48'] } }],
      }),
      [
        'spec.ingress[0].from[0].ipBlock.except[1]: Invalid value: "2001:db9::/48": must be a strict subset of `cidr`',
      ],
    ],
    [
      'a type of policy that nobody knows',
      { podSelector: {}, policyTypes: ['Both'] },
      ['spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"'],
    ],
    [
      'three policy types',
      { podSelector: {}, policyTypes: ['Ingress', 'Egress', 'Ingress'] },
      [
        'spec.policyTypes: Invalid value: []networking.PolicyType{"Ingress", "Egress", "Ingress"}: may not specify more than two policyTypes',
      ],
    ],
  ])('%s', (_name, spec, want) => {
    expect(texts(validateNetworkPolicySpec(spec as never))).toEqual(want);
  });
});

describe('Ingress', () => {
  const service = { name: 'web', port: { number: 80 } };
  const path = (rest: object) => ({
    rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service }, ...rest }] } }],
  });
  const PATH = 'spec.rules[0].http.paths[0]';
  test.each([
    ['a good one', path({}), []],
    [
      'no path type',
      path({ pathType: undefined }),
      [`${PATH}.pathType: Required value: pathType must be specified`],
    ],
    [
      'a path that goes back',
      path({ path: '/a/../b/.' }),
      [
        `${PATH}.path: Invalid value: "/a/../b/.": must not contain '/../'`,
        `${PATH}.path: Invalid value: "/a/../b/.": cannot end with '/.'`,
      ],
    ],
    [
      'no backend',
      path({ backend: {} }),
      [`${PATH}.backend: Invalid value: "": resource or service backend is required`],
    ],
    [
      'a service without a port',
      path({ backend: { service: { name: 'web' } } }),
      [`${PATH}.backend: Required value: port name or number is required`],
    ],
    [
      'an address as a host',
      { rules: [{ host: '1.2.3.4' }] },
      ['spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address'],
    ],
    [
      'two classes',
      { ingressClassName: 'a', defaultBackend: { service } },
      [
        'annotations.kubernetes.io/ingress.class: Invalid value: "b": must match `ingressClassName` when both are specified',
      ],
    ],
  ])('%s', (_name, spec, want) => {
    const metadata = { name: 'i', annotations: { 'kubernetes.io/ingress.class': 'b' } };
    const object = { metadata: 'ingressClassName' in spec ? metadata : { name: 'i' }, spec };
    expect(texts(validateIngressCreate(object))).toEqual(want);
  });
});

test.each([
  [{ controller: 'example.com/ingress' }, []],
  [{}, ['spec.controller: Required value']],
  [
    { controller: 'plain' },
    ['spec.controller: Invalid value: "plain": must be a domain-prefixed path (such as "acme.io/foo")'],
  ],
  [
    { controller: 'a/b', parameters: { kind: 'K', name: 'n', scope: 'Namespace' } },
    ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
  ],
])('IngressClass %j', (spec, want) => {
  expect(texts(validateIngressClassSpec(spec as never))).toEqual(want);
});

// What a kube-apiserver v1.36 says of these.
test.each<[readonly string[], readonly string[]]>([
  [['10.0.0.0/24', 'fd00::/64'], []],
  [['x'], ['[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
  [['010.0.0.0/24'], ['[0]: Invalid value: "010.0.0.0/24": must not have leading 0s in IP or prefix length']],
  [['10.0.0.1/24'], ['[0]: Invalid value: "10.0.0.1/24": must not have bits set beyond the prefix length']],
  [['FD00::/64'], ['[0]: Invalid value: "FD00::/64": must be in canonical form ("fd00::/64")']],
  [
    ['10.0.0.0/24', '10.1.0.0/24'],
    [
      ': Invalid value: ["10.0.0.0/24","10.1.0.0/24"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
    ],
  ],
])('a ServiceCIDR of %s', (cidrs, messages) => {
  const object = { kind: 'ServiceCIDR', metadata: { name: 'x' }, spec: { cidrs } } as unknown as KubeObject;
  expect(texts(serviceCIDR.validate!(object, {} as never))).toEqual(
    messages.map((message) => `spec.cidrs${message}`),
  );
});
