import type { Json } from '../../apimachinery/object.ts';

export interface DecoderConfig {
  /** How many texts to remember at most. */
  readonly capacity: number;
  /** Freezes what it gives out, all the way down, so that a reader who writes to it fails at once. */
  readonly freeze: boolean;
}

/**
 * Turns JSON texts into objects and gives the same object for the same text while it remembers it:
 * one change that reaches many watchers of one process is parsed once. What it gives out is shared.
 */
export class Decoder {
  readonly #config: DecoderConfig;
  /** What is known by its text: the newer half, and what was the newer half before. */
  #newer = new Map<string, unknown>();
  #older = new Map<string, unknown>();

  constructor(config: DecoderConfig) {
    this.#config = config;
  }

  /** The value that `text` stands for; throws a SyntaxError if it is not JSON. */
  decode(text: string): unknown {
    const known = this.#newer.get(text) ?? this.#older.get(text);
    if (known !== undefined) return known;
    const value: unknown = JSON.parse(text);
    if (this.#config.freeze) deepFreeze(value as Json);
    if (this.#newer.size >= this.#config.capacity / 2) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(text, value);
    return value;
  }
}

function deepFreeze(value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
}
