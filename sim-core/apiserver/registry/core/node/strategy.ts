import type { Node, NodeSpec, NodeStatus, Taint } from 'kubernetes-types/core/v1';
import { goQuote } from '../../../../apimachinery/go-format.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import {
  duplicate,
  FieldError,
  forbidden,
  GoLiteral,
  goStrings,
  invalid,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelName } from '../../../../apimachinery/validation/labels.ts';
import { isValidLabelValue, nameIsDNSSubdomain } from '../../../../apimachinery/validation/names.ts';
import { parseCIDR } from '../../../util/net.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { canonicalizeResources } from '../defaults/pod-spec.ts';
import { isCIDR } from '../validation/common.ts';
import { validateResourceQuantityValue } from '../validation/resources.ts';
import { validateTaintEffect } from '../validation/tolerations.ts';
import { validateAvoidPods } from './avoid-pods.ts';

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
  delete spec.configSource;
  delete status.config;
  for (const image of status.images ?? []) {
    if (!image.names?.length) (image as { names?: readonly string[] | null }).names = null;
  }
  canonicalizeResources(status.capacity);
  canonicalizeResources(status.allocatable);
  status.daemonEndpoints ??= { kubeletEndpoint: { Port: 0 } };
  status.nodeInfo ??= {} as NonNullable<NodeStatus['nodeInfo']>;
  const info = status.nodeInfo as unknown as Record<string, string>;
  for (const field of NODE_INFO) info[field] ??= '';
}

/** Models ValidateNode. */
function validateNode(node: Node): FieldError[] {
  return [
    ...validateAvoidPods(node.metadata?.annotations),
    ...validateTaints(node.spec?.taints ?? [], TAINTS),
    ...validateResources(node),
    ...validatePodCIDRs(node.spec?.podCIDRs ?? [], 'spec.podCIDRs'),
  ];
}

/** At most one block of each family. */
function validatePodCIDRs(cidrs: readonly string[], field: string): FieldError[] {
  const shown = goStrings(cidrs);
  const errors = cidrs.flatMap((cidr, index) =>
    isCIDR(cidr) ? [] : [invalid(`${field}[${index}]`, shown, 'must be valid CIDR')],
  );
  if (cidrs.length < 2) return errors;
  const families = new Set(cidrs.map((cidr) => parseCIDR(cidr)?.address.family));
  if (families.has(undefined)) {
    const [bad] = cidrs.filter((cidr) => !isCIDR(cidr));
    errors.push(
      new FieldError(
        'Internal',
        field,
        undefined,
        `invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[${cidrs.indexOf(bad!)}]: <nil> (invalid CIDR address: ${bad})`,
      ),
    );
  }
  if (families.size !== 2 || cidrs.length > 2 || families.has(undefined)) {
    errors.push(invalid(field, shown, 'may specify no more than one CIDR for each IP family'));
  }
  cidrs.forEach((cidr, index) => {
    if (cidrs.indexOf(cidr) < index) errors.push(duplicate(`${field}[${index}]`, cidr));
  });
  return errors;
}

/** Models ValidateNodeResources. */
function validateResources(node: Node): FieldError[] {
  return (['capacity', 'allocatable'] as const).flatMap((key) => {
    const list = (node.status?.[key] ?? {}) as Record<string, string>;
    return Object.keys(list)
      .sort()
      .flatMap((name) => validateResourceQuantityValue(name, list[name]!, `status.${key}.${name}`));
  });
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
        new FieldError('Duplicate', path, goTaint(taint), 'taints must be unique by key and effect pair'),
      );
    }
    seen.add(pair);
  });
  return errors;
}

const goTaint = ({ key = '', value = '', effect = '', timeAdded }: Taint) =>
  new GoLiteral(
    `core.Taint{Key:${goQuote(key)}, Value:${goQuote(value)}, Effect:${goQuote(effect)}, ` +
      `TimeAdded:${timeAdded ? timeAdded : '<nil>'}}`,
  );

/** Models ValidateNodeUpdate. */
function validateNodeUpdate(node: Node, old: Node): FieldError[] {
  const errors = [...validateAvoidPods(node.metadata?.annotations), ...validateResources(node)];
  const addresses = new Set<string>();
  (node.status?.addresses ?? []).forEach((address, index) => {
    const text = `${address.type}/${address.address}`;
    if (addresses.has(text)) {
      errors.push(
        new FieldError(
          'Duplicate',
          `status.addresses[${index}]`,
          new GoLiteral(
            `core.NodeAddress{Type:${goQuote(address.type)}, Address:${goQuote(address.address)}}`,
          ),
          '',
        ),
      );
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

/** Models fieldIsDeprecatedWarnings. */
const deprecationWarnings = ({ spec }: KubeObject): string[] => [
  ...(spec.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
];

/** Models pkg/registry/core/node/strategy.go. A node may be made with its status. */
export const nodeStrategy: Strategy = {
  fillDefaults,
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validateName: nameIsDNSSubdomain,
  warningsOnCreate: deprecationWarnings,
  warningsOnUpdate: deprecationWarnings,
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
