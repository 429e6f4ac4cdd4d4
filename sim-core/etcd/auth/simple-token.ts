import type { Clock } from '../../clock/clock.ts';
import type { Rand } from '../../clock/rand.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TOKEN_LENGTH = 16;
/** How long a token is good after its last use, in milliseconds. */
const TOKEN_TTL = 300_000;

/** Tokens that say nothing by themselves: the server remembers whose they are. Models server/auth/simple_token.go. */
export class SimpleTokens {
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #tokens = new Map<string, { readonly user: string; expiry: number }>();

  constructor(clock: Clock, rand: Rand) {
    this.#clock = clock;
    this.#rand = rand;
  }

  /** Makes a token for the user; `index` is that of the log entry that asks for it. */
  assign(user: string, index: number): string {
    let token = '';
    for (let length = 0; length < TOKEN_LENGTH; length++) token += LETTERS[this.#rand.int(LETTERS.length)]!;
    token += `.${index}`;
    this.#tokens.set(token, { user, expiry: this.#clock.now() + TOKEN_TTL });
    return token;
  }

  /** Whose token it is; undefined if it is nobody's any more. Using it keeps it alive. */
  userOf(token: string): string | undefined {
    const found = this.#tokens.get(token);
    if (found === undefined) return undefined;
    if (found.expiry <= this.#clock.now()) {
      this.#tokens.delete(token);
      return undefined;
    }
    found.expiry = this.#clock.now() + TOKEN_TTL;
    return found.user;
  }

  /** Takes back the tokens of a user, or all. */
  invalidate(user?: string): void {
    for (const [token, { user: owner }] of this.#tokens) {
      if (user === undefined || owner === user) this.#tokens.delete(token);
    }
  }
}
