import { decodeUtf8 } from '../encoding/utf8.ts';
import { toBigInt } from '../encoding/bytes.ts';
import { TAG } from './tags.ts';

/** The bytes are no DER, or not of the expected form. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** One element of DER. */
export interface DerElement {
  /** Identifier octet. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** The whole element: what a signature is made over. */
  readonly der: Uint8Array;
}

/** Takes the elements of a structure, one after another. All methods throw a {@link DerError}. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next element, which must have this tag if one is given. */
  next(tag?: number): DerElement {
    const start = this.#at;
    const found = this.#byte();
    if (tag !== undefined && found !== tag) throw new DerError(`expected tag ${tag}, found ${found}`);
    let length = this.#byte();
    if (length >= 0x80) {
      const size = length & 0x7f;
      if (size === 0 || size > 4) throw new DerError('indefinite or huge length');
      length = 0;
      for (let count = 0; count < size; count++) length = length * 256 + this.#byte();
    }
    const from = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new DerError('data is cut off');
    return {
      tag: found,
      content: this.#bytes.subarray(from, this.#at),
      der: this.#bytes.subarray(start, this.#at),
    };
  }

  /** The next element if there is one with this tag. */
  optional(tag: number): DerElement | undefined {
    return this.#bytes[this.#at] === tag ? this.next() : undefined;
  }

  /** A reader of the sequence that comes next. */
  sequence(): DerReader {
    return new DerReader(this.next(TAG.sequence).content);
  }

  integer(): bigint {
    return toBigInt(this.next(TAG.integer).content);
  }

  oid(): string {
    return oidText(this.next(TAG.oid));
  }

  /** The bytes of a bit string that fills whole bytes. */
  bitString(): Uint8Array {
    return this.next(TAG.bitString).content.subarray(1);
  }

  octetString(): Uint8Array {
    return this.next(TAG.octetString).content;
  }

  /** Milliseconds since the Unix epoch. */
  time(): number {
    const { tag, content } = this.next();
    const digits = decodeUtf8(content);
    const match = /^(\d\d(?:\d\d)?)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
    if (match === null || (tag !== TAG.utcTime && tag !== TAG.generalizedTime))
      throw new DerError('malformed time');
    const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const full = tag === TAG.utcTime ? (year < 50 ? 2000 + year : 1900 + year) : year;
    return Date.UTC(full, month - 1, day, hour, minute, second);
  }

  /** Calls `take` until nothing is left. */
  each<T>(take: (reader: DerReader) => T): T[] {
    const taken: T[] = [];
    while (!this.done) taken.push(take(this));
    return taken;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new DerError('data is cut off');
    return byte;
  }
}

/** "1.2.840.10045.2.1". */
function oidText({ content }: DerElement): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
    }
  }
  const [head = 0, ...rest] = numbers;
  const first = Math.min(Math.floor(head / 40), 2);
  return [first, head - first * 40, ...rest].join('.');
}
