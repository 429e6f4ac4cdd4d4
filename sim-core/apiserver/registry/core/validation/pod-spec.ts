import type { PodDNSConfig, PodSpec, PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { duplicate, forbidden, invalid, required } from '../../../../apimachinery/validation/field-error.ts';
import { validateLabels } from '../../../../apimachinery/validation/labels.ts';
import {
  isDNS1123Subdomain,
  isQualifiedName,
  nameIsDNSSubdomain,
} from '../../../../apimachinery/validation/names.ts';
import { validateAnnotations } from '../../../../apimachinery/validation/object-meta.ts';
import { validateAffinity, validateTopologySpreadConstraints } from './affinity.ts';
import { isIP, validateDNS1123Label, validateEnum, validateNameWith } from './common.ts';
import { validateContainers, validateEphemeralContainers, validateInitContainers } from './container.ts';
import { validateResourceRequirements } from './resources.ts';
import { validateSeccompAnnotationsAndFields } from './seccomp.ts';
import { ACTIVE_DEADLINE_RANGE, validatePodSecurityContext } from './security-context.ts';
import { validatePodAnnotations } from './pod-annotations.ts';
import { validateOS } from './pod-os.ts';
import { validateTolerations } from './tolerations.ts';
import { validateVolumes } from './volume.ts';
import { validateWindowsHostProcess } from './windows.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never'];
const MAX_NAMESERVERS = 3;
const MAX_SEARCH_PATHS = 32;
const MAX_SEARCH_CHARS = 2048;

/**
 * All that is wrong with a pod's or a template's spec; a template has no `podName`.
 * Models validation.go ValidatePodSpec.
 */
export function validatePodSpec(spec: PodSpec, field: string, podName?: string): FieldError[] {
  const { errors, matched } = validateVolumes(spec.volumes, `${field}.volumes`, podName);
  errors.push(
    ...validateResourceClaims(spec, `${field}.resourceClaims`),
    ...validateContainers(spec.containers, matched, `${field}.containers`),
    ...validateInitContainers(spec, matched, `${field}.initContainers`),
    ...validateEphemeralContainers(spec, matched, `${field}.ephemeralContainers`),
    ...validateHostNetworkPorts(spec, field),
    ...validateRestartPolicy(spec.restartPolicy, `${field}.restartPolicy`),
    ...validateEnum(spec.dnsPolicy, DNS_POLICIES, `${field}.dnsPolicy`),
    ...validateLabels(spec.nodeSelector, `${field}.nodeSelector`),
    ...validatePodSecurityContext(spec, field),
    ...validateAffinity(spec.affinity, `${field}.affinity`),
    ...validateDNSConfig(spec.dnsConfig, spec.dnsPolicy, `${field}.dnsConfig`),
    ...validateConditionTypes(spec, `${field}.readinessGates`),
    ...validateSchedulingGates(spec, `${field}.schedulingGates`),
    ...validateTopologySpreadConstraints(
      spec.topologySpreadConstraints,
      `${field}.topologySpreadConstraints`,
    ),
    ...validateWindowsHostProcess(spec, field),
    ...validateHostUsers(spec, field),
  );
  const validateName = (
    key: 'serviceAccountName' | 'nodeName' | 'priorityClassName' | 'runtimeClassName',
  ) => {
    const name = spec[key];
    // A runtime class is a pointer: the empty name is one, and wrong.
    if (name || (key === 'runtimeClassName' && name !== undefined)) {
      errors.push(...validateNameWith(nameIsDNSSubdomain, name, `${field}.${key}`));
    }
  };
  validateName('serviceAccountName');
  validateName('nodeName');
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > 2147483647)) {
    errors.push(invalid(`${field}.activeDeadlineSeconds`, deadline, ACTIVE_DEADLINE_RANGE));
  }
  for (const key of ['hostname', 'subdomain'] as const) {
    const name = spec[key];
    if (name) errors.push(...validateDNS1123Label(name, `${field}.${key}`));
  }
  errors.push(...validateTolerations(spec.tolerations ?? [], `${field}.tolerations`));
  for (const { ip = '', hostnames = [] } of spec.hostAliases ?? []) {
    if (!isIP(ip)) errors.push(invalid(`${field}.hostAliases.ip`, ip, 'must be valid IP address'));
    for (const name of hostnames) {
      for (const text of isDNS1123Subdomain(name)) {
        errors.push(invalid(`${field}.hostAliases.hostnames`, name, text));
      }
    }
  }
  validateName('priorityClassName');
  validateName('runtimeClassName');
  if (spec.preemptionPolicy !== undefined) {
    errors.push(...validateEnum(spec.preemptionPolicy, PREEMPTION_POLICIES, `${field}.preemptionPolicy`));
  }
  errors.push(...validateOverhead(spec.overhead as Record<string, string>, `${field}.overhead`));
  return [...errors, ...validateOS(spec, field)];
}

/** What the runtime needs for itself is asked as limits are. Models validateOverhead. */
const validateOverhead = (overhead: Readonly<Record<string, string>> | undefined, field: string) =>
  overhead === undefined ? [] : validateResourceRequirements({ limits: overhead }, field);

/** Models validateRestartPolicy. */
function validateRestartPolicy(policy: string | undefined, field: string): FieldError[] {
  return validateEnum(policy, RESTART_POLICIES, field);
}

/** In the host's network a port is the host's own. Models validatePodHostNetworkDeps. */
function validateHostNetworkPorts(spec: PodSpec, field: string): FieldError[] {
  if (!spec.hostNetwork) return [];
  return (spec.containers ?? []).flatMap((container, index) =>
    (container.ports ?? []).flatMap((port, at) =>
      // A template's ports get their host ports when a pod is made of it.
      !port.hostPort || port.hostPort === port.containerPort
        ? []
        : [
            invalid(
              `${field}.containers[${index}].ports[${at}].hostPort`,
              port.hostPort,
              'must match `containerPort` when `hostNetwork` is true',
            ),
          ],
    ),
  );
}

/** Whoever has users of its own shares no namespace of the host. */
function validateHostUsers(spec: PodSpec, field: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const shared = [
    ['hostNetwork', spec.hostNetwork],
    ['HostPID', spec.hostPID],
    ['HostIPC', spec.hostIPC],
  ] as const;
  return shared
    .filter(([, isOn]) => isOn)
    .map(([name]) => forbidden(`${field}.${name}`, 'when `pod.Spec.HostUsers` is false'));
}

interface ResourceClaim {
  readonly name?: string;
  readonly resourceClaimName?: string;
  readonly resourceClaimTemplateName?: string;
}

/** Models validatePodResourceClaims. */
function validateResourceClaims(spec: PodSpec, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  (spec.resourceClaims ?? []).forEach((claim, index) => {
    const path = `${field}[${index}]`;
    const { name, resourceClaimName, resourceClaimTemplateName } = claim as ResourceClaim;
    if (!name) errors.push(required(`${path}.name`));
    else if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    else {
      errors.push(...validateDNS1123Label(name, `${path}.name`));
      names.add(name);
    }
    const hasName = resourceClaimName !== undefined;
    const hasTemplate = resourceClaimTemplateName !== undefined;
    if (hasName === hasTemplate) {
      const text = hasName
        ? 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'
        : 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`';
      errors.push(invalid(path, { ...claim } as never, text));
    }
    if (hasName) {
      errors.push(...validateNameWith(nameIsDNSSubdomain, resourceClaimName, `${path}.resourceClaimName`));
    }
    if (hasTemplate) {
      const at = `${path}.resourceClaimTemplateName`;
      errors.push(...validateNameWith(nameIsDNSSubdomain, resourceClaimTemplateName, at));
    }
  });
  return errors;
}

/** Models validatePodDNSConfig. */
function validateDNSConfig(
  config: PodDNSConfig | undefined,
  policy: string | undefined,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (policy === 'None') {
    if (!config) return [required(field, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if ((config.nameservers ?? []).length === 0) {
      return [
        required(`${field}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'),
      ];
    }
  }
  if (!config) return errors;
  const { nameservers = [], searches = [], options = [] } = config;
  if (nameservers.length > MAX_NAMESERVERS) {
    errors.push(
      invalid(`${field}.nameservers`, nameservers, `must not have more than ${MAX_NAMESERVERS} nameservers`),
    );
  }
  nameservers.forEach((address, index) => {
    if (!isIP(address)) {
      errors.push(invalid(`${field}.nameservers[${index}]`, address, 'must be valid IP address'));
    }
  });
  if (searches.length > MAX_SEARCH_PATHS) {
    errors.push(
      invalid(`${field}.searches`, searches, `must not have more than ${MAX_SEARCH_PATHS} search paths`),
    );
  }
  if (searches.join(' ').length > MAX_SEARCH_CHARS) {
    errors.push(
      invalid(
        `${field}.searches`,
        searches,
        `must not have more than ${MAX_SEARCH_CHARS} characters (including spaces) in the search list`,
      ),
    );
  }
  searches.forEach((search, index) => {
    const name = search.replace(/\.$/, '');
    for (const text of isDNS1123Subdomain(name))
      errors.push(invalid(`${field}.searches[${index}]`, name, text));
  });
  options.forEach((option, index) => {
    if (!option.name) errors.push(required(`${field}.options[${index}]`, 'must not be empty'));
  });
  return errors;
}

function validateConditionTypes(spec: PodSpec, field: string): FieldError[] {
  return (spec.readinessGates ?? []).flatMap(({ conditionType = '' }, index) =>
    isQualifiedName(conditionType).map((text) =>
      invalid(`${field}[${index}].conditionType`, conditionType, text),
    ),
  );
}

function validateSchedulingGates(spec: PodSpec, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  (spec.schedulingGates ?? []).forEach(({ name = '' }, index) => {
    for (const text of isQualifiedName(name)) errors.push(invalid(`${field}[${index}]`, name, text));
    if (seen.has(name)) errors.push(duplicate(`${field}[${index}]`, name));
    seen.add(name);
  });
  return errors;
}

/** A workload's template on its own. Models ValidatePodTemplateSpec. */
export function validatePodTemplateSpec(template: PodTemplateSpec, field: string): FieldError[] {
  const spec = template.spec ?? ({} as PodSpec);
  const errors = [
    ...validateLabels(template.metadata?.labels, `${field}.labels`),
    ...validateAnnotations(template.metadata?.annotations, `${field}.annotations`),
    ...validatePodAnnotations(template.metadata?.annotations, spec, `${field}.annotations`),
    ...validatePodSpec(spec, `${field}.spec`),
    ...validateSeccompAnnotationsAndFields(template.metadata?.annotations, spec, `${field}.spec`),
  ];
  if ((spec.ephemeralContainers ?? []).length > 0) {
    errors.push(
      forbidden(`${field}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'),
    );
  }
  return errors;
}
