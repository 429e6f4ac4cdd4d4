import type { HttpRequest } from '../../apimachinery/http.ts';
import type { Authenticated, Authenticator } from './authenticator.ts';
import { ALL_AUTHENTICATED } from './user.ts';

/**
 * Asks each authenticator in turn; the first that knows the request, or refuses it, decides.
 * Whoever is known belongs to system:authenticated.
 *
 * Models k8s.io/apiserver/pkg/authentication/request/union NewFailOnError and group AuthenticatedGroupAdder.
 */
export class UnionAuthenticator implements Authenticator {
  readonly #authenticators: readonly Authenticator[];

  constructor(authenticators: readonly Authenticator[]) {
    this.#authenticators = authenticators;
  }

  async authenticate(request: HttpRequest): Promise<Authenticated | undefined> {
    for (const authenticator of this.#authenticators) {
      const found = await authenticator.authenticate(request);
      if (found !== undefined) return found.by === 'anonymous' ? found : withAuthenticatedGroup(found);
    }
    return undefined;
  }
}

function withAuthenticatedGroup({ user, by }: Authenticated): Authenticated {
  if (user.groups.includes(ALL_AUTHENTICATED)) return { user, by };
  return { by, user: { ...user, groups: [...user.groups, ALL_AUTHENTICATED] } };
}
