import type { Authenticated } from './authenticator.ts';
import type { TokenAuthenticator } from './bearer-token.ts';
import type { UserInfo } from './user.ts';

/** Tokens as a --token-auth-file lists them. Models plugin/pkg/auth/authenticator/token/tokenfile. */
export class TokenTable implements TokenAuthenticator {
  readonly #users: ReadonlyMap<string, UserInfo>;

  constructor(users: ReadonlyMap<string, UserInfo>) {
    this.#users = users;
  }

  async authenticateToken(token: string): Promise<Authenticated | undefined> {
    const user = this.#users.get(token);
    return user === undefined ? undefined : { user, by: 'token' };
  }
}
