import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.ts';

/** Allows everything. Models authorizerfactory.NewAlwaysAllowAuthorizer. */
export class AlwaysAllowAuthorizer implements Authorizer {
  readonly name = 'AlwaysAllow';

  authorize(): Promise<Decision> {
    return Promise.resolve({ decision: 'allow', reason: '' });
  }
}

/** Refuses everything. Models authorizerfactory.NewAlwaysDenyAuthorizer. */
export class AlwaysDenyAuthorizer implements Authorizer {
  readonly name = 'AlwaysDeny';

  authorize(): Promise<Decision> {
    return Promise.resolve({ decision: 'no opinion', reason: 'Everything is forbidden.' });
  }
}

/**
 * Lets members of some groups do everything; kube-apiserver puts one for system:masters before all modes.
 * Models authorizerfactory.NewPrivilegedGroups.
 */
export class PrivilegedGroupsAuthorizer implements Authorizer {
  readonly name = 'PrivilegedGroups';
  readonly #groups: ReadonlySet<string>;

  constructor(groups: readonly string[]) {
    this.#groups = new Set(groups);
  }

  authorize({ user }: AuthorizationAttributes): Promise<Decision> {
    const decision = user.groups.some((group) => this.#groups.has(group)) ? 'allow' : 'no opinion';
    return Promise.resolve({ decision, reason: '' });
  }
}
