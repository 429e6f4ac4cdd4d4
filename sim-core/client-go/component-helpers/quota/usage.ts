import { classOf } from '../storage/class.ts';
import type { PodSpec, ServiceSpec } from 'kubernetes-types/core/v1';
import type { GroupResource, KubeObject } from '../../../apimachinery/object.ts';
import { groupResourceText } from '../../../apimachinery/object.ts';
import { Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { computePodQOS } from '../core/qos.ts';
import { podTotal } from '../core/pod-total.ts';

/** Amounts by the names of a quota: "pods", "requests.cpu", "count/deployments.apps". */
export type Usage = ReadonlyMap<string, Quantity>;

const ONE = () => Quantity.of(1);
/** Core kinds that a quota may name without "count/". */
const COUNTED = new Set([
  'configmaps',
  'secrets',
  'services',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
]);

/** What one object costs. Models pkg/quota/v1/evaluator. */
export function usageOf(resource: GroupResource, object: KubeObject): Usage {
  const usage = new Map<string, Quantity>([[`count/${groupResourceText(resource)}`, ONE()]]);
  if (resource.group !== '') return usage;
  if (COUNTED.has(resource.resource)) usage.set(resource.resource, ONE());
  switch (resource.resource) {
    case 'pods':
      addPod(usage, object);
      break;
    case 'services':
      addService(usage, object.spec as ServiceSpec);
      break;
    case 'persistentvolumeclaims':
      addClaim(usage, object);
      break;
  }
  return usage;
}

/** Models PodUsageFunc: a pod that is over costs its place in etcd only. */
function addPod(usage: Map<string, Quantity>, pod: KubeObject): void {
  if (['Succeeded', 'Failed'].includes(pod.status?.phase)) return;
  const spec = pod.spec as PodSpec;
  usage.set('pods', ONE());
  for (const [name, text] of Object.entries(podTotal(spec, 'requests'))) {
    const quantity = Quantity.parse(text);
    usage.set(`requests.${name}`, quantity);
    usage.set(name, quantity);
  }
  for (const [name, text] of Object.entries(podTotal(spec, 'limits'))) {
    usage.set(`limits.${name}`, Quantity.parse(text));
  }
}

function addService(usage: Map<string, Quantity>, spec: ServiceSpec): void {
  const ports = (spec.ports ?? []).length;
  const balanced = spec.type === 'LoadBalancer';
  const nodePorts = spec.type === 'NodePort' || (balanced && spec.allocateLoadBalancerNodePorts !== false);
  usage.set('services.nodeports', Quantity.of(nodePorts ? ports : 0));
  usage.set('services.loadbalancers', Quantity.of(balanced ? 1 : 0));
}

/** A claim counts for all, and for its class. Models pvcEvaluator.Usage. */
function addClaim(usage: Map<string, Quantity>, { metadata, spec }: KubeObject): void {
  const storageClass = classOf({ metadata, spec });
  const suffix = `${storageClass}.storageclass.storage.k8s.io/`;
  if (storageClass !== '') usage.set(`${suffix}persistentvolumeclaims`, ONE());
  const storage: string | undefined = spec?.resources?.requests?.storage;
  if (storage === undefined) return;
  usage.set('requests.storage', Quantity.parse(storage));
  if (storageClass !== '') usage.set(`${suffix}requests.storage`, Quantity.parse(storage));
}

/** True if the quota is about such objects. Models podMatchesScopeFunc. */
export function matchesScopes(quota: KubeObject, resource: GroupResource, object: KubeObject): boolean {
  const scopes: string[] = [
    ...(quota.spec?.scopes ?? []),
    ...(quota.spec?.scopeSelector?.matchExpressions ?? []).map(
      ({ scopeName }: { scopeName: string }) => scopeName,
    ),
  ];
  if (scopes.length === 0) return true;
  if (resource.group !== '' || resource.resource !== 'pods') return false;
  const spec = object.spec as PodSpec;
  const terminating = spec.activeDeadlineSeconds !== undefined;
  const bestEffort = computePodQOS(spec) === 'BestEffort';
  return scopes.every((scope) => {
    switch (scope) {
      case 'Terminating':
        return terminating;
      case 'NotTerminating':
        return !terminating;
      case 'BestEffort':
        return bestEffort;
      case 'NotBestEffort':
        return !bestEffort;
      case 'CrossNamespacePodAffinity':
        return usesCrossNamespaceAffinity(spec);
      case 'PriorityClass':
        return matchesPriorityClass(quota, spec.priorityClassName ?? '');
      default:
        return false;
    }
  });
}

/** Models usesCrossNamespacePodAffinity. */
function usesCrossNamespaceAffinity({ affinity }: PodSpec): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((rules) =>
    [
      ...(rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
        ({ podAffinityTerm }) => podAffinityTerm,
      ),
    ].some((term) => (term.namespaces ?? []).length > 0 || term.namespaceSelector !== undefined),
  );
}

function matchesPriorityClass(quota: KubeObject, name: string): boolean {
  const expressions = (quota.spec?.scopeSelector?.matchExpressions ?? []) as {
    scopeName: string;
    operator: string;
    values?: string[];
  }[];
  return expressions
    .filter(({ scopeName }) => scopeName === 'PriorityClass')
    .every(({ operator, values = [] }) => {
      switch (operator) {
        case 'In':
          return values.includes(name);
        case 'NotIn':
          return !values.includes(name);
        case 'Exists':
          return name !== '';
        default:
          return name === '';
      }
    });
}

const COMPUTE = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/**
 * A pod must say how much it takes of what a quota limits: 'must specify requests.cpu for: a,b', or "".
 * Models podEvaluator.Constraints.
 */
export function missingRequirements(limited: readonly string[], spec: PodSpec): string {
  const missing = limited
    .filter((name) => COMPUTE.includes(name))
    .sort()
    .flatMap((name) => {
      const list = name.startsWith('limits.') ? 'limits' : 'requests';
      const key = name.replace(/^(requests|limits)\./, '');
      const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])]
        .filter(
          ({ resources }) => (resources?.[list] as Record<string, string> | undefined)?.[key] === undefined,
        )
        .map((container) => container.name)
        .sort();
      return containers.length === 0 ? [] : [`${name} for: ${containers.join(',')}`];
    });
  return missing.length === 0 ? '' : `must specify ${missing.join('; ')}`;
}
