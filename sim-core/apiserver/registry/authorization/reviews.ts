import type { KubeObject, ObjectMeta } from '../../../apimachinery/object.ts';
import { badRequestError, invalidError } from '../../../apimachinery/status.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { goStruct, invalid } from '../../../apimachinery/validation/field-error.ts';
import type { UserInfo } from '../../authentication/user.ts';
import type { AuthorizationAttributes } from '../../authorization/authorizer.ts';
import type { EndpointContext } from '../rest/subresource.ts';
import { AUTHORIZATION_GROUP } from './group.ts';

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

/** Who a review is about, and what follows from that. */
export interface ReviewScope {
  /** The one who asks; undefined: the one that the spec names. */
  readonly user?: UserInfo | undefined;
  /** The review is about one namespace. */
  readonly local?: boolean;
}

const shownPath = ({ path = '', verb = '' }: NonNullable<ReviewSpec['nonResourceAttributes']>) =>
  goStruct('authorization.NonResourceAttributes', { path, verb });

/** Models pkg/apis/authorization/validation. */
function validateReview({ metadata, spec }: KubeObject, { user, local }: ReviewScope): FieldError[] {
  return [
    ...validateSpec(spec, user === undefined),
    ...validateMetadata(metadata, local === true),
    ...(local ? validateLocal(metadata, spec) : []),
  ];
}

/** Metadata with the field that clients may still send, and that nobody keeps. */
type Unlinked = ObjectMeta & { readonly selfLink?: string };

/** What is not kept needs no name, and nothing else that its metadata could say. */
function validateMetadata(metadata: Unlinked, local: boolean): FieldError[] {
  const { managedFields: _managedFields, selfLink: _selfLink, uid: _uid, namespace, ...rest } = metadata;
  const others = [...Object.values(rest), local ? undefined : namespace];
  if (others.every((value) => !value || (Array.isArray(value) && value.length === 0))) return [];
  const text = local ? 'must be empty except for namespace' : 'must be empty';
  return [invalid('metadata', goStruct('v1.ObjectMeta', metadata), text)];
}

function validateLocal(metadata: ObjectMeta, spec: ReviewSpec): FieldError[] {
  const { resourceAttributes: asked, nonResourceAttributes: path } = spec;
  const namespace = asked?.['namespace'] ?? '';
  return [
    ...(asked === undefined || namespace === (metadata.namespace ?? '')
      ? []
      : [invalid('spec.resourceAttributes.namespace', namespace, 'must match metadata.namespace')]),
    ...(path === undefined
      ? []
      : [invalid('spec.nonResourceAttributes', shownPath(path), 'disallowed on this kind of request')]),
  ];
}

/** `asksForUser`: the review names whom it is about. */
function validateSpec(spec: KubeObject['spec'], asksForUser: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.resourceAttributes && spec.nonResourceAttributes) {
    errors.push(
      invalid(
        'spec.nonResourceAttributes',
        shownPath(spec.nonResourceAttributes),
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
 * Answers a review: asks the authorizers whether the user may do what the spec says, and fills in the status.
 * Rejects with 422 for a spec that asks nothing.
 */
export async function review(
  object: KubeObject,
  scope: ReviewScope,
  context: EndpointContext,
): Promise<KubeObject> {
  const spec = (object.spec ??= {});
  const errors = validateReview(object, scope);
  // Upstream names no kind here.
  if (errors.length > 0) throw invalidError({ group: AUTHORIZATION_GROUP, kind: '' }, '', errors);
  const { user } = scope;
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

/** Says what a user may do in a namespace. Models selfsubjectrulesreview/rest.go. */
export async function reviewRules(object: KubeObject, context: EndpointContext): Promise<KubeObject> {
  const namespace: string = object.spec?.namespace ?? '';
  if (namespace === '') throw badRequestError('no namespace on request');
  const { rules, incomplete } = await context.services.rules.rulesFor(context.user, namespace);
  const ofResources = rules.filter((rule) => (rule.resources ?? []).length > 0);
  const ofPaths = rules.filter((rule) => (rule.nonResourceURLs ?? []).length > 0);
  object.metadata = {};
  object.spec = {};
  object.status = {
    resourceRules: ofResources.map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames !== undefined && { resourceNames }),
    })),
    nonResourceRules: ofPaths.map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete,
  };
  return withoutCreationTime(object);
}

/** An object that is not kept shows no time of creation: null. */
export function withoutCreationTime(object: KubeObject): KubeObject {
  const metadata = object.metadata as { creationTimestamp?: string | null; selfLink?: string };
  metadata.creationTimestamp = null;
  delete metadata.selfLink;
  return object;
}
