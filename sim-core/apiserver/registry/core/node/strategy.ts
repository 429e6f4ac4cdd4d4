import type { Node, NodeSpec, NodeStatus, Taint } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { FieldError, forbidden, invalid } from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelName } from '../../../../apimachinery/validation/labels.ts';
import { isValidLabelValue, nameIsDNSSubdomain } from '../../../../apimachinery/validation/names.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { nullTimes } from '../defaults/always-present.ts';
import { canonicalizeResources } from '../defaults/pod-spec.ts';
import { isCIDR } from '../validation/common.ts';
import { validateResourceQuantityValue } from '../validation/resources.ts';
import { validateTaintEffect } from '../validation/tolerations.ts';

const asNode = (object: KubeObject) => object as unknown as Node;
const TAINTS = 'metadata.taints';
const NODE_INFO = [
  'machineID',
  'systemUUID',
  'bootID',
  'kernelVersion',
  'osImage',
  'containerRuntimeVersion',
  'kubeletVersion',
  'kubeProxyVersion',
  'operatingSystem',
  'architecture',
];

/** Models SetDefaults_NodeStatus, the conversion of podCIDR, and the fields that are always printed. */
function fillDefaults(object: KubeObject): void {
  const node = asNode(object);
  const spec: NodeSpec = (node.spec ??= {});
  const status = (object.status ??= {}) as NodeStatus & Record<string, unknown>;
  if (spec.podCIDR && spec.podCIDR !== spec.podCIDRs?.[0]) spec.podCIDRs = [spec.podCIDR];
  else if (!spec.podCIDR && spec.podCIDRs?.[0]) spec.podCIDR = spec.podCIDRs[0];
  if (!status.allocatable && status.capacity) status.allocatable = { ...status.capacity };
  canonicalizeResources(status.capacity);
  canonicalizeResources(status.allocatable);
  status.daemonEndpoints ??= { kubeletEndpoint: { Port: 0 } };
  status.nodeInfo ??= {} as NonNullable<NodeStatus['nodeInfo']>;
  const info = status.nodeInfo as unknown as Record<string, string>;
  for (const field of NODE_INFO) info[field] ??= '';
  nullTimes(status.conditions as never, ['lastHeartbeatTime', 'lastTransitionTime']);
}

/** Models ValidateNode. */
function validateNode(node: Node): FieldError[] {
  const errors = validateTaints(node.spec?.taints ?? [], TAINTS);
  const cidrs = node.spec?.podCIDRs ?? [];
  cidrs.forEach((cidr, index) => {
    if (!isCIDR(cidr)) {
      errors.push(
        invalid(
          `spec.podCIDRs[${index}]`,
          cidr,
          'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        ),
      );
    }
  });
  return errors;
}

/** Models validateNodeTaints: labels with an effect, each pair of key and effect once. */
function validateTaints(taints: readonly Taint[], field: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  taints.forEach((taint, index) => {
    const path = `${field}[${index}]`;
    errors.push(...validateLabelName(taint.key ?? '', `${path}.key`));
    const complaints = isValidLabelValue(taint.value ?? '');
    if (complaints.length > 0) errors.push(invalid(`${path}.value`, taint.value, complaints.join(';')));
    errors.push(...validateTaintEffect(taint.effect, false, `${path}.effect`));
    const pair = `${taint.effect}/${taint.key}`;
    if (seen.has(pair)) {
      errors.push(
        new FieldError(
          'Duplicate',
          path,
          { ...taint } as never,
          'taints must be unique by key and effect pair',
        ),
      );
    }
    seen.add(pair);
  });
  return errors;
}

/** Models ValidateNodeUpdate. */
function validateNodeUpdate(node: Node, old: Node): FieldError[] {
  const errors: FieldError[] = [];
  for (const key of ['capacity', 'allocatable'] as const) {
    const list = (node.status?.[key] ?? {}) as Record<string, string>;
    for (const name of Object.keys(list).sort()) {
      errors.push(...validateResourceQuantityValue(name, list[name]!, `status.${key}[${name}]`));
    }
  }
  const addresses = new Set<string>();
  (node.status?.addresses ?? []).forEach((address, index) => {
    const text = `${address.type}/${address.address}`;
    if (addresses.has(text)) {
      errors.push(new FieldError('Duplicate', `status.addresses[${index}]`, { ...address } as never, ''));
    }
    addresses.add(text);
  });
  const before = old.spec?.podCIDRs ?? [];
  const now = node.spec?.podCIDRs ?? [];
  if (before.length > 0 && (before.length !== now.length || before.some((cidr, at) => cidr !== now[at]))) {
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  }
  if (old.spec?.providerID && old.spec.providerID !== node.spec?.providerID) {
    errors.push(
      forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'),
    );
  }
  return [...errors, ...validateTaints(node.spec?.taints ?? [], TAINTS)];
}

/** Models pkg/registry/core/node/strategy.go. A node may be made with its status. */
export const nodeStrategy: Strategy = {
  fillDefaults,
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validateName: nameIsDNSSubdomain,
  validate: (object) => validateNode(asNode(object)),
  validateUpdate: (object, old) => [
    ...validateNode(asNode(object)),
    ...validateNodeUpdate(asNode(object), asNode(old)),
  ],
  selectableFields: (object) => ({ 'spec.unschedulable': String(object.spec?.unschedulable ?? false) }),
};

export const nodeStatusStrategy: UpdateStrategy = {
  fillDefaults,
  prepareForUpdate(object, old) {
    object.spec = old.spec;
  },
  validateUpdate: (object, old) => validateNodeUpdate(asNode(object), asNode(old)),
};
