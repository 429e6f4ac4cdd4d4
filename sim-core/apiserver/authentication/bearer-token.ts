import type { HttpRequest } from '../../apimachinery/http.ts';
import { headerOf } from '../../apimachinery/http.ts';
import type { Authenticated, Authenticator } from './authenticator.ts';

/** Says whom a token stands for; undefined for a token that it does not know. */
export interface TokenAuthenticator {
  authenticateToken(token: string): Promise<Authenticated | undefined>;
}

/**
 * Reads "Authorization: Bearer …" and asks each kind of token in turn; rejects for a token that none knows.
 * Models k8s.io/apiserver/pkg/authentication/request/bearertoken.
 */
export class BearerTokenAuthenticator implements Authenticator {
  readonly #kinds: readonly TokenAuthenticator[];

  constructor(kinds: readonly TokenAuthenticator[]) {
    this.#kinds = kinds;
  }

  async authenticate({ headers }: HttpRequest): Promise<Authenticated | undefined> {
    const [scheme = '', token = ''] = (headerOf(headers, 'authorization') ?? '').trim().split(' ');
    if (scheme.toLowerCase() !== 'bearer' || token === '') return undefined;
    for (const kind of this.#kinds) {
      const found = await kind.authenticateToken(token);
      if (found !== undefined) return found;
    }
    throw new Error('invalid bearer token');
  }
}
