import type { FlagSet } from '../../cobra/flags.ts';
import { groupResourceText } from '../../../apimachinery/object.ts';
import type { Factory } from '../../factory.ts';
import type { Invocation } from '../../invocation.ts';
import type { RestMapping } from '../../resource/rest-mapper.ts';
import { NoResourceMatchError } from '../../util/errors.ts';
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
    await checkResources(resourceOptions(flags), verbsOf(flags), invocation);
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
    { name: 'aggregation-rule', type: 'mapStringString' },
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
    if (flags.list('resource').length > 0) await checkResources(resourceOptions(flags), verbs, invocation);
    const wrong = paths.length === 0 ? undefined : verbs.find((verb) => !PATH_VERBS.includes(verb));
    if (wrong !== undefined) throw new Error(`invalid verb: '${wrong}' for nonResourceURL`);
    for (const path of paths) {
      if (path !== '*' && !path.startsWith('/')) throw new Error('nonResourceURL should start with /');
      if (/\*./.test(path))
        throw new Error("nonResourceURL only supports wildcard matches when '*' is at the end");
    }
    const rules = await resourceRules(flags, invocation);
    if (paths.length > 0) rules.push({ verbs, nonResourceURLs: [...paths] });
    return { ...object, rules };
  },
};

function verbsOf(flags: FlagSet): string[] {
  const verbs = [...new Set(flags.list('verb').map((verb) => verb.trim()))];
  return verbs.includes('*') ? ['*'] : verbs;
}

/** What --resource says: "deployments.apps/scale". */
interface ResourceOption {
  readonly resource: string;
  readonly group: string;
  readonly subresource: string;
}

function resourceOptions(flags: FlagSet): ResourceOption[] {
  const options: ResourceOption[] = [];
  for (const text of flags.list('resource')) {
    const [name = '', ...subresource] = text.split('/');
    const [resource = '', ...group] = name.split('.');
    const option = { resource, group: group.join('.'), subresource: subresource.join('/') };
    if (text === '*') return [option];
    options.push(option);
  }
  return options;
}

const PATH_VERBS = ['*', 'get', 'post', 'put', 'delete', 'patch', 'head', 'options'];
const VERBS = [
  ...['*', 'get', 'delete', 'list', 'create', 'update', 'patch', 'watch', 'proxy', 'deletecollection'],
  ...['use', 'bind', 'escalate', 'impersonate'],
];
const ROLES = ['roles.rbac.authorization.k8s.io', 'clusterroles.rbac.authorization.k8s.io'];
/** Verbs that make sense for these resources alone, which need not be served. */
const SPECIAL_VERBS: Readonly<Record<string, readonly string[]>> = {
  use: ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'],
  bind: ROLES,
  escalate: ROLES,
  impersonate: ['users', 'serviceaccounts', 'groups', 'userextras.authentication.k8s.io'],
};

/** Models CreateRoleOptions.validateResource. */
async function checkResources(
  options: readonly ResourceOption[],
  verbs: readonly string[],
  { factory, io }: Invocation,
): Promise<void> {
  for (const verb of verbs)
    if (!VERBS.includes(verb)) io.stderr(`Warning: '${verb}' is not a standard resource verb\n`);
  for (const option of options) {
    if (option.resource === '')
      throw new Error('resource must be specified if apiGroup/subresource specified');
    if (option.resource === '*') return;
    const found = await resourceFor(factory, option);
    const { resource, group } = found ?? option;
    let known = found !== undefined;
    for (const verb of verbs) {
      const special = SPECIAL_VERBS[verb];
      if (special === undefined) continue;
      if (!special.includes(groupResourceText({ group, resource })))
        throw new Error(`can not perform '${verb}' on '${resource}' in group '${group}'`);
      known = true;
    }
    if (!known) throw new NoResourceMatchError(resource, group);
  }
}

async function resourceFor(
  factory: Factory,
  { resource, group }: ResourceOption,
): Promise<RestMapping | undefined> {
  try {
    return await factory.lookup((mapper) => mapper.resourceFor(resource, group));
  } catch (error) {
    if (error instanceof NoResourceMatchError) return undefined;
    throw error;
  }
}

/** One rule for each API group. Models pkg/cmd/create generateResourcePolicyRules. */
async function resourceRules(flags: FlagSet, { factory }: Invocation): Promise<PolicyRule[]> {
  const groups = new Map<string, string[]>();
  for (const option of resourceOptions(flags)) {
    const { resource, group } = (await resourceFor(factory, option)) ?? option;
    const name = option.subresource === '' ? resource : `${resource}/${option.subresource}`;
    const resources = groups.get(group) ?? [];
    if (!resources.includes(name)) groups.set(group, [...resources, name]);
  }
  const names = flags.list('resource-name').filter((name) => name !== '');
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => ({
      verbs: verbsOf(flags),
      apiGroups: [group],
      resources,
      ...(names.length > 0 && { resourceNames: [...names] }),
    }));
}
