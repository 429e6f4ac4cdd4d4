import type { Node, Taint } from 'kubernetes-types/core/v1';
import { goQuote } from '../../../../apimachinery/go-format.ts';
import {
  duplicate,
  FieldError,
  forbidden,
  GoLiteral,
  goStrings,
  invalid,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelName } from '../../../../apimachinery/validation/labels.ts';
import { isValidLabelValue } from '../../../../apimachinery/validation/names.ts';
import { parseCIDR } from '../../../util/net.ts';
import { isCIDR } from '../validation/common.ts';
import { validateResourceQuantityValue } from '../validation/resources.ts';
import { validateTaintEffect } from '../validation/tolerations.ts';
import { validateAvoidPods } from './avoid-pods.ts';

const TAINTS = 'metadata.taints';

/** Models ValidateNode. */
export function validateNode(node: Node): FieldError[] {
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
export function validateNodeUpdate(node: Node, old: Node): FieldError[] {
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
  if ((node.spec?.externalID ?? '') !== (old.spec?.externalID ?? '')) {
    errors.push(forbidden('spec.externalID', 'may not be updated'));
  }
  if (old.spec?.providerID && old.spec.providerID !== node.spec?.providerID) {
    errors.push(
      forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'),
    );
  }
  return [...errors, ...validateTaints(node.spec?.taints ?? [], TAINTS)];
}
