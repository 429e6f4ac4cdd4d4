import type { RoleRef, Subject } from 'kubernetes-types/rbac/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { notFoundError, StatusError } from '../../../apimachinery/status.ts';
import type { UserInfo } from '../../authentication/user.ts';
import type { RevisionedReader } from '../../registry/rest/object-store.ts';
import type { PolicyRule, RuleResolver } from '../authorizer.ts';
import { appliesToUser, describeSubject } from './subjects.ts';

const GROUP = 'rbac.authorization.k8s.io';
const resource = (name: string) => ({ group: GROUP, resource: name });

const SOURCES = ['clusterrolebindings', 'clusterroles', 'rolebindings', 'roles'].map(resource);

/** What one binding gives to a user: the rules of its role, or why they are not known. */
interface Grant {
  readonly source: string;
  readonly rules: readonly PolicyRule[];
  readonly error?: StatusError;
}

/** Of how many users the rules are remembered. */
const CAPACITY = 1000;

/** What of users says which bindings are about them. */
const KEYS = new WeakMap<UserInfo, string>();

function keyOf(user: UserInfo): string {
  let key = KEYS.get(user);
  if (key === undefined) KEYS.set(user, (key = [user.name, ...user.groups].join('\n')));
  return key;
}

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
  readonly #reader: RevisionedReader;
  /** What users have, by who they are and the namespace, as of the revisions in `#seen`. */
  readonly #grants = new Map<string, Map<string, readonly Grant[]>>();
  #seen: readonly number[] = [];

  constructor(reader: RevisionedReader) {
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
    for (const { source, rules, error } of await this.#grantsFor(user, namespace)) {
      if (error !== undefined && !visit('', undefined, error)) return;
      if (!rules.every((rule) => visit(source, rule, undefined))) return;
    }
  }

  /** What a user has is worked out anew only when some role or binding may have changed. */
  async #grantsFor(user: UserInfo, namespace: string): Promise<readonly Grant[]> {
    if (SOURCES.some((source, index) => this.#reader.revisionOf(source) !== this.#seen[index])) {
      this.#seen = SOURCES.map((source) => this.#reader.revisionOf(source));
      this.#grants.clear();
    }
    const seen = this.#seen;
    const key = keyOf(user);
    const known = this.#grants.get(key)?.get(namespace);
    if (known !== undefined) return known;
    const grants = await this.#findGrants(user, namespace);
    if (seen !== this.#seen) return grants;
    const ofUser = this.#grants.get(key);
    if (ofUser !== undefined) ofUser.set(namespace, grants);
    else {
      if (this.#grants.size >= CAPACITY) this.#grants.clear();
      this.#grants.set(key, new Map([[namespace, grants]]));
    }
    return grants;
  }

  async #findGrants(user: UserInfo, namespace: string): Promise<readonly Grant[]> {
    const clusterWide = await this.#reader.list(resource('clusterrolebindings'));
    const grants = await this.#grantsOf(clusterWide, user, '');
    if (namespace === '') return grants;
    const local = await this.#reader.list(resource('rolebindings'), namespace);
    return [...grants, ...(await this.#grantsOf(local, user, namespace))];
  }

  async #grantsOf(
    bindings: readonly KubeObject[],
    user: UserInfo,
    namespace: string,
  ): Promise<readonly Grant[]> {
    const grants: Grant[] = [];
    for (const binding of bindings) {
      const subject = ((binding.subjects ?? []) as Subject[]).find((candidate) =>
        appliesToUser(user, candidate, namespace),
      );
      if (subject !== undefined) grants.push(await this.#grantOf(binding, subject, namespace));
    }
    return grants;
  }

  async #grantOf(binding: KubeObject, subject: Subject, namespace: string): Promise<Grant> {
    const roleRef = binding.roleRef as RoleRef;
    const rules = await this.roleRules(roleRef, namespace);
    if (rules instanceof StatusError) return { source: '', rules: [], error: rules };
    const name = binding.metadata.name!;
    const what =
      namespace === ''
        ? `ClusterRoleBinding ${JSON.stringify(name)}`
        : `RoleBinding ${JSON.stringify(`${name}/${namespace}`)}`;
    const source = `${what} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${describeSubject(subject, namespace)}`;
    return { source, rules };
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
