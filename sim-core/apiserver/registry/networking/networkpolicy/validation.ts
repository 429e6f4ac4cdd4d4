import type {
  IPBlock,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from 'kubernetes-types/networking/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { goSlice } from '../../../../apimachinery/validation/go-syntax.ts';
import { validateLabelSelector } from '../../../../apimachinery/validation/labels.ts';
import { validatePortNumOrName } from '../../core/validation/common.ts';
import type { CIDR } from '../../../util/net.ts';
import { containsIP, maskedIP, parseCIDR } from '../../../util/net.ts';

const POLICY_TYPES = ['Ingress', 'Egress'];
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const MAX_PORT = 65535;

/** Models pkg/apis/networking/validation ValidateNetworkPolicySpec. */
export function validateNetworkPolicySpec(spec: NetworkPolicySpec): FieldError[] {
  const rules = [
    ...(spec.ingress ?? []).map(({ ports, from }, index) => ({
      ports,
      peers: from,
      field: `spec.ingress[${index}]`,
      side: 'from',
    })),
    ...(spec.egress ?? []).map(({ ports, to }, index) => ({
      ports,
      peers: to,
      field: `spec.egress[${index}]`,
      side: 'to',
    })),
  ];
  return [
    ...validateLabelSelector(spec.podSelector, 'spec.podSelector'),
    ...rules.flatMap(({ ports = [], peers = [], field, side }) => [
      ...ports.flatMap((port, index) => validatePort(port, `${field}.ports[${index}]`)),
      ...peers.flatMap((peer, index) => validatePeer(peer, `${field}.${side}[${index}]`)),
    ]),
    ...validatePolicyTypes(spec.policyTypes ?? []),
  ];
}

function validatePolicyTypes(types: readonly string[]): FieldError[] {
  if (types.length > POLICY_TYPES.length) {
    const shown = goSlice('networking.PolicyType', types);
    return [invalid('spec.policyTypes', shown, 'may not specify more than two policyTypes')];
  }
  return types.flatMap((type, index) =>
    POLICY_TYPES.includes(type) ? [] : [notSupported(`spec.policyTypes[${index}]`, type, POLICY_TYPES)],
  );
}

/** Models ValidateNetworkPolicyPort. */
function validatePort({ protocol, port, endPort }: NetworkPolicyPort, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) {
    errors.push(notSupported(`${field}.protocol`, protocol, PROTOCOLS));
  }
  const end = `${field}.endPort`;
  if (port === undefined) {
    if (endPort !== undefined) {
      errors.push(invalid(end, endPort, 'may not be specified when `port` is not specified'));
    }
    return errors;
  }
  if (typeof port === 'string') {
    if (endPort !== undefined) {
      errors.push(invalid(end, endPort, 'may not be specified when `port` is non-numeric'));
    }
    return [...errors, ...validatePortNumOrName(port, `${field}.port`)];
  }
  errors.push(...validatePortNumOrName(port, `${field}.port`));
  if (endPort === undefined) return errors;
  if (endPort < port) errors.push(invalid(end, port, 'must be greater than or equal to `port`'));
  if (endPort < 1 || endPort > MAX_PORT) {
    errors.push(invalid(end, endPort, `must be between 1 and ${MAX_PORT}, inclusive`));
  }
  return errors;
}

/** Models ValidateNetworkPolicyPeer. */
function validatePeer(peer: NetworkPolicyPeer, field: string): FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const errors = [
    ...validateLabelSelector(podSelector, `${field}.podSelector`),
    ...validateLabelSelector(namespaceSelector, `${field}.namespaceSelector`),
    ...(ipBlock === undefined ? [] : validateIPBlock(ipBlock, `${field}.ipBlock`)),
  ];
  const count = [podSelector, namespaceSelector, ipBlock].filter((given) => given !== undefined).length;
  if (count === 0) errors.push(required(field, 'must specify a peer'));
  else if (count > 1 && ipBlock !== undefined) {
    errors.push(forbidden(field, 'may not specify both ipBlock and another peer'));
  }
  return errors;
}

/** True if `inner` lies in `outer` and is smaller. */
const isStrictSubset = (inner: CIDR, outer: CIDR) =>
  inner.length > outer.length && containsIP(outer, maskedIP(inner));

/** Models ValidateIPBlock. */
function validateIPBlock({ cidr, except = [] }: IPBlock, field: string): FieldError[] {
  if (!cidr) return [required(`${field}.cidr`)];
  const outer = parseCIDR(cidr);
  if (outer === undefined) return [invalid(`${field}.cidr`, cidr, 'not a valid CIDR')];
  const errors: FieldError[] = [];
  for (const [index, text] of except.entries()) {
    const path = `${field}.except[${index}]`;
    const inner = parseCIDR(text);
    if (inner === undefined) return [...errors, invalid(path, text, 'not a valid CIDR')];
    if (!isStrictSubset(inner, outer)) {
      errors.push(invalid(path, text, 'must be a strict subset of `cidr`'));
    }
  }
  return errors;
}
