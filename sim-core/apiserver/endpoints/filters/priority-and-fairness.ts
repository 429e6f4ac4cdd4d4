import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ObjectReader } from '../../registry/rest/object-store.ts';
import type { Handler, ServerRequest } from '../request.ts';

const FLOW_SCHEMAS = { group: 'flowcontrol.apiserver.k8s.io', resource: 'flowschemas' };

interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly user?: { readonly name: string };
  readonly group?: { readonly name: string };
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
}
interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly clusterScope?: boolean;
  readonly namespaces?: readonly string[];
}
interface NonResourceRule {
  readonly verbs: readonly string[];
  readonly nonResourceURLs: readonly string[];
}
interface FlowRule {
  readonly subjects: readonly Subject[];
  readonly resourceRules?: readonly ResourceRule[];
  readonly nonResourceRules?: readonly NonResourceRule[];
}

/**
 * Puts each request into the flow schema that comes first and matches, and records it.
 * Requests are not queued: the simulated server is never overloaded.
 *
 * Models server/filters/priority-and-fairness.go and util/flowcontrol/rule.go.
 */
export function withPriorityAndFairness(handler: Handler, reader: ObjectReader): Handler {
  return async (request) => {
    const schemas = await reader.list(FLOW_SCHEMAS);
    const match = [...schemas]
      .sort(byPrecedence)
      .find((schema) => rulesOf(schema).some((rule) => matchesRule(rule, request)));
    if (match === undefined) return handler(request);
    const priorityLevel = (match['spec'] as { priorityLevelConfiguration: { name: string } })
      .priorityLevelConfiguration.name;
    request.trace({ type: 'flow-control', flowSchema: match.metadata.name!, priorityLevel });
    const response = await handler(request);
    return {
      ...response,
      headers: { ...response.headers, 'x-kubernetes-pf-flowschema-uid': match.metadata.uid },
    };
  };
}

function byPrecedence(a: KubeObject, b: KubeObject): number {
  const precedence = ({ spec }: KubeObject) =>
    (spec as { matchingPrecedence?: number } | undefined)?.matchingPrecedence ?? 0;
  return precedence(a) - precedence(b) || (a.metadata.name! < b.metadata.name! ? -1 : 1);
}

function rulesOf({ spec }: KubeObject): readonly FlowRule[] {
  return (spec as { rules?: readonly FlowRule[] } | undefined)?.rules ?? [];
}

function matchesRule(rule: FlowRule, request: ServerRequest): boolean {
  if (!rule.subjects.some((subject) => matchesSubject(subject, request))) return false;
  const { info } = request;
  if (!info.isResourceRequest) {
    return (rule.nonResourceRules ?? []).some(
      ({ verbs, nonResourceURLs }) =>
        has(verbs, info.verb) && nonResourceURLs.some((pattern) => matchesPath(pattern, info.path)),
    );
  }
  const resource = info.subresource === '' ? info.resource : `${info.resource}/${info.subresource}`;
  return (rule.resourceRules ?? []).some(
    ({ verbs, apiGroups, resources, clusterScope, namespaces }) =>
      has(verbs, info.verb) &&
      has(apiGroups, info.group) &&
      has(resources, resource) &&
      (info.namespace === '' ? clusterScope === true : has(namespaces ?? [], info.namespace)),
  );
}

function matchesSubject(subject: Subject, { user }: ServerRequest): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.user?.name === '*' || subject.user?.name === user.name;
    case 'Group':
      return subject.group?.name === '*' || user.groups.includes(subject.group?.name ?? '');
    case 'ServiceAccount': {
      const { namespace, name } = subject.serviceAccount!;
      const prefix = `system:serviceaccount:${namespace}:`;
      return name === '*' ? user.name.startsWith(prefix) : user.name === prefix + name;
    }
  }
}

const has = (values: readonly string[], value: string) => values.includes('*') || values.includes(value);

function matchesPath(pattern: string, path: string): boolean {
  return (
    pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)))
  );
}
