import type { AuthorizationAttributes, Authorizer, Decision } from '../authorizer.ts';
import type { RbacRuleResolver } from './rule-resolver.ts';
import { ruleAllows } from './rules.ts';

/**
 * Allows what roles that are bound to the user grant.
 * Models plugin/pkg/auth/authorizer/rbac/rbac.go RBACAuthorizer.
 */
export class RbacAuthorizer implements Authorizer {
  readonly name = 'RBAC';
  readonly #resolver: RbacRuleResolver;

  constructor(resolver: RbacRuleResolver) {
    this.#resolver = resolver;
  }

  async authorize(attributes: AuthorizationAttributes): Promise<Decision> {
    const errors: string[] = [];
    let allowedBy: string | undefined;
    const namespace = attributes.resourceRequest ? attributes.namespace : '';
    await this.#resolver.visitRulesFor(attributes.user, namespace, (source, rule, error) => {
      if (error !== undefined) errors.push(error.message);
      if (rule === undefined || !ruleAllows(attributes, rule)) return true;
      allowedBy = source;
      return false;
    });
    if (allowedBy !== undefined) return { decision: 'allow', reason: `RBAC: allowed by ${allowedBy}` };
    const unique = [...new Set(errors)];
    const text = unique.length > 1 ? `[${unique.join(', ')}]` : (unique[0] ?? '');
    return { decision: 'no opinion', reason: text === '' ? '' : `RBAC: ${text}` };
  }
}
