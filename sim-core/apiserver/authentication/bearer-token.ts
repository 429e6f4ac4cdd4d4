import type { HttpRequest } from '../../apimachinery/http.ts';
import { headerOf } from '../../apimachinery/http.ts';
import type { Authenticated, Authenticator } from './authenticator.ts';

/** Whom a token stands for, and which of the audiences that were asked for it is good for. */
export interface TokenAuthenticated extends Authenticated {
  /** Missing where tokens of the kind know no audiences: it is good for the apiserver. */
  readonly audiences?: readonly string[];
}

/** Says whom a token stands for; undefined for a token that it does not know. */
export interface TokenAuthenticator {
  /** `audiences`: for whom the token must be; default: the apiserver. */
  authenticateToken(token: string, audiences?: readonly string[]): Promise<TokenAuthenticated | undefined>;
}

/**
 * Asks each kind of token in turn. Models k8s.io/apiserver/pkg/authentication/token/union.
 */
export class UnionTokenAuthenticator implements TokenAuthenticator {
  readonly #kinds: readonly TokenAuthenticator[];

  constructor(kinds: readonly TokenAuthenticator[]) {
    this.#kinds = kinds;
  }

  async authenticateToken(
    token: string,
    audiences?: readonly string[],
  ): Promise<TokenAuthenticated | undefined> {
    for (const kind of this.#kinds) {
      const found = await kind.authenticateToken(token, audiences);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

const EXTRA_SPACE =
  'the provided Authorization header contains extra space before the bearer token, and is ignored';

/**
 * Reads "Authorization: Bearer …"; rejects for a token that is not known.
 * Models k8s.io/apiserver/pkg/authentication/request/bearertoken.
 */
export class BearerTokenAuthenticator implements Authenticator {
  readonly #tokens: TokenAuthenticator;

  constructor(tokens: TokenAuthenticator) {
    this.#tokens = tokens;
  }

  async authenticate(
    { headers }: HttpRequest,
    warn: (text: string) => void,
  ): Promise<Authenticated | undefined> {
    const [scheme = '', token = '', more] = (headerOf(headers, 'authorization') ?? '').trim().split(' ');
    if (scheme.toLowerCase() !== 'bearer') return undefined;
    if (token === '') {
      if (more !== undefined) warn(EXTRA_SPACE);
      return undefined;
    }
    const found = await this.#tokens.authenticateToken(token);
    if (found === undefined) throw new Error('invalid bearer token');
    return found;
  }
}
