import type { Authorizer, AuthorizationAttributes } from '../../authorization/authorizer.ts';
import type { UserInfo } from '../../authentication/user.ts';
import { nameIsDNSLabel, nameIsDNSSubdomain } from '../../../apimachinery/validation/names.ts';
import type { CelFunction } from './functions.ts';
import { CelFunctionError } from './functions.ts';

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
  readonly typeName = 'kubernetes.authorization.Authorizer';
  readonly authorizer: Authorizer;
  readonly user: UserInfo;
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
class CelPathCheck extends Check {
  readonly typeName = 'kubernetes.authorization.PathCheck';
}
class CelGroupCheck extends Check {
  readonly typeName = 'kubernetes.authorization.GroupCheck';
}
export class CelResourceCheck extends Check {
  readonly typeName = 'kubernetes.authorization.ResourceCheck';
}

class CelDecision {
  readonly typeName = 'kubernetes.authorization.Decision';
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

function account(who: CelAuthorizer, namespace: string, name: string): CelAuthorizer {
  if (nameIsDNSSubdomain(name, false).length > 0) throw new CelFunctionError('Invalid service account name');
  if (nameIsDNSLabel(namespace, false).length > 0) {
    throw new CelFunctionError('Invalid service account namespace');
  }
  return new CelAuthorizer(who.authorizer, {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  });
}

/** An address or a name that may not be empty. */
function checkPath(who: CelAuthorizer, path: string): CelPathCheck {
  if (path.trim() === '') throw new CelFunctionError('path must not be empty');
  return new CelPathCheck(who, { path });
}

function checkResource(group: CelGroupCheck, resource: string): CelResourceCheck {
  if (resource.trim() === '') throw new CelFunctionError('resource must not be empty');
  return new CelResourceCheck(group.who, group.and({ resource }));
}

/** Models k8s.io/apiserver/pkg/cel/library/authz.go. */
export const AUTHORIZER: readonly CelFunction[] = [
  ['path', 'Authorizer.(string) PathCheck', checkPath],
  [
    'group',
    'Authorizer.(string) GroupCheck',
    (who: CelAuthorizer, group: string) => new CelGroupCheck(who, { group }),
  ],
  ['serviceAccount', 'Authorizer.(string, string) Authorizer', account],
  ['resource', 'GroupCheck.(string) ResourceCheck', checkResource],
  ...(['subresource', 'namespace', 'name'] as const).map((field): CelFunction => [
    field,
    'ResourceCheck.(string) ResourceCheck',
    (resource: CelResourceCheck, value: string) =>
      new CelResourceCheck(resource.who, resource.and({ [field]: value })),
  ]),
  // Authorizers here decide without selectors.
  ...['fieldSelector', 'labelSelector'].map((name): CelFunction => [
    name,
    'ResourceCheck.(string) ResourceCheck',
    (resource: CelResourceCheck) => resource,
  ]),
  ['check', 'PathCheck.(string) Decision | ResourceCheck.(string) Decision', check],
  ['allowed', 'Decision.() bool', ({ allowed }: CelDecision) => allowed],
  ['reason', 'Decision.() string', ({ reason }: CelDecision) => reason],
  ['errored', 'Decision.() bool', () => false],
  ['error', 'Decision.() string', () => ''],
];
