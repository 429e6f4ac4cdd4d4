import type { PolicyRule } from '../authorizer.ts';

const words = (list: string) => list.split(',').sort();

/** Groups as policies abbreviate them; "core" is the core group. */
const GROUPS: Readonly<Record<string, string>> = {
  core: '',
  admissionregistration: 'admissionregistration.k8s.io',
  authentication: 'authentication.k8s.io',
  authorization: 'authorization.k8s.io',
  certificates: 'certificates.k8s.io',
  coordination: 'coordination.k8s.io',
  discovery: 'discovery.k8s.io',
  events: 'events.k8s.io',
  internal: 'internal.apiserver.k8s.io',
  metrics: 'metrics.k8s.io',
  'custom-metrics': 'custom.metrics.k8s.io',
  'external-metrics': 'external.metrics.k8s.io',
  networking: 'networking.k8s.io',
  node: 'node.k8s.io',
  rbac: 'rbac.authorization.k8s.io',
  storage: 'storage.k8s.io',
};

export const READ = 'get,list,watch';
export const WRITE = 'create,delete,deletecollection,patch,update';
export const READ_WRITE = `${READ},${WRITE}`;

/**
 * One rule from words that commas separate; all lists in order, as upstream keeps them:
 * `rule('get,list', 'core,apps', 'pods,deployments')`.
 * Models pkg/apis/rbac/v1/helpers.go PolicyRuleBuilder.
 */
export function rule(verbs: string, groups: string, resources: string, names?: string): PolicyRule {
  return {
    verbs: words(verbs),
    apiGroups: groups
      .split(',')
      .map((group) => GROUPS[group] ?? group)
      .sort(),
    resources: words(resources),
    ...(names !== undefined && { resourceNames: words(names) }),
  };
}

/** A rule for paths that are no resources. */
export function urlRule(verbs: string, urls: string): PolicyRule {
  return { verbs: words(verbs), nonResourceURLs: words(urls) };
}

/** Whoever does something wants to tell. */
export const EVENTS_RULE = rule('create,update,patch', 'core,events', 'events');
