import type { JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import { notFoundError } from '../../../apimachinery/status.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { Rand } from '../../../clock/rand.ts';
import type { ObjectReader } from '../../registry/rest/object-store.ts';
import type { TokenAuthenticated, TokenAuthenticator } from '../bearer-token.ts';
import type { TokenClaims } from './claims.ts';
import { fromJson, LEGACY_ISSUER, toJson, userOf } from './claims.ts';
import type { ParsedToken } from './jwt.ts';
import { parseToken } from './jwt.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Clocks of different machines may differ so much. Models go-jose's DefaultLeeway. */
const LEEWAY = 60_000;
/** Tokens whose signature was found good. */
const CACHE_SIZE = 4096;

export interface TokenIssuerConfig {
  /** --service-account-issuer; what tokens are good for by default, too. */
  readonly issuer: string;
  readonly keys: SigningKeys;
}

/**
 * Makes the tokens of service accounts and says whom one stands for: JSON Web Tokens, verified by key, so
 * that they outlive the process that made them. What a token is bound to must still be there.
 *
 * Models pkg/serviceaccount JWTTokenGenerator, JWTTokenAuthenticator and the validator of claims.go.
 */
export class ServiceAccountTokens implements TokenAuthenticator {
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #reader: ObjectReader;
  readonly #config: TokenIssuerConfig;
  readonly #verified = new Map<string, TokenClaims>();

  constructor(clock: Clock, rand: Rand, reader: ObjectReader, config: TokenIssuerConfig) {
    this.#clock = clock;
    this.#rand = rand;
    this.#reader = reader;
    this.#config = config;
  }

  /** A token with a name of its own. */
  issue(claims: TokenClaims): string {
    const { issuer, keys } = this.#config;
    const said = toJson({ ...claims, id: this.#rand.uuid() }, issuer);
    const token = keys.sign(said);
    this.#remember(token, fromJson(said)!);
    return token;
  }

  /**
   * Undefined for a text that no service account token is; rejects for one that is forged, expired, for
   * others, or bound to what is gone.
   */
  async authenticateToken(
    token: string,
    audiences: readonly string[] = [this.#config.issuer],
  ): Promise<TokenAuthenticated | undefined> {
    const claims = this.#verified.get(token) ?? (await this.#verify(token));
    if (claims === undefined) return undefined;
    const own = claims.audiences.length === 0 ? [this.#config.issuer] : claims.audiences;
    const accepted = own.filter((audience) => audiences.includes(audience));
    if (accepted.length === 0) {
      throw new Error(
        `token audiences ${quoted(own)} is invalid for the target audiences ${quoted(audiences)}`,
      );
    }
    this.#checkTimes(claims);
    await this.#checkReferences(claims);
    return { user: userOf(claims), by: 'service-account', audiences: accepted };
  }

  async #verify(token: string): Promise<TokenClaims | undefined> {
    const parsed = parseToken(token);
    if (parsed === undefined || !this.#isIssuer(parsed.claims)) return undefined;
    return this.#verifyParsed(token, parsed);
  }

  async #verifyParsed(token: string, parsed: ParsedToken): Promise<TokenClaims> {
    const problem = await this.#config.keys.problem(parsed, this.#clock);
    if (problem !== undefined) throw new Error(problem);
    const claims = fromJson(parsed.claims);
    if (claims === undefined) throw new Error('service account token claims could not be validated');
    this.#remember(token, claims);
    return claims;
  }

  #isIssuer({ iss }: JsonObject): boolean {
    return iss === this.#config.issuer || iss === LEGACY_ISSUER;
  }

  #remember(token: string, claims: TokenClaims): void {
    if (this.#verified.size >= CACHE_SIZE) {
      const [oldest] = this.#verified.keys();
      this.#verified.delete(oldest!);
    }
    this.#verified.set(token, claims);
  }

  #checkTimes({ issuedAt, expiresAt }: TokenClaims): void {
    const now = this.#clock.now();
    if (issuedAt !== undefined && now + LEEWAY < issuedAt) {
      throw new Error('service account token is not valid yet');
    }
    if (expiresAt !== undefined && now - LEEWAY > expiresAt) {
      throw new Error('service account token has expired');
    }
  }

  /** The service account, and what the token is bound to, under the uid that the token names. */
  async #checkReferences({ namespace, serviceAccount, secret, pod, node }: TokenClaims): Promise<void> {
    const { name } = serviceAccount;
    const resource = { group: '', resource: 'serviceaccounts' };
    const account = await this.#reader.get(resource, namespace, name);
    if (account === undefined) throw notFoundError(resource, name);
    if (this.#isGone(account)) throw new Error(`service account ${namespace}/${name} has been deleted`);
    checkUid('service account UID', account, serviceAccount.uid, 'claim');
    const bound = [
      { reference: secret, resource: 'secrets', namespace, what: 'secret' },
      { reference: pod, resource: 'pods', namespace, what: 'pod' },
      // A pod's node is told, not bound to: the token is good while the pod is there.
      { reference: pod === undefined ? node : undefined, resource: 'nodes', namespace: '', what: 'node' },
    ];
    for (const { reference, what, ...place } of bound) {
      if (reference === undefined) continue;
      const object = await this.#reader.get(
        { group: '', resource: place.resource },
        place.namespace,
        reference.name,
      );
      if (object === undefined || this.#isGone(object)) {
        throw new Error('service account token has been invalidated');
      }
      if (reference.uid !== '') {
        checkUid(`${what} UID`, object, reference.uid, `service account ${what} ref claim`);
      }
    }
  }

  #isGone({ metadata: { deletionTimestamp } }: KubeObject): boolean {
    return deletionTimestamp !== undefined && Date.parse(deletionTimestamp) < this.#clock.now() - LEEWAY;
  }
}

function checkUid(what: string, { metadata: { uid } }: KubeObject, wanted: string, where: string): void {
  if (uid !== wanted) throw new Error(`${what} (${uid}) does not match ${where} (${wanted})`);
}

function quoted(audiences: readonly string[]): string {
  return `[${audiences.map(goQuote).join(' ')}]`;
}
