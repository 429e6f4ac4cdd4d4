import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import { badRequestError } from '../../../apimachinery/status.ts';
import type { UserInfo } from '../../authentication/user.ts';
import { withAuthenticatedGroup } from '../../authentication/union.ts';
import { withoutCreationTime } from '../authorization/attributes.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import type { EndpointContext } from '../rest/subresource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('authentication.k8s.io', 'v1', 'io.k8s.api.authentication.v1');

/** A user as the API shows it. */
function userInfo({ name, uid, groups, extra }: UserInfo): Record<string, unknown> {
  return {
    ...(name !== '' && { username: name }),
    ...(uid && { uid }),
    ...(groups.length > 0 && { groups: [...groups] }),
    ...(extra && Object.keys(extra).length > 0 && { extra }),
  };
}

/** Models pkg/registry/authentication/tokenreview/storage.go. */
async function reviewToken(object: KubeObject, { services }: EndpointContext): Promise<KubeObject> {
  const token: string = object.spec?.token ?? '';
  if (token === '') throw badRequestError('token is required for TokenReview in authentication');
  const asked: readonly string[] | undefined = object.spec.audiences;
  const wanted = asked?.length ? asked : [services.settings.serviceAccountIssuer];
  try {
    const found = await services.tokenAuthenticator.authenticateToken(token, wanted);
    object.status =
      found === undefined
        ? { user: {}, ...object.status, error: 'invalid bearer token' }
        : {
            authenticated: true,
            user: userInfo(withAuthenticatedGroup(found).user),
            audiences: [...(found.audiences ?? [services.settings.serviceAccountIssuer])],
          };
  } catch (error) {
    object.status = { user: {}, error: `[invalid bearer token, ${(error as Error).message}]` };
  }
  return withoutCreationTime(object);
}

/** Who am I, and whose is this token. Models pkg/registry/authentication. */
export const authenticationResources: readonly ResourceDefinition[] = [
  row({
    kind: 'SelfSubjectReview',
    resource: 'selfsubjectreviews',
    namespaced: false,
    verbs: ['create'],
    strategy: {},
    virtual: {
      create(object, { user, now }) {
        object.metadata = { creationTimestamp: formatTime(now) };
        object.status = { userInfo: userInfo(user) };
        return Promise.resolve(object);
      },
    },
  }),
  row({
    kind: 'TokenReview',
    resource: 'tokenreviews',
    namespaced: false,
    verbs: ['create'],
    strategy: {},
    virtual: { create: reviewToken },
  }),
];
