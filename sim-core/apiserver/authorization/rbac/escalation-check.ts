import type { RoleRef } from 'kubernetes-types/rbac/v1';
import { decodedEqual } from '../../../apimachinery/copy.ts';
import type { GroupResource, KubeObject } from '../../../apimachinery/object.ts';
import { badRequestError, forbiddenError, StatusError, notFoundError } from '../../../apimachinery/status.ts';
import { SYSTEM_PRIVILEGED_GROUP } from '../../authentication/user.ts';
import type { EndpointContext } from '../../registry/rest/subresource.ts';
import type { PolicyRule } from '../authorizer.ts';
import { RbacRuleResolver } from './rule-resolver.ts';
import { compactRules, compactString, goStringList, uncoveredRules } from './rules.ts';

const GROUP = 'rbac.authorization.k8s.io';
const FULL_AUTHORITY: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** Models pkg/registry/rbac/escalation_check.go EscalationAllowed. */
const mayEverything = (context: EndpointContext) => context.user.groups.includes(SYSTEM_PRIVILEGED_GROUP);

async function isAllowed(
  context: EndpointContext,
  verb: 'bind' | 'escalate',
  resource: string,
  name: string,
): Promise<boolean> {
  const { decision } = await context.services.authorizer.authorize({
    user: context.user,
    verb,
    resourceRequest: true,
    group: GROUP,
    version: '*',
    resource,
    subresource: '',
    namespace: context.namespace,
    name,
    path: '',
  });
  return decision === 'allow';
}

/** True if nothing changes but what the garbage collector does. Models pkg/registry/rbac/helpers.go. */
function isOnlyCollected(object: KubeObject, old: KubeObject): boolean {
  const withoutCollected = ({ metadata, ...rest }: KubeObject) => {
    const {
      ownerReferences: _owners,
      finalizers: _finalizers,
      managedFields: _managed,
      ...others
    } = metadata;
    return { ...rest, metadata: others };
  };
  return decodedEqual(withoutCollected(object), withoutCollected(old));
}

const hasAggregation = (role: KubeObject | undefined): boolean =>
  (role?.['aggregationRule']?.clusterRoleSelectors ?? []).length > 0;

/**
 * Rejects with 403 a role that grants more than its writer has, unless the writer may escalate; `old` is what it was.
 * Models pkg/registry/rbac/{role,clusterrole}/policybased/storage.go.
 */
export async function checkRole(
  resource: GroupResource,
  role: KubeObject,
  old: KubeObject | undefined,
  context: EndpointContext,
): Promise<void> {
  if (mayEverything(context) || (old !== undefined && isOnlyCollected(role, old))) return;
  const name = role.metadata.name ?? '';
  if (await isAllowed(context, 'escalate', resource.resource, name)) return;
  await confirmNoEscalation(resource, name, (role.rules ?? []) as PolicyRule[], context);
  if (!hasAggregation(role) && !hasAggregation(old)) return;
  if ((await missingRules(FULL_AUTHORITY, context)).missing.length > 0) {
    throw forbiddenError(resource, name, 'must have cluster-admin privileges to use the aggregationRule');
  }
}

/**
 * Rejects with 403 a binding to a role that grants more than its writer has, unless the writer may bind it; `old` is
 * what it was. Models pkg/registry/rbac/{rolebinding,clusterrolebinding}/policybased/storage.go.
 */
export async function checkBinding(
  resource: GroupResource,
  binding: KubeObject,
  old: KubeObject | undefined,
  context: EndpointContext,
): Promise<void> {
  if (mayEverything(context) || (old !== undefined && isOnlyCollected(binding, old))) return;
  const roleRef = binding.roleRef as RoleRef;
  const roles = roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  if (await isAllowed(context, 'bind', roles, roleRef.name)) return;
  // Where a role would be looked for there is no namespace.
  if (roles === 'roles' && context.namespace === '') throw badRequestError('Namespace parameter required.');
  const rules = await new RbacRuleResolver(context.services.reader).roleRules(roleRef, context.namespace);
  if (rules instanceof StatusError)
    throw notFoundError({ group: resource.group, resource: roles }, roleRef.name);
  await confirmNoEscalation(resource, binding.metadata.name ?? '', rules, context);
}

/** Models pkg/registry/rbac/validation/rule.go ConfirmNoEscalation. */
async function confirmNoEscalation(
  resource: GroupResource,
  name: string,
  rules: readonly PolicyRule[],
  context: EndpointContext,
): Promise<void> {
  const { missing, errors } = await missingRules(rules, context);
  if (missing.length === 0) return;
  const { user } = context;
  const lines = [...new Set(missing.map(compactString))].sort();
  let text =
    `user ${JSON.stringify(user.name)} (groups=${goStringList(user.groups)}) is attempting to grant ` +
    `RBAC permissions not currently held:\n${lines.join('\n')}`;
  if (errors.length > 0) {
    text += `; resolution errors: [${errors.map((error) => error.message).join(', ')}]`;
  }
  throw forbiddenError(resource, name, text);
}

/** What of the rules the user of the request does not have, and why that may be too much. */
async function missingRules(rules: readonly PolicyRule[], { user, namespace, services }: EndpointContext) {
  const { rules: owned, errors } = await new RbacRuleResolver(services.reader).resolve(user, namespace);
  return { missing: compactRules(uncoveredRules(owned, rules)), errors };
}
