import type { KubeObject } from '../../../apimachinery/object.ts';
import { invalidError } from '../../../apimachinery/status.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { invalid } from '../../../apimachinery/validation/field-error.ts';
import type { UserInfo } from '../../authentication/user.ts';
import type { AuthorizationAttributes } from '../../authorization/authorizer.ts';
import type { EndpointContext } from '../rest/subresource.ts';

export const AUTHORIZATION_GROUP = 'authorization.k8s.io';

interface ReviewSpec {
  readonly resourceAttributes?: Readonly<Record<string, string>>;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
}

/** Models pkg/registry/authorization/util/helpers.go ResourceAttributesFrom and NonResourceAttributesFrom. */
function attributesFrom(user: UserInfo, spec: ReviewSpec): AuthorizationAttributes {
  const asked = spec.resourceAttributes;
  const none = { group: '', version: '', resource: '', subresource: '', namespace: '', name: '' };
  if (asked === undefined) {
    const { path = '', verb = '' } = spec.nonResourceAttributes ?? {};
    return { ...none, user, verb, path, resourceRequest: false };
  }
  return {
    user,
    resourceRequest: true,
    path: '',
    verb: asked['verb'] ?? '',
    group: asked['group'] ?? '',
    version: asked['version'] ?? '',
    resource: asked['resource'] ?? '',
    subresource: asked['subresource'] ?? '',
    namespace: asked['namespace'] ?? '',
    name: asked['name'] ?? '',
  };
}

/** Models pkg/apis/authorization/validation. `asksForUser`: the review names whom it is about. */
function validateSpec(spec: KubeObject['spec'], asksForUser: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.resourceAttributes && spec.nonResourceAttributes) {
    errors.push(
      invalid(
        'spec.nonResourceAttributes',
        spec.nonResourceAttributes,
        'cannot be specified in combination with resourceAttributes',
      ),
    );
  }
  if (!spec.resourceAttributes && !spec.nonResourceAttributes) {
    errors.push(
      invalid(
        'spec.resourceAttributes',
        null,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    );
  }
  if (asksForUser && !spec.user && !spec.groups?.length) {
    errors.push(invalid('spec.user', '', 'at least one of user or group must be specified'));
  }
  return errors;
}

/**
 * Answers a review: asks the authorizers whether `user` may do what the spec says, and fills in the status.
 * `user` undefined: the one that the spec names. Rejects with 422 for a spec that asks nothing.
 */
export async function review(
  object: KubeObject,
  user: UserInfo | undefined,
  context: EndpointContext,
): Promise<KubeObject> {
  const spec = (object.spec ??= {});
  const errors = validateSpec(spec, user === undefined);
  if (errors.length > 0) {
    throw invalidError({ group: AUTHORIZATION_GROUP, kind: object.kind ?? '' }, '', errors);
  }
  const who: UserInfo = user ?? {
    name: spec.user ?? '',
    uid: spec.uid ?? '',
    groups: spec.groups ?? [],
    ...(spec.extra && { extra: spec.extra }),
  };
  const { decision, reason } = await context.services.authorizer.authorize(attributesFrom(who, spec));
  object.status = {
    allowed: decision === 'allow',
    ...(decision === 'deny' && { denied: true }),
    ...(reason !== '' && { reason }),
  };
  return withoutCreationTime(object);
}

/** An object that is not kept shows no time of creation: null. */
export function withoutCreationTime(object: KubeObject): KubeObject {
  (object.metadata as { creationTimestamp?: string | null }).creationTimestamp = null;
  return object;
}
