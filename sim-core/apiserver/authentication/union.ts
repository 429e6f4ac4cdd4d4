import type { HttpRequest } from '../../apimachinery/http.ts';
import type { Authenticated, Authenticator } from './authenticator.ts';
import type { UserInfo } from './user.ts';
import { ALL_AUTHENTICATED } from './user.ts';

/**
 * Asks each authenticator in turn; the first that knows the request, or refuses it, decides.
 * Whoever is known belongs to system:authenticated.
 *
 * Models k8s.io/apiserver/pkg/authentication/request/union NewFailOnError and group AuthenticatedGroupAdder.
 */
export class UnionAuthenticator implements Authenticator {
  readonly #authenticators: readonly Authenticator[];
  /** What became of an answer: some authenticators give the same one again. */
  readonly #joined = new WeakMap<Authenticated, Authenticated>();

  constructor(authenticators: readonly Authenticator[]) {
    this.#authenticators = authenticators;
  }

  async authenticate(request: HttpRequest, warn: (text: string) => void): Promise<Authenticated | undefined> {
    for (const authenticator of this.#authenticators) {
      const found = await authenticator.authenticate(request, warn);
      if (found !== undefined) return found.by === 'anonymous' ? found : this.#join(found);
    }
    return undefined;
  }

  #join(found: Authenticated): Authenticated {
    let joined = this.#joined.get(found);
    if (joined === undefined) {
      joined = withAuthenticatedGroup(found);
      this.#joined.set(found, joined);
    }
    return joined;
  }
}

/** Whoever is known belongs to system:authenticated. */
export function withAuthenticatedGroup({ user, by }: Authenticated): Authenticated {
  if (user.groups.includes(ALL_AUTHENTICATED)) return { user, by };
  // Property descriptors, not values: what is worked out on demand stays so.
  const joined = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(user),
      groups: { value: [...user.groups, ALL_AUTHENTICATED], enumerable: true },
    },
  ) as UserInfo;
  return { by, user: joined };
}
