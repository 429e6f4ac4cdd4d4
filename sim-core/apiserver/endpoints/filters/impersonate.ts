import { goQuote } from '../../../apimachinery/go-format.ts';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import { headerOf, headerValues } from '../../../apimachinery/http.ts';
import type { UserInfo } from '../../authentication/user.ts';
import { ALL_AUTHENTICATED, ALL_UNAUTHENTICATED, ANONYMOUS } from '../../authentication/user.ts';
import type { AuthorizationAttributes, Authorizer } from '../../authorization/authorizer.ts';
import { respondError, respondText } from '../handlers/response-writer.ts';
import type { Handler, ServerRequest } from '../request.ts';
import { forbiddenRequestError } from './authorization.ts';

const EXTRA_PREFIX = 'impersonate-extra-';
const SERVICE_ACCOUNT_PREFIX = 'system:serviceaccount:';

/** The request as whom its Impersonate-User, -Group, -Uid and -Extra headers name, if the user may. */
export async function impersonate(
  request: ServerRequest,
  handler: Handler,
  authorizer: Authorizer,
): Promise<HttpResponse> {
  const { headers } = request.http;
  const name = headerOf(headers, 'impersonate-user') ?? '';
  const groups = headerValues(headers, 'impersonate-group');
  const uid = headerOf(headers, 'impersonate-uid') ?? '';
  const extra = extraOf(request);
  if (name === '' && groups.length === 0 && uid === '' && extra.size === 0) return handler(request);
  if (name === '') {
    const wanted = referencesOf(groups, uid, extra).join(' ');
    return respondText(
      500,
      `Internal Server Error: ${goQuote(request.http.path)}: requested [${wanted}] without impersonating a user\n`,
    );
  }
  for (const attributes of permissionsFor(request, name, groups, uid, extra)) {
    const { decision, reason } = await authorizer.authorize(attributes);
    if (decision === 'allow') continue;
    const error = forbiddenRequestError(attributes, reason);
    request.trace({ type: 'authorization-failed', message: error.message, reason });
    return respondError(request, error);
  }
  const user: UserInfo = {
    name,
    ...(uid !== '' && { uid }),
    groups: effectiveGroups(name, groups),
    ...(extra.size > 0 && { extra: Object.fromEntries(extra) }),
  };
  request.trace({
    type: 'impersonated',
    user: name,
    groups: user.groups,
    ...(user.uid !== undefined && { uid: user.uid }),
    ...(user.extra !== undefined && { extra: user.extra }),
  });
  return handler({ ...request, user });
}

function extraOf({ http: { headers } }: ServerRequest): ReadonlyMap<string, readonly string[]> {
  const extra = new Map<string, readonly string[]>();
  for (const header of Object.keys(headers)) {
    if (!header.startsWith(EXTRA_PREFIX)) continue;
    extra.set(unescaped(header.slice(EXTRA_PREFIX.length)), headerValues(headers, header));
  }
  return extra;
}

/** A key that is badly escaped stays as it is. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** What is asked for beside a user, as Go prints a list of object references. */
function referencesOf(
  groups: readonly string[],
  uid: string,
  extra: ReadonlyMap<string, readonly string[]>,
): string[] {
  const version = 'authentication.k8s.io/v1';
  return [
    ...groups.map((group) => `{Group  ${group}    }`),
    ...[...extra].flatMap(([key, values]) =>
      values.map((value) => `{UserExtra  ${value}  ${version}  ${key}}`),
    ),
    ...(uid === '' ? [] : [`{UID  ${uid}  ${version}  }`]),
  ];
}

/** One permission to impersonate for each thing that is impersonated. */
function permissionsFor(
  { user }: ServerRequest,
  name: string,
  groups: readonly string[],
  uid: string,
  extra: ReadonlyMap<string, readonly string[]>,
): AuthorizationAttributes[] {
  const ask = (part: Partial<AuthorizationAttributes>): AuthorizationAttributes => ({
    user,
    verb: 'impersonate',
    resourceRequest: true,
    group: '',
    version: 'v1',
    resource: '',
    subresource: '',
    namespace: '',
    name: '',
    path: '',
    ...part,
  });
  const account = serviceAccountOf(name);
  return [
    account === undefined
      ? ask({ resource: 'users', name })
      : ask({ resource: 'serviceaccounts', namespace: account.namespace, name: account.name }),
    ...groups.map((group) => ask({ resource: 'groups', name: group })),
    ...[...extra].flatMap(([key, values]) =>
      values.map((value) =>
        ask({ group: 'authentication.k8s.io', resource: 'userextras', subresource: key, name: value }),
      ),
    ),
    ...(uid === '' ? [] : [ask({ group: 'authentication.k8s.io', resource: 'uids', name: uid })]),
  ];
}

function serviceAccountOf(user: string): { namespace: string; name: string } | undefined {
  if (!user.startsWith(SERVICE_ACCOUNT_PREFIX)) return undefined;
  const [namespace, name, ...rest] = user.slice(SERVICE_ACCOUNT_PREFIX.length).split(':');
  return namespace && name && rest.length === 0 ? { namespace, name } : undefined;
}

/** The groups that come with being somebody: a service account's, and that of all authenticated users. */
function effectiveGroups(name: string, groups: readonly string[]): readonly string[] {
  const effective = [...groups];
  const account = serviceAccountOf(name);
  if (account !== undefined && groups.length === 0) {
    effective.push('system:serviceaccounts', `system:serviceaccounts:${account.namespace}`);
  }
  if (name === ANONYMOUS) {
    if (!effective.includes(ALL_UNAUTHENTICATED)) effective.push(ALL_UNAUTHENTICATED);
  } else if (!effective.includes(ALL_AUTHENTICATED) && !effective.includes(ALL_UNAUTHENTICATED)) {
    effective.push(ALL_AUTHENTICATED);
  }
  return effective;
}
