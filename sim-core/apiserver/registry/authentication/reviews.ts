import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import { badRequestError } from '../../../apimachinery/status.ts';
import type { UserInfo } from '../../authentication/user.ts';
import { withAuthenticatedGroup } from '../../authentication/union.ts';
import { withoutCreationTime } from '../authorization/reviews.ts';
import type { EndpointContext } from '../rest/subresource.ts';

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
export async function reviewToken(object: KubeObject, { services }: EndpointContext): Promise<KubeObject> {
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

/** Says who asks. Models pkg/registry/authentication/selfsubjectreview/rest.go. */
export function reviewSelf(object: KubeObject, { user, now }: EndpointContext): KubeObject {
  object.metadata = { creationTimestamp: formatTime(now) };
  object.status = { userInfo: userInfo(user) };
  return object;
}
