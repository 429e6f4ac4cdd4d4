import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import type { UserInfo } from '../user.ts';

interface Reference {
  readonly name: string;
  readonly uid: string;
}

/** What a service account token says. Models pkg/serviceaccount/claims.go. */
export interface TokenClaims {
  readonly namespace: string;
  readonly serviceAccount: Reference;
  /** Empty in the tokens of secrets, which are good for the apiserver alone. */
  readonly audiences: readonly string[];
  /** Milliseconds since the Unix epoch. Tokens of secrets have no times. */
  readonly issuedAt?: number;
  readonly expiresAt?: number;
  /** From when on a client that still uses the token should be told off. */
  readonly warnAfter?: number;
  readonly pod?: Reference;
  /** Of the pod, or bound by itself. */
  readonly node?: Reference;
  readonly secret?: Reference;
  /** The token's own name; the issuer gives one. */
  readonly id?: string;
}

const PRIVATE = 'kubernetes.io';
const SUBJECT_PREFIX = 'system:serviceaccount:';
const LEGACY = {
  namespace: 'kubernetes.io/serviceaccount/namespace',
  secret: 'kubernetes.io/serviceaccount/secret.name',
  account: 'kubernetes.io/serviceaccount/service-account.name',
  uid: 'kubernetes.io/serviceaccount/service-account.uid',
};
/** The issuer of the tokens of secrets. */
export const LEGACY_ISSUER = 'kubernetes/serviceaccount';

/** The claims of a JSON Web Token. */
export function toJson(claims: TokenClaims, issuer: string): JsonObject {
  const { namespace, serviceAccount, audiences, issuedAt, expiresAt, warnAfter, pod, node, secret, id } =
    claims;
  const sub = `${SUBJECT_PREFIX}${namespace}:${serviceAccount.name}`;
  return {
    iss: issuer,
    sub,
    aud: [...audiences],
    ...(issuedAt !== undefined && { iat: seconds(issuedAt), nbf: seconds(issuedAt) }),
    ...(expiresAt !== undefined && { exp: seconds(expiresAt) }),
    ...(id !== undefined && { jti: id }),
    [PRIVATE]: {
      namespace,
      serviceaccount: { ...serviceAccount },
      ...(pod && { pod: { ...pod } }),
      ...(node && { node: { ...node } }),
      ...(secret && { secret: { ...secret } }),
      ...(warnAfter !== undefined && { warnafter: seconds(warnAfter) }),
    },
  };
}

/** The same the other way round; undefined for claims that no service account token has. */
export function fromJson(json: JsonObject): TokenClaims | undefined {
  if (json['iss'] === LEGACY_ISSUER) return fromLegacy(json);
  const own = objectOf(json[PRIVATE]);
  const serviceAccount = own && referenceOf(own['serviceaccount']);
  if (own === undefined || serviceAccount === undefined || typeof own['namespace'] !== 'string')
    return undefined;
  const { aud, iat, exp, jti } = json;
  const [pod, node, secret] = ['pod', 'node', 'secret'].map((kind) => referenceOf(own[kind]));
  return {
    namespace: own['namespace'],
    serviceAccount,
    audiences: typeof aud === 'string' ? [aud] : Array.isArray(aud) ? aud.map(String) : [],
    ...(typeof iat === 'number' && { issuedAt: iat * 1000 }),
    ...(typeof exp === 'number' && { expiresAt: exp * 1000 }),
    ...(typeof own['warnafter'] === 'number' && { warnAfter: own['warnafter'] * 1000 }),
    ...(pod && { pod }),
    ...(node && { node }),
    ...(secret && { secret }),
    ...(typeof jti === 'string' && { id: jti }),
  };
}

/** The claims of a token that lies in a secret. Models pkg/serviceaccount/legacy.go LegacyClaims. */
export function toLegacyJson(namespace: string, account: Reference, secret: string): JsonObject {
  return {
    iss: LEGACY_ISSUER,
    sub: `${SUBJECT_PREFIX}${namespace}:${account.name}`,
    [LEGACY.namespace]: namespace,
    [LEGACY.account]: account.name,
    [LEGACY.uid]: account.uid,
    [LEGACY.secret]: secret,
  };
}

function fromLegacy(json: JsonObject): TokenClaims | undefined {
  const [namespace, secret, account, uid] = [LEGACY.namespace, LEGACY.secret, LEGACY.account, LEGACY.uid].map(
    (key) => json[key],
  );
  if (typeof namespace !== 'string' || typeof account !== 'string' || typeof uid !== 'string')
    return undefined;
  return {
    namespace,
    serviceAccount: { name: account, uid },
    audiences: [],
    ...(typeof secret === 'string' && { secret: { name: secret, uid: '' } }),
  };
}

/** The user that a token stands for. Models pkg/serviceaccount ServiceAccountInfo UserInfo. */
export function userOf({ namespace, serviceAccount, pod, node, id }: TokenClaims): UserInfo {
  const extra: Record<string, readonly string[]> = {
    ...(id !== undefined && { 'authentication.kubernetes.io/credential-id': [`JTI=${id}`] }),
    ...(pod && {
      'authentication.kubernetes.io/pod-name': [pod.name],
      'authentication.kubernetes.io/pod-uid': [pod.uid],
    }),
    ...(node && {
      'authentication.kubernetes.io/node-name': [node.name],
      ...(node.uid !== '' && { 'authentication.kubernetes.io/node-uid': [node.uid] }),
    }),
  };
  return {
    name: `${SUBJECT_PREFIX}${namespace}:${serviceAccount.name}`,
    uid: serviceAccount.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

const seconds = (instant: number) => Math.floor(instant / 1000);

function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

function referenceOf(value: Json | undefined): Reference | undefined {
  const object = objectOf(value);
  return object === undefined
    ? undefined
    : { name: String(object['name'] ?? ''), uid: String(object['uid'] ?? '') };
}
