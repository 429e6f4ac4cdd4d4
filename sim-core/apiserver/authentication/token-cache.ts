import type { Clock } from '../../clock/clock.ts';
import type { TokenAuthenticated, TokenAuthenticator } from './bearer-token.ts';

/** --authentication-token-success-cache-ttl's default, in milliseconds. */
const SUCCESS_TTL = 10_000;
/** How many answers are kept before those that are too old are thrown away. */
const MAX_ENTRIES = 1_000;

/**
 * Remembers for ten seconds whom a token stands for: a token that was used is good so long after its pod or its
 * account is gone. Tokens that are not known are asked about anew.
 *
 * Models k8s.io/apiserver/pkg/authentication/token/cache.
 */
export class CachedTokenAuthenticator implements TokenAuthenticator {
  readonly #clock: Clock;
  readonly #inner: TokenAuthenticator;
  readonly #known = new Map<string, { readonly until: number; readonly found: TokenAuthenticated }>();

  constructor(clock: Clock, inner: TokenAuthenticator) {
    this.#clock = clock;
    this.#inner = inner;
  }

  async authenticateToken(
    token: string,
    audiences?: readonly string[],
  ): Promise<TokenAuthenticated | undefined> {
    const key = [token, ...(audiences ?? [])].join('\0');
    const now = this.#clock.now();
    const known = this.#known.get(key);
    if (known !== undefined && known.until > now) return known.found;
    const found = await this.#inner.authenticateToken(token, audiences);
    if (found === undefined) return undefined;
    if (this.#known.size >= MAX_ENTRIES) this.#forgetBefore(now);
    this.#known.set(key, { until: now + SUCCESS_TTL, found });
    return found;
  }

  #forgetBefore(now: number): void {
    for (const [key, { until }] of this.#known) if (until <= now) this.#known.delete(key);
  }
}
