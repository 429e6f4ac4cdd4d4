import type { JsonObject } from '../../../apimachinery/object.ts';
import type { Clock } from '../../../clock/clock.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import type { Rand } from '../../../clock/rand.ts';
import type { PrivateKey } from '../../../crypto/keys/private-key.ts';
import type { PublicKey } from '../../../crypto/keys/public-key.ts';
import type { ObjectReader } from '../../registry/rest/object-store.ts';
import type { TokenAuthenticated, TokenAuthenticator } from '../bearer-token.ts';
import type { TokenClaims } from './claims.ts';
import type { ServiceAccountTokens } from './token-issuer.ts';

const module = new LazyModule(async () => {
  const [{ ServiceAccountTokens }, { SigningKeys }] = await Promise.all([
    import('./token-issuer.ts'),
    import('./signing-keys.ts'),
  ]);
  return { ServiceAccountTokens, SigningKeys };
});

/** What {@link LazyTokens} are made of; see {@link ServiceAccountTokens}. */
interface TokenParts {
  readonly clock: Clock;
  readonly rand: Rand;
  readonly reader: ObjectReader;
  readonly issuer: string;
  readonly signer: PrivateKey;
  readonly verifiers: readonly PublicKey[];
}

/** Makes and knows the tokens of service accounts, which is fetched with the first of them. */
export class LazyTokens implements TokenAuthenticator {
  readonly #parts: TokenParts;
  #loaded: Promise<{ tokens: ServiceAccountTokens; keySet: () => JsonObject }> | undefined;

  constructor(parts: TokenParts) {
    this.#parts = parts;
  }

  /** A token with a name of its own. */
  async issue(claims: TokenClaims): Promise<string> {
    return (await this.#load()).tokens.issue(claims);
  }

  /** As {@link ServiceAccountTokens.authenticateToken}. */
  async authenticateToken(
    token: string,
    audiences?: readonly string[],
  ): Promise<TokenAuthenticated | undefined> {
    return (await this.#load()).tokens.authenticateToken(token, audiences);
  }

  /** The public keys for whoever wants to verify tokens. */
  async jsonWebKeySet(): Promise<JsonObject> {
    return (await this.#load()).keySet();
  }

  #load() {
    return (this.#loaded ??= this.#make());
  }

  async #make() {
    const { clock, rand, reader, issuer, signer, verifiers } = this.#parts;
    const { ServiceAccountTokens, SigningKeys } = await module.load(clock);
    const keys = new SigningKeys(signer, verifiers);
    const tokens = new ServiceAccountTokens(clock, rand, reader, { issuer, keys });
    return { tokens, keySet: () => keys.jsonWebKeySet() };
  }
}
