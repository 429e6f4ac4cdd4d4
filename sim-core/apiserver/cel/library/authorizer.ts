import type { Authorizer, AuthorizationAttributes } from '../../authorization/authorizer.ts';
import type { UserInfo } from '../../authentication/user.ts';
import type { CelFunction } from './functions.ts';

/** What a check asks, so far. */
interface Question {
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Asks on behalf of a user: authorizer.group('').resource('pods').check('get').allowed(). */
export class CelAuthorizer {
  readonly authorizer: Authorizer;
  readonly user: UserInfo;
  /** A check of the resource that is being admitted. */
  requestResource: CelResourceCheck | undefined;
  constructor(authorizer: Authorizer, user: UserInfo) {
    this.authorizer = authorizer;
    this.user = user;
  }
}

class Check {
  readonly who: CelAuthorizer;
  readonly question: Question;
  constructor(who: CelAuthorizer, question: Question) {
    this.who = who;
    this.question = question;
  }
  and(more: Question): Question {
    return { ...this.question, ...more };
  }
}
export class CelPathCheck extends Check {}
export class CelGroupCheck extends Check {}
export class CelResourceCheck extends Check {}

export class CelDecision {
  readonly allowed: boolean;
  readonly reason: string;
  constructor(allowed: boolean, reason: string) {
    this.allowed = allowed;
    this.reason = reason;
  }
}

async function check({ who, question }: Check, verb: string): Promise<CelDecision> {
  const { path, group = '', resource = '', subresource = '', namespace = '', name = '' } = question;
  const attributes: AuthorizationAttributes = {
    user: who.user,
    verb,
    resourceRequest: path === undefined,
    group,
    version: path === undefined ? '*' : '',
    resource,
    subresource,
    namespace,
    name,
    path: path ?? '',
  };
  const { decision, reason } = await who.authorizer.authorize(attributes);
  return new CelDecision(decision === 'allow', reason);
}

const account = (who: CelAuthorizer, namespace: string, name: string) =>
  new CelAuthorizer(who.authorizer, {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  });

/** Models pkg/cel/library/authz.go. */
export const AUTHORIZER: readonly CelFunction[] = [
  [
    'Authorizer.path(string): PathCheck',
    (who: CelAuthorizer, path: string) => new CelPathCheck(who, { path }),
  ],
  [
    'Authorizer.group(string): GroupCheck',
    (who: CelAuthorizer, group: string) => new CelGroupCheck(who, { group }),
  ],
  ['Authorizer.serviceAccount(string, string): Authorizer', account],
  ['PathCheck.check(string): Decision', check],
  [
    'GroupCheck.resource(string): ResourceCheck',
    (group: CelGroupCheck, resource: string) => new CelResourceCheck(group.who, group.and({ resource })),
  ],
  ...(['subresource', 'namespace', 'name'] as const).map((field): CelFunction => [
    `ResourceCheck.${field}(string): ResourceCheck`,
    (resource: CelResourceCheck, value: string) =>
      new CelResourceCheck(resource.who, resource.and({ [field]: value })),
  ]),
  ['ResourceCheck.check(string): Decision', check],
  ['Decision.allowed(): bool', ({ allowed }: CelDecision) => allowed],
  ['Decision.reason(): string', ({ reason }: CelDecision) => reason],
  ['Decision.errored(): bool', () => false],
  ['Decision.error(): string', () => ''],
];
