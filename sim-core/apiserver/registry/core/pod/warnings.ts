import type {
  Container,
  ContainerPort,
  NodeSelectorTerm,
  PersistentVolumeClaimSpec,
  PodAffinityTerm,
  PodSpec,
  PodTemplateSpec,
} from 'kubernetes-types/core/v1';
import { goQuote } from '../../../../apimachinery/go-format.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import { isDNS1123Label } from '../../../../apimachinery/validation/names.ts';

type Annotations = Readonly<Record<string, string>>;
type Quantities = Readonly<Record<string, string>>;

const NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region':
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone':
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type':
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};
const ANNOTATIONS: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod':
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};
/** Kinds of volumes that are no more, with the name under which upstream mentions them. */
const VOLUMES: readonly (readonly [field: string, text: string, shown?: string])[] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];
const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const SECCOMP_TEXT = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const NULL_SELECTOR = 'a null labelSelector results in matching no pod';

/** What is said of a label of nodes that has a newer name; undefined for any other. */
export const nodeLabelWarning = (key: string): string | undefined =>
  Object.hasOwn(NODE_LABELS, key) ? NODE_LABELS[key] : undefined;

/** A name that is no DNS label, where pods are named after it. `of` is whose hostname it becomes. */
export function nameWarnings(name: string | undefined, of = 'Pod names and hostnames'): string[] {
  const complaints = isDNS1123Label(name ?? '');
  return complaints.length === 0
    ? []
    : [
        `metadata.name: this is used in ${of}, which can result in surprising behavior; a DNS label is recommended: [${complaints.join(' ')}]`,
      ];
}

const isFractional = (text: string | undefined) =>
  text !== undefined && Quantity.parse(text).milliValue() % 1000 !== 0;

function fractional(list: Quantities | undefined, names: readonly string[], field: string): string[] {
  return names
    .filter((name) => isFractional(list?.[name]))
    .map(
      (name) =>
        `${field}[${name}]: fractional byte value ${goQuote(list![name]!)} is invalid, must be an integer`,
    );
}

/** Models pkg/api/persistentvolumeclaim GetWarningsForPersistentVolumeClaimSpec. */
export function claimSpecWarnings({ resources }: PersistentVolumeClaimSpec, field: string): string[] {
  return [
    ...fractional(resources?.requests as Quantities, ['storage'], `${field}.resources.requests`),
    ...fractional(resources?.limits as Quantities, ['storage'], `${field}.resources.limits`),
  ];
}

/** Volumes of kinds that went. */
export function volumeWarnings(source: object, field: string): string[] {
  const fields = source as Readonly<Record<string, unknown>>;
  return VOLUMES.filter(([name]) => fields[name] != null).map(
    ([name, text, shown = name]) => `${field}.${shown}: ${text}`,
  );
}

/** Models pkg/api/node GetWarningsForNodeSelectorTerm. */
export function nodeSelectorTermWarnings(term: NodeSelectorTerm | undefined, field: string): string[] {
  return (term?.matchExpressions ?? []).flatMap(({ key }, index) => {
    const text = nodeLabelWarning(key);
    return text === undefined ? [] : [`${field}.matchExpressions[${index}].key: ${key} is ${text}`];
  });
}

function schedulingWarnings(spec: PodSpec, field: string): string[] {
  const affinity = `${field}.affinity`;
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const node = spec.affinity?.nodeAffinity;
  return [
    ...Object.keys(spec.nodeSelector ?? {}).flatMap((key) => {
      const text = nodeLabelWarning(key);
      return text === undefined ? [] : [`${field}.nodeSelector[${key}]: ${text}`];
    }),
    ...(node?.[required]?.nodeSelectorTerms ?? []).flatMap((term, index) =>
      nodeSelectorTermWarnings(term, `${affinity}.nodeAffinity.${required}.nodeSelectorTerms[${index}]`),
    ),
    ...(node?.[preferred] ?? []).flatMap(({ preference }, index) =>
      nodeSelectorTermWarnings(preference, `${affinity}.nodeAffinity.${preferred}[${index}].preference`),
    ),
    ...(spec.topologySpreadConstraints ?? []).flatMap(({ topologyKey, labelSelector }, index) => {
      const path = `${field}.topologySpreadConstraints[${index}]`;
      const text = nodeLabelWarning(topologyKey);
      return [
        ...(text === undefined ? [] : [`${path}.topologyKey: ${topologyKey} is ${text}`]),
        ...(labelSelector === undefined ? [`${path}.labelSelector: ${NULL_SELECTOR}`] : []),
      ];
    }),
  ];
}

function affinityWarnings({ affinity }: PodSpec, field: string): string[] {
  const unselective = (term: PodAffinityTerm | undefined, path: string) =>
    term?.labelSelector === undefined ? [`${path}.labelSelector: ${NULL_SELECTOR}`] : [];
  return (['podAffinity', 'podAntiAffinity'] as const).flatMap((key) => {
    const path = `${field}.affinity.${key}`;
    const rules = affinity?.[key];
    return [
      ...(rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((term, index) =>
        unselective(term, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`),
      ),
      ...(rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((term, index) =>
        unselective(
          term.podAffinityTerm,
          `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm`,
        ),
      ),
    ];
  });
}

/** A variable that replaces an earlier one without using it. */
function hiddenVariables({ env = [] }: Pick<Container, 'env'>, field: string): string[] {
  const seen = new Set<string>();
  return env.flatMap(({ name, value = '', valueFrom }, index) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const reference = `$(${name})`;
    const bad = valueFrom !== undefined || value === reference || !value.includes(reference);
    return bad ? [`${field}.env[${index}]: hides previous definition of ${goQuote(name)}`] : [];
  });
}

/** Ports that containers of a pod have in common. */
function portWarnings(containers: readonly (readonly [Container, string])[]): string[] {
  const seen = new Map<string, { readonly path: string; readonly port: ContainerPort }[]>();
  return containers.flatMap(([{ ports = [] }, field]) =>
    ports.flatMap((port, index) => {
      const path = `${field}.ports[${index}]`;
      const key = `${port.containerPort}/${port.protocol}`;
      const others = seen.get(key) ?? [];
      const [host, ip] = [port.hostPort ?? 0, port.hostIP ?? ''];
      const warnings = others.flatMap((other) => {
        const [otherHost, otherIP] = [other.port.hostPort ?? 0, other.port.hostIP ?? ''];
        if (ip === otherIP && host === otherHost) return [`duplicate port definition with ${other.path}`];
        if (host === 0 || otherHost === 0) return [`overlapping port definition with ${other.path}`];
        return host === otherHost && (ip === '') !== (otherIP === '')
          ? [`dangerously ambiguous port definition with ${other.path}`]
          : [];
      });
      seen.set(key, [...others, { path, port }]);
      if (ip !== '' && host === 0) {
        const { name = '', containerPort, protocol = '' } = port;
        warnings.unshift(
          `hostIP set without hostPort: {Name:${name} HostPort:0 ContainerPort:${containerPort} Protocol:${protocol} HostIP:${ip}}`,
        );
      }
      return warnings.map((text) => `${path}: ${text}`);
    }),
  );
}

/** The first of each; `text` is what is said of the others. */
function duplicates<T>(
  items: readonly T[],
  of: (item: T) => string,
  text: (index: number) => string,
): string[] {
  const all = items.map(of);
  return all.flatMap((value, index) =>
    all.indexOf(value) < index ? [`${text(index)} ${goQuote(value)}`] : [],
  );
}

/**
 * What a client should know of a pod's or a template's spec that is valid all the same. `prefix` is "" for a
 * pod and "spec.template." for a template. Models pkg/api/pod/warnings.go warningsForPodSpecAndMeta.
 */
export function podWarnings(spec: PodSpec, annotations: Annotations | undefined, prefix = ''): string[] {
  const field = `${prefix}spec`;
  const noted = (key: string) => `${prefix}metadata.annotations[${key}]`;
  const has = (key: string) => annotations !== undefined && Object.hasOwn(annotations, key);
  const containers: (readonly [Container, string])[] = (
    ['initContainers', 'containers', 'ephemeralContainers'] as const
  ).flatMap((list) =>
    ((spec[list] ?? []) as Container[]).map((item, index) => [item, `${field}.${list}[${index}]`] as const),
  );
  const bytes = ['memory', 'ephemeral-storage'];
  return [
    ...schedulingWarnings(spec, field),
    ...Object.keys(ANNOTATIONS)
      .filter(has)
      .map((key) => `${noted(key)}: ${ANNOTATIONS[key]}`),
    ...(spec.volumes ?? []).flatMap((volume, index) => [
      ...volumeWarnings(volume, `${field}.volumes[${index}]`),
      ...claimSpecWarnings(
        volume.ephemeral?.volumeClaimTemplate?.spec ?? {},
        `${field}.volumes[${index}].ephemeral.volumeClaimTemplate.spec`,
      ),
    ]),
    ...duplicates(
      spec.hostAliases ?? [],
      ({ ip = '' }) => ip,
      (index) => `${field}.hostAliases[${index}].ip: duplicate ip`,
    ),
    ...duplicates(
      spec.imagePullSecrets ?? [],
      ({ name = '' }) => name,
      (index) => `${field}.imagePullSecrets[${index}].name: duplicate name`,
    ),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }, index) =>
      name ? [] : [`${field}.imagePullSecrets[${index}].name: invalid empty name ""`],
    ),
    ...fractional(spec.overhead as Quantities, bytes, `${field}.overhead`),
    ...(has(SECCOMP_POD) && !spec.securityContext?.seccompProfile
      ? [`${noted(SECCOMP_POD)}: ${SECCOMP_TEXT}`]
      : []),
    ...containers.flatMap(([container, path]) => [
      ...(has(SECCOMP_CONTAINER + container.name) && !container.securityContext?.seccompProfile
        ? [`${noted(SECCOMP_CONTAINER + container.name)}: ${SECCOMP_TEXT}`]
        : []),
      ...fractional(container.resources?.limits as Quantities, ['memory'], `${path}.resources.limits`),
      ...fractional(container.resources?.requests as Quantities, ['memory'], `${path}.resources.requests`),
      ...fractional(container.resources?.limits as Quantities, bytes.slice(1), `${path}.resources.limits`),
      ...fractional(
        container.resources?.requests as Quantities,
        bytes.slice(1),
        `${path}.resources.requests`,
      ),
      ...hiddenVariables(container, path),
    ]),
    ...portWarnings(containers),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [
          `${field}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
        ]
      : []),
    ...affinityWarnings(spec, field),
  ];
}

/** The same of a workload's template. */
export const templateWarnings = (template: PodTemplateSpec | undefined, field = 'spec.template'): string[] =>
  template?.spec
    ? podWarnings(template.spec, template.metadata?.annotations as Annotations, `${field}.`)
    : [];

/** Of a workload that is updated: only if what is wanted of it changed. */
export const changedTemplateWarnings = (object: KubeObject, old: KubeObject): string[] =>
  object.metadata.generation === old.metadata.generation ? [] : templateWarnings(object.spec.template);
