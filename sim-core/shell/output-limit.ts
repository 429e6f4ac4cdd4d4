/** How many characters one line may write: more than any answer that somebody reads. */
const LIMIT = 8 * 1024 * 1024;

/** Passes on what a line writes, until it is too much; then says so once and calls `exceeded`. */
export class OutputLimit {
  readonly #exceeded: () => void;
  #left = LIMIT;

  constructor(exceeded: () => void) {
    this.#exceeded = exceeded;
  }

  /** What of `text` may still be shown, and a message where it was cut. */
  pass(text: string): string {
    if (this.#left < 0) return '';
    this.#left -= text.length;
    if (this.#left >= 0) return text;
    this.#exceeded();
    const kept = text.slice(0, text.length + this.#left);
    return `${kept}\n[output cut: more than ${LIMIT / 1024 / 1024} MiB]\n`;
  }
}
