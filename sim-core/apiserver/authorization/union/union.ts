import type { AuthorizationAttributes, Authorizer, Decision } from '../authorizer.ts';

/**
 * Asks authorizers in turn: the first that allows or denies decides; else their reasons are joined.
 * Models k8s.io/apiserver/pkg/authorization/union.
 */
export class UnionAuthorizer implements Authorizer {
  readonly name = 'union';
  readonly #authorizers: readonly Authorizer[];

  constructor(authorizers: readonly Authorizer[]) {
    this.#authorizers = authorizers;
  }

  async authorize(attributes: AuthorizationAttributes): Promise<Decision> {
    const reasons: string[] = [];
    for (const authorizer of this.#authorizers) {
      const { decision, reason } = await authorizer.authorize(attributes);
      if (reason !== '') reasons.push(reason);
      if (decision !== 'no opinion') return { decision, reason, by: authorizer.name };
    }
    return { decision: 'no opinion', reason: reasons.join('\n') };
  }
}
