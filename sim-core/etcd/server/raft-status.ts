/** Entries that a new single member's log begins with: its own addition and its attributes. */
const BOOTSTRAP_ENTRIES = 3;
const NEW_MEMBER = { term: 1, index: BOOTSTRAP_ENTRIES };

/**
 * Where the member's consensus log is. A cluster of one agrees with itself at once, so there is
 * nothing more to raft here than its numbers.
 */
export class RaftStatus {
  #term: number;
  #index: number;

  constructor({ term, index }: { readonly term: number; readonly index: number } = NEW_MEMBER) {
    this.#term = term;
    this.#index = index;
  }

  get term(): number {
    return this.#term;
  }

  /** How many entries are committed, and as many applied. */
  get index(): number {
    return this.#index;
  }

  /** The member starts and elects itself: a new term, which begins with an empty entry. */
  elect(): void {
    this.#term++;
    this.#index++;
  }

  /** One more request went through the log. */
  propose(): void {
    this.#index++;
  }
}
