import type { Clock } from '../../clock/clock.ts';
import type { Rand } from '../../clock/rand.ts';
import type { Authenticated } from './authenticator.ts';
import type { TokenAuthenticator } from './bearer-token.ts';
import type { TokenClaims, TokenIssuer } from './token-issuer.ts';
import type { UserInfo } from './user.ts';

/** The user that a service account is. Models pkg/serviceaccount UserInfo. */
function serviceAccountUser({ namespace, serviceAccount, boundObject }: TokenClaims): UserInfo {
  return {
    name: `system:serviceaccount:${namespace}:${serviceAccount.name}`,
    uid: serviceAccount.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    ...(boundObject?.kind === 'Pod' && {
      extra: {
        'authentication.kubernetes.io/pod-name': [boundObject.name],
        'authentication.kubernetes.io/pod-uid': [boundObject.uid],
      },
    }),
  };
}

/** Service account tokens that mean nothing but an entry in a table. */
export class OpaqueTokenIssuer implements TokenIssuer {
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #claims = new Map<string, TokenClaims>();

  constructor(clock: Clock, rand: Rand) {
    this.#clock = clock;
    this.#rand = rand;
  }

  async issue(claims: TokenClaims): Promise<string> {
    const token = `${claims.namespace}.${claims.serviceAccount.name}.${this.#rand.nameSuffix(32)}`;
    this.#claims.set(token, claims);
    return token;
  }

  async verify(token: string): Promise<{ user: UserInfo; claims: TokenClaims } | undefined> {
    const claims = this.#claims.get(token);
    if (claims === undefined) return undefined;
    if (this.#clock.now() > claims.expiresAt) throw new Error('service account token has expired');
    return { user: serviceAccountUser(claims), claims };
  }
}

/** Accepts what an issuer made. Models pkg/serviceaccount JWTTokenAuthenticator. */
export class ServiceAccountTokenAuthenticator implements TokenAuthenticator {
  readonly #issuer: TokenIssuer;

  constructor(issuer: TokenIssuer) {
    this.#issuer = issuer;
  }

  async authenticateToken(token: string): Promise<Authenticated | undefined> {
    const verified = await this.#issuer.verify(token);
    return verified === undefined ? undefined : { user: verified.user, by: 'service-account' };
  }
}
