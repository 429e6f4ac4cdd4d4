import type { KubeObject } from '../../../../apimachinery/object.ts';
import { formatTime, parseApiVersion } from '../../../../apimachinery/object.ts';
import {
  badRequestError,
  conflictError,
  invalidError,
  notFoundError,
} from '../../../../apimachinery/status.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid } from '../../../../apimachinery/validation/field-error.ts';
import type { TokenClaims } from '../../../authentication/serviceaccount/claims.ts';
import type { SubresourceContext } from '../../rest/subresource.ts';
import { TOKEN_KIND } from './token-kind.ts';

const HOUR = 60 * 60;
const MIN_SECONDS = 10 * 60;
const MAX_SECONDS = 2 ** 32;
/** Tokens that pods get are good for a year, although they say an hour: clients that never reload keep working. */
const EXTENDED_SECONDS = 365 * 24 * HOUR;
/** What the ServiceAccount admission plugin writes into pods: an hour and a mark of seven seconds. */
const WARN_AFTER_SECONDS = HOUR + 7;

const BOUND_KINDS: Readonly<Record<string, string>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' };

/** Models pkg/apis/authentication/validation ValidateTokenRequest. */
function validateTokenRequest(seconds: number): FieldError[] {
  const field = 'spec.expirationSeconds';
  if (seconds < MIN_SECONDS) {
    return [invalid(field, seconds, 'may not specify a duration less than 10 minutes')];
  }
  return seconds > MAX_SECONDS
    ? [invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds')]
    : [];
}

/** Models pkg/registry/core/serviceaccount/storage/token.go TokenREST Create. */
export async function createToken(object: KubeObject, context: SubresourceContext): Promise<KubeObject> {
  const account = await context.store.get(context.name, context);
  const { spec } = object;
  const errors = validateTokenRequest(spec.expirationSeconds);
  if (errors.length > 0) throw invalidError(TOKEN_KIND, object.metadata.name ?? '', errors);
  const name = object.metadata.name;
  if (name !== undefined && name !== context.name) {
    throw invalidError(TOKEN_KIND, context.name, [
      invalid('metadata.name', name, 'must match the service account name if specified'),
    ]);
  }
  const bound = await boundObject(object, context);
  await context.validate(object, undefined);
  const audiences: string[] = spec.audiences?.length
    ? spec.audiences
    : [context.services.settings.serviceAccountIssuer];
  const extended =
    spec.expirationSeconds === WARN_AFTER_SECONDS && bound.pod !== undefined && !spec.audiences?.length;
  const seconds = extended ? EXTENDED_SECONDS : spec.expirationSeconds;
  const issuedAt = context.services.clock.now();
  const token = await context.services.tokens.issue({
    namespace: context.namespace,
    serviceAccount: { name: context.name, uid: account.metadata.uid! },
    audiences,
    issuedAt,
    expiresAt: issuedAt + seconds * 1000,
    ...(extended && { warnAfter: issuedAt + spec.expirationSeconds * 1000 }),
    ...bound,
  });
  object.metadata = { ...object.metadata, name: context.name, namespace: context.namespace };
  object.metadata.creationTimestamp ??= formatTime(issuedAt);
  object.spec = { ...spec, audiences, boundObjectRef: spec.boundObjectRef ?? null };
  object.status = {
    token,
    expirationTimestamp: formatTime(issuedAt + spec.expirationSeconds * 1000),
  };
  return object;
}

/** The pod, secret or node with which the token is to die; refused if it is another one by now. */
async function boundObject(
  object: KubeObject,
  context: SubresourceContext,
): Promise<Pick<TokenClaims, 'pod' | 'secret' | 'node'>> {
  const reference: { apiVersion?: string; kind?: string; name?: string; uid?: string } | undefined =
    object.spec.boundObjectRef;
  if (!reference) return {};
  const { kind = '', name = '' } = reference;
  const resource = BOUND_KINDS[kind];
  if (resource === undefined) {
    const { group, version } = parseApiVersion(reference.apiVersion ?? '');
    throw badRequestError(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  }
  const found = await context.services.reader.get(
    { group: '', resource },
    kind === 'Node' ? '' : context.namespace,
    name,
  );
  if (found === undefined) throw notFoundError({ group: '', resource }, name);
  if (kind === 'Pod' && found.spec?.serviceAccountName !== context.name) {
    throw badRequestError(
      `cannot bind token for serviceaccount ${JSON.stringify(context.name)} to pod running with different serviceaccount name.`,
    );
  }
  const uid = found.metadata.uid!;
  if (reference.uid && reference.uid !== uid) {
    throw conflictError(
      { group: '', resource: kind },
      name,
      `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  if (kind === 'Secret') return { secret: { name, uid } };
  if (kind === 'Node') return { node: { name, uid } };
  return { pod: { name, uid }, ...(await nodeOf(found, context)) };
}

/** The node that a pod was bound to: its tokens tell it. */
async function nodeOf(
  { spec }: KubeObject,
  { services }: SubresourceContext,
): Promise<Pick<TokenClaims, 'node'>> {
  const name: string | undefined = spec?.nodeName;
  if (!name) return {};
  const node = await services.reader.get({ group: '', resource: 'nodes' }, '', name);
  return { node: { name, uid: node?.metadata.uid ?? '' } };
}
