import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import type { Creator } from './create.ts';
import { MAPPINGS } from './mappings.ts';

interface PolicyRule {
  apiGroups?: string[];
  nonResourceURLs?: string[];
  resourceNames?: string[];
  resources?: string[];
  verbs: string[];
}

const ROLE_FLAGS = [
  { name: 'resource', type: 'stringSlice' },
  { name: 'resource-name', type: 'stringArray' },
  { name: 'verb', type: 'stringSlice' },
] as const;

export const role: Creator = {
  name: 'role',
  use: 'NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none] [options]',
  short: 'Create a role with single rule',
  mapping: MAPPINGS.role,
  flags: ROLE_FLAGS,
  async build(name, { flags }, invocation) {
    if (verbsOf(flags).length === 0) throw new Error('at least one verb must be specified');
    if (flags.list('resource').length === 0) throw new Error('at least one resource must be specified');
    return {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name },
      rules: await resourceRules(flags, invocation),
    };
  },
};

export const clusterRole: Creator = {
  name: 'clusterrole',
  use: 'NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none] [options]',
  short: 'Create a cluster role',
  mapping: MAPPINGS.clusterRole,
  flags: [
    ...ROLE_FLAGS,
    { name: 'aggregation-rule', type: 'map' },
    { name: 'non-resource-url', type: 'stringSlice' },
  ],
  async build(name, { flags }, invocation) {
    const aggregation = flags.list('aggregation-rule');
    const paths = flags.list('non-resource-url');
    const object = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name } };
    const verbs = verbsOf(flags);
    if (aggregation.length > 0) {
      if (
        paths.length + verbs.length + flags.list('resource').length + flags.list('resource-name').length >
        0
      ) {
        throw new Error(
          'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
        );
      }
      const labels = Object.fromEntries(aggregation.map((pair) => pair.split('=') as [string, string]));
      return { ...object, aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] }, rules: null };
    }
    if (verbs.length === 0) throw new Error('at least one verb must be specified');
    if (flags.list('resource').length === 0 && paths.length === 0) {
      throw new Error('one of resource or nonResourceURL must be specified');
    }
    for (const path of paths) {
      if (path !== '*' && !path.startsWith('/')) throw new Error('nonResourceURL should start with /');
      if (/\*./.test(path))
        throw new Error("nonResourceURL only supports wildcard matches when '*' is at the end");
    }
    const rules = await resourceRules(flags, invocation);
    if (paths.length > 0) rules.push({ nonResourceURLs: [...paths], verbs });
    return { ...object, rules };
  },
};

function verbsOf(flags: FlagSet): string[] {
  const verbs = [...new Set(flags.list('verb').map((verb) => verb.trim()))];
  return verbs.includes('*') ? ['*'] : verbs;
}

/** One rule for each API group. Models pkg/cmd/create generateResourcePolicyRules. */
async function resourceRules(flags: FlagSet, { factory }: Invocation): Promise<PolicyRule[]> {
  const groups = new Map<string, string[]>();
  for (const text of flags.list('resource')) {
    const [name = '', subresource] = text.split('/');
    if (name === '') throw new Error('resource must be specified if apiGroup/subresource specified');
    if (name === '*') {
      groups.set('*', ['*']);
      continue;
    }
    const mapping = await factory.lookup((mapper) => mapper.mappingFor(name));
    const resource = subresource === undefined ? mapping.resource : `${mapping.resource}/${subresource}`;
    const resources = groups.get(mapping.group) ?? [];
    if (!resources.includes(resource)) groups.set(mapping.group, [...resources, resource]);
  }
  const names = flags.list('resource-name').filter((name) => name !== '');
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => ({
      apiGroups: [group],
      ...(names.length > 0 && { resourceNames: [...names] }),
      resources,
      verbs: verbsOf(flags),
    }));
}
