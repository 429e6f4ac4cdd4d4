import type { ContainerStatus, Pod, PodSpec, PodStatus } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  FieldError as FieldErrorClass,
  forbidden,
  invalid,
} from '../../../../apimachinery/validation/field-error.ts';
import { goStruct, goStructs } from '../../../../apimachinery/validation/go-syntax.ts';
import { nameIsDNSSubdomain } from '../../../../apimachinery/validation/names.ts';
import { parseIP } from '../../../util/net.ts';
import { validateIP, validateNameWith, validateQualifiedName } from '../validation/common.ts';
import { validatePodAnnotationsUpdate } from '../validation/pod-annotations.ts';

const SYSTEM_CONDITIONS = ['PodScheduled', 'Ready', 'Initialized'];

/** Models ValidatePodStatusUpdate. */
export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const status = pod.status ?? {};
  const before = old.status ?? {};
  const spec = old.spec!;
  const { nominatedNodeName: node } = status;
  return [
    ...validatePodAnnotationsUpdate(
      pod.metadata?.annotations,
      old.metadata?.annotations,
      pod.spec!,
      'metadata.annotations',
    ),
    ...validateConditions(status),
    ...(node && node !== before.nominatedNodeName
      ? validateNameWith(nameIsDNSSubdomain, node, 'status.nominatedNodeName')
      : []),
    ...validateTransitions('containerStatuses', status, before, spec.restartPolicy),
    ...validateTransitions('initContainerStatuses', status, before, spec.restartPolicy, sidecarsOf(spec)),
    ...validateTransitions('ephemeralContainerStatuses', status, before, 'Never'),
    ...validateClaimStatuses(status as ClaimStatuses, pod.spec! as Claims),
    ...validateAddresses(status.podIPs, 'status.podIPs'),
    ...validateHostIPs(status as HostIPs),
  ];
}

/** Models validatePodConditions, which names the metadata in its paths. */
function validateConditions({ conditions }: PodStatus): FieldError[] {
  return (conditions ?? []).flatMap(({ type = '' }, index) =>
    SYSTEM_CONDITIONS.includes(type) ? [] : validateQualifiedName(type, `metadata.conditions[${index}].Type`),
  );
}

/** Init containers that run on beside the others. */
const sidecarsOf = ({ initContainers = [] }: PodSpec) =>
  initContainers
    .filter((container) => (container as { restartPolicy?: string }).restartPolicy === 'Always')
    .map(({ name }) => name);

/** A container that ended for good does not run again. Models ValidateContainerStateTransition. */
function validateTransitions(
  list: 'containerStatuses' | 'initContainerStatuses' | 'ephemeralContainerStatuses',
  status: PodStatus,
  old: PodStatus,
  policy: string | undefined,
  exempt: readonly string[] = [],
): FieldError[] {
  if (policy === 'Always') return [];
  const now: readonly ContainerStatus[] = status[list] ?? [];
  return (old[list] ?? []).flatMap(({ name, state }, index) => {
    const terminated = state?.terminated;
    if (!terminated || exempt.includes(name)) return [];
    if (terminated.exitCode !== 0 && policy === 'OnFailure') return [];
    return now
      .filter((container) => container.name === name && !container.state?.terminated)
      .map(() =>
        forbidden(`status.${list}[${index}].state`, 'may not be transitioned to non-terminated state'),
      );
  });
}

interface Claims {
  readonly resourceClaims?: readonly { readonly name: string }[];
}
interface ClaimStatuses {
  readonly resourceClaimStatuses?: readonly { readonly name: string; readonly resourceClaimName?: string }[];
}

/** Models validatePodResourceClaimStatuses. */
function validateClaimStatuses(
  { resourceClaimStatuses = [] }: ClaimStatuses,
  { resourceClaims = [] }: Claims,
): FieldError[] {
  const seen = new Set<string>();
  return resourceClaimStatuses.flatMap(({ name = '', resourceClaimName }, index) => {
    const path = `status.resourceClaimStatuses[${index}].name`;
    const errors: FieldError[] = [];
    if (!resourceClaims.some((claim) => claim.name === name)) {
      errors.push(invalid(path, name, 'must match the name of an entry in `spec.resourceClaims`'));
    }
    if (seen.has(name)) errors.push(duplicate(path, name));
    seen.add(name);
    return resourceClaimName === undefined
      ? errors
      : [...errors, ...validateNameWith(nameIsDNSSubdomain, resourceClaimName, path)];
  });
}

type Address = { readonly ip?: string };
interface HostIPs {
  readonly hostIP?: string;
  readonly hostIPs?: readonly Address[];
}

/** Addresses, at most one of each family. Models validatePodIPs and validateHostIPs. */
function validateAddresses(addresses: readonly Address[] | undefined, field: string): FieldError[] {
  const texts = (addresses ?? []).map(({ ip = '' }) => ip);
  const errors = texts.flatMap((ip, index) => validateIP(ip, `${field}[${index}]`));
  if (texts.length <= 1) return errors;
  const families = texts.map((ip) => parseIP(ip)?.family);
  const wrong = families.indexOf(undefined);
  if (wrong >= 0) {
    const text = `failed to check for dual stack with error:invalid IP[${wrong}]: ${texts[wrong]}`;
    errors.push(new FieldErrorClass('Internal', field, undefined, text));
  }
  if (wrong >= 0 || !families.includes(4) || !families.includes(6) || texts.length > 2) {
    const shown = goStructs(
      'core.PodIP',
      texts.map((ip) => ({ IP: ip })),
    );
    errors.push(invalid(field, shown, 'may specify no more than one IP for each IP family'));
  }
  texts.forEach((ip, index) => {
    if (texts.indexOf(ip) === index) return;
    const shown = goStruct('core.PodIP', { IP: ip });
    errors.push(new FieldErrorClass('Duplicate', `${field}[${index}]`, shown, ''));
  });
  return errors;
}

function validateHostIPs({ hostIP = '', hostIPs = [] }: HostIPs): FieldError[] {
  const field = 'status.hostIPs';
  const first = hostIPs[0]?.ip ?? '';
  return hostIPs.length === 0
    ? []
    : [
        ...(hostIP === first ? [] : [invalid(`${field}[0].ip`, first, 'must be equal to `hostIP`')]),
        ...validateAddresses(hostIPs, field),
      ];
}
