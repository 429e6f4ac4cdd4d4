import type { RoleRef, Subject } from 'kubernetes-types/rbac/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { notFoundError, StatusError } from '../../../apimachinery/status.ts';
import type { UserInfo } from '../../authentication/user.ts';
import type { ObjectReader } from '../../registry/rest/object-store.ts';
import type { PolicyRule, RuleResolver } from '../authorizer.ts';
import { appliesToUser, describeSubject } from './subjects.ts';

const GROUP = 'rbac.authorization.k8s.io';
const resource = (name: string) => ({ group: GROUP, resource: name });

/** Sees one rule and where it comes from, or why a binding's rules are not known; false ends the visit. */
export type RuleVisitor = (
  source: string,
  rule: PolicyRule | undefined,
  error: StatusError | undefined,
) => boolean;

/**
 * Finds the rules that bindings give to a user.
 * Models pkg/registry/rbac/validation/rule.go DefaultRuleResolver.
 */
export class RbacRuleResolver implements RuleResolver {
  readonly #reader: ObjectReader;

  constructor(reader: ObjectReader) {
    this.#reader = reader;
  }

  async rulesFor(user: UserInfo, namespace: string): Promise<{ rules: PolicyRule[]; incomplete: boolean }> {
    const { rules, errors } = await this.resolve(user, namespace);
    return { rules, incomplete: errors.length > 0 };
  }

  /** The same with the errors: roles that bindings name and that are not there. */
  async resolve(user: UserInfo, namespace: string): Promise<{ rules: PolicyRule[]; errors: StatusError[] }> {
    const rules: PolicyRule[] = [];
    const errors: StatusError[] = [];
    await this.visitRulesFor(user, namespace, (_source, rule, error) => {
      if (rule !== undefined) rules.push(rule);
      if (error !== undefined) errors.push(error);
      return true;
    });
    return { rules, errors };
  }

  /** Visits the rules of cluster role bindings, then those of the namespace's role bindings. */
  async visitRulesFor(user: UserInfo, namespace: string, visit: RuleVisitor): Promise<void> {
    const clusterWide = await this.#reader.list(resource('clusterrolebindings'));
    if (!(await this.#visitBindings(clusterWide, user, '', visit)) || namespace === '') return;
    const local = await this.#reader.list(resource('rolebindings'), namespace);
    await this.#visitBindings(local, user, namespace, visit);
  }

  async #visitBindings(
    bindings: readonly KubeObject[],
    user: UserInfo,
    namespace: string,
    visit: RuleVisitor,
  ): Promise<boolean> {
    for (const binding of bindings) {
      const subject = ((binding.subjects ?? []) as Subject[]).find((candidate) =>
        appliesToUser(user, candidate, namespace),
      );
      if (subject === undefined) continue;
      if (!(await this.#visitBinding(binding, subject, namespace, visit))) return false;
    }
    return true;
  }

  async #visitBinding(
    binding: KubeObject,
    subject: Subject,
    namespace: string,
    visit: RuleVisitor,
  ): Promise<boolean> {
    const roleRef = binding.roleRef as RoleRef;
    const result = await this.roleRules(roleRef, namespace);
    if (result instanceof StatusError) return visit('', undefined, result);
    const name = binding.metadata.name!;
    const what =
      namespace === ''
        ? `ClusterRoleBinding ${JSON.stringify(name)}`
        : `RoleBinding ${JSON.stringify(`${name}/${namespace}`)}`;
    const source = `${what} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${describeSubject(subject, namespace)}`;
    return result.every((rule) => visit(source, rule, undefined));
  }

  /** A role's rules, or the error that there is no such role. Models GetRoleReferenceRules. */
  async roleRules(roleRef: RoleRef, namespace: string): Promise<readonly PolicyRule[] | StatusError> {
    const clusterWide = roleRef.kind === 'ClusterRole';
    const role = await this.#reader.get(
      resource(clusterWide ? 'clusterroles' : 'roles'),
      clusterWide ? '' : namespace,
      roleRef.name,
    );
    if (role === undefined) {
      return notFoundError(resource(clusterWide ? 'clusterrole' : 'role'), roleRef.name);
    }
    return (role.rules ?? []) as PolicyRule[];
  }
}
