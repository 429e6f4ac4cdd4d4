const KUBELET_LABELS = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'node.kubernetes.io/windows-build',
]);
const KUBELET_NAMESPACES = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const RESTRICTED_NAMESPACE = 'node-restriction.kubernetes.io';

const isIn = (namespace: string, domain: string) => namespace === domain || namespace.endsWith(`.${domain}`);
const namespaceOf = (label: string) => {
  const slash = label.indexOf('/');
  return slash < 0 ? '' : label.slice(0, slash);
};

type Labels = Readonly<Record<string, string>> | undefined;

/** Labels that were added, changed or removed. Models getModifiedLabels. */
export function modifiedLabels(labels: Labels, old: Labels): string[] {
  const keys = new Set([...Object.keys(labels ?? {}), ...Object.keys(old ?? {})]);
  return [...keys].filter((key) => labels?.[key] !== old?.[key]);
}

/**
 * Labels among these that a node may not give itself, in order.
 * Models plugin/pkg/admission/noderestriction/admission.go getForbiddenLabels.
 */
export function forbiddenLabels(labels: readonly string[]): string[] {
  return labels.filter(isForbidden).sort();
}

function isForbidden(label: string): boolean {
  const namespace = namespaceOf(label);
  if (isIn(namespace, RESTRICTED_NAMESPACE)) return true;
  const ofKubernetes = isIn(namespace, 'kubernetes.io') || isIn(namespace, 'k8s.io');
  const ofKubelet = KUBELET_LABELS.has(label) || KUBELET_NAMESPACES.some((domain) => isIn(namespace, domain));
  return ofKubernetes && !ofKubelet;
}
