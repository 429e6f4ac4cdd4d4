import type { RoleRef } from 'kubernetes-types/rbac/v1';
import type { GroupResource, KubeObject } from '../../../apimachinery/object.ts';
import { forbiddenError, StatusError, notFoundError } from '../../../apimachinery/status.ts';
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

/**
 * Rejects with 403 a role that grants more than its writer has, unless the writer may escalate.
 * Models pkg/registry/rbac/{role,clusterrole}/policybased/storage.go.
 */
export async function checkRole(
  resource: GroupResource,
  role: KubeObject,
  context: EndpointContext,
): Promise<void> {
  if (mayEverything(context)) return;
  const name = role.metadata.name ?? '';
  if (await isAllowed(context, 'escalate', resource.resource, name)) return;
  await confirmNoEscalation(resource, name, (role.rules ?? []) as PolicyRule[], context);
  if (role.aggregationRule) await confirmNoEscalation(resource, name, FULL_AUTHORITY, context);
}

/**
 * Rejects with 403 a binding to a role that grants more than its writer has, unless the writer may bind it.
 * Models pkg/registry/rbac/{rolebinding,clusterrolebinding}/policybased/storage.go.
 */
export async function checkBinding(
  resource: GroupResource,
  binding: KubeObject,
  context: EndpointContext,
): Promise<void> {
  if (mayEverything(context)) return;
  const roleRef = binding.roleRef as RoleRef;
  const roles = roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  if (await isAllowed(context, 'bind', roles, roleRef.name)) return;
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
  { user, namespace, services }: EndpointContext,
): Promise<void> {
  const { rules: owned, errors } = await new RbacRuleResolver(services.reader).resolve(user, namespace);
  const missing = compactRules(uncoveredRules(owned, rules));
  if (missing.length === 0) return;
  const lines = [...new Set(missing.map(compactString))].sort();
  let text =
    `user ${JSON.stringify(user.name)} (groups=${goStringList(user.groups)}) is attempting to grant ` +
    `RBAC permissions not currently held:\n${lines.join('\n')}`;
  if (errors.length > 0) {
    text += `; resolution errors: [${errors.map((error) => error.message).join(', ')}]`;
  }
  throw forbiddenError(resource, name, text);
}
