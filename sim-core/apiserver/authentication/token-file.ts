import type { Authenticated } from './authenticator.ts';
import type { TokenAuthenticator } from './bearer-token.ts';
import type { UserInfo } from './user.ts';

/**
 * The users of --token-auth-file, a line each: token,user,uid,"group1,group2".
 * Models k8s.io/apiserver/pkg/authentication/token/tokenfile.
 */
export class TokenFileAuthenticator implements TokenAuthenticator {
  readonly #users = new Map<string, UserInfo>();

  /** Throws for a line with fewer than three columns. */
  constructor(text: string) {
    text.split(/\r?\n/).forEach((line, index) => {
      if (line.trim() === '') return;
      const columns = columnsOf(line);
      const [token = '', name, uid, groups = ''] = columns;
      if (name === undefined || uid === undefined) {
        throw new Error(
          `token file must have at least 3 columns (token, user name, user uid), found ${columns.length} at record ${index + 1}`,
        );
      }
      // Upstream passes over such a line too, and over a token that comes again takes the later.
      if (token === '') return;
      this.#users.set(token, { name, uid, groups: groups === '' ? [] : groups.split(',') });
    });
  }

  async authenticateToken(token: string): Promise<Authenticated | undefined> {
    const user = this.#users.get(token);
    return user === undefined ? undefined : { user, by: 'token' };
  }
}

/** The fields of a line of CSV; quotes hold commas together. */
function columnsOf(line: string): string[] {
  const fields = line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^",]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replace(/""/g, '"') ?? plain!.trim());
}
