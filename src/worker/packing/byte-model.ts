import { BitModel } from './bit-model.ts';

/** How many bytes back tell where the same came before, a few of them where no longer run is known; their hashes. */
const SHORT = { bits: 18, factor: 0x2f0b4a20, minimum: 5 };
const LONG = { bits: 18, factor: 0x2f0b4a2a, minimum: 20 };
/** A run of this length goes on nearly always. */
const SURE = 32;
/** A run that is shorter is given up for a longer one. */
const LOOKS = 16;
/** A place where so many bytes were not what was expected is given up. */
const MISSES = 8;
const INPUTS = 5;

/** Codes one bit, of which the model thinks that it is 1 with this probability, in 65536ths. */
export type CodeBit = (bit: number, probability: number) => number;

/**
 * Predicts text that repeats itself, as the objects of a cluster do: first whether the next byte is the one that
 * followed when the last bytes came before, else, bit by bit, what it is after the bytes before it.
 *
 * One model writes and reads: `code` of {@link ByteModel.next} says a bit that is written, or gives one that is read.
 */
export class ByteModel {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** Where the byte stands that is expected next; -1 for nowhere. */
  #expectedAt = -1;
  /** How many bytes were as expected, and were not. */
  #run = 0;
  #misses = 0;
  #shortHash = 0;
  #longHash = 0;
  readonly #short = new Int32Array(1 << SHORT.bits).fill(-1);
  readonly #long = new Int32Array(1 << LONG.bits).fill(-1);
  readonly #sure = new Uint32Array(32).fill(0xff00_0000);
  readonly #same = new BitModel({ inputs: 4, sets: 64, size: 1 << 18, limit: 60 });
  readonly #other = new BitModel({ inputs: INPUTS, sets: 512, size: 1 << 20, limit: 24 });
  readonly #contexts = new Int32Array(INPUTS);
  readonly #bases = new Int32Array(INPUTS);

  /** `bytes` takes what is read; what is written stands in it already. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Codes the next byte. */
  next(code: CodeBit): void {
    const byte = this.#bytes[this.#at]!;
    const expected = this.#expectedAt < 0 ? -1 : this.#bytes[this.#expectedAt]!;
    if (this.#run >= SURE) {
      if (this.#goesOn(expected === byte ? 1 : 0, code)) {
        // The place where the same stands is known by its hashes already.
        this.#bytes[this.#at++] = expected;
        this.#expectedAt++;
        this.#run++;
        return;
      }
      for (let at = this.#at - LONG.minimum; at < this.#at; at++) this.#hash(this.#bytes[at]!);
    } else if (expected >= 0 && this.#isSame(expected, byte, code)) {
      this.#take(expected);
      return;
    }
    this.#take(this.#codeOther(expected, byte, code));
  }

  #goesOn(bit: number, code: CodeBit): boolean {
    const length = Math.min(this.#sure.length - 1, this.#run >> 5);
    const probability = this.#sure[length]!;
    const coded = code(bit, probability >>> 16);
    this.#sure[length] = probability + Math.trunc(((coded === 1 ? 0xffff_8000 : 0x8000) - probability) / 256);
    return coded === 1;
  }

  #isSame(expected: number, byte: number, code: CodeBit): boolean {
    const bit = expected === byte ? 1 : 0;
    const before = this.#bytes[this.#at - 1] ?? 0;
    const earlier = this.#bytes[this.#at - 2] ?? 0;
    const { slots } = this.#same;
    slots[0] = this.#run * MISSES + this.#misses;
    slots[1] = 1024 + ((expected << 8) | before);
    slots[2] = 70_000 + (mix(expected, Math.min(16, this.#run), before * 7 + earlier) & 0xffff);
    slots[3] = 140_000 + (mix(expected, this.#misses * 8 + Math.min(7, this.#run >> 2), 77) & 0xffff);
    return codeWith(this.#same, Math.min(7, this.#run >> 1) * 8 + this.#misses, bit, code) === 1;
  }

  #codeOther(expected: number, byte: number, code: CodeBit): number {
    const contexts = this.#contexts;
    const back = (count: number) => this.#bytes[this.#at - count] ?? 0;
    contexts[0] = mix(back(1), 0, 1);
    contexts[1] = mix(back(1), back(2), 2);
    contexts[2] = mix(contexts[1], back(3), 3);
    contexts[3] = this.#wordContext();
    contexts[4] = mix(expected, back(1), 4);
    const { slots } = this.#other;
    const bases = this.#bases;
    const sets = expected < 0 ? 0 : 256;
    let coded = 1;
    for (const shift of [4, 0]) {
      // The counters of one half of a byte stand side by side.
      for (let index = 0; index < INPUTS; index++) bases[index] = mix(contexts[index]!, coded, index) << 4;
      let node = 1;
      for (let place = 3; place >= 0; place--) {
        for (let index = 0; index < INPUTS; index++) slots[index] = bases[index]! + node;
        const bit = codeWith(this.#other, sets + coded, (byte >> (shift + place)) & 1, code);
        coded = coded * 2 + bit;
        node = node * 2 + bit;
      }
    }
    return coded & 255;
  }

  /** The letters before, and what stands between them and here. */
  #wordContext(): number {
    let hash = 0;
    for (let at = this.#at - 1; at >= 0 && at > this.#at - 20; at--) {
      const letter = this.#bytes[at]! | 32;
      if (letter < 97 || letter > 122) break;
      hash = Math.imul(hash + letter, 0x2f0b4a27);
    }
    return mix(hash, 0, 5);
  }

  #take(byte: number): void {
    const bytes = this.#bytes;
    bytes[this.#at++] = byte;
    this.#hash(byte);
    if (this.#expectedAt >= 0) {
      if (bytes[this.#expectedAt++] === byte) {
        this.#run++;
        if (this.#run > 15) this.#misses = 0;
      } else {
        this.#run = 0;
        if (++this.#misses === MISSES) {
          this.#expectedAt = -1;
          this.#misses = 0;
        }
      }
    }
    if (this.#expectedAt < 0 || this.#run < LOOKS) this.#look();
    this.#short[this.#shortHash] = this.#at;
    this.#long[this.#longHash] = this.#at;
  }

  #hash(byte: number): void {
    this.#shortHash = (Math.imul(this.#shortHash, SHORT.factor) + byte + 1) & ((1 << SHORT.bits) - 1);
    this.#longHash = (Math.imul(this.#longHash, LONG.factor) + byte + 1) & ((1 << LONG.bits) - 1);
  }

  /** Looks for a longer run than the one that is followed. */
  #look(): void {
    let place = this.#long[this.#longHash]!;
    let length = this.#common(place);
    if (length < LONG.minimum) {
      place = this.#short[this.#shortHash]!;
      length = this.#common(place);
      if (length < SHORT.minimum) return;
    }
    if (length <= this.#run) return;
    this.#expectedAt = place;
    this.#run = length;
    if (length > 15) this.#misses = 0;
  }

  /** How many bytes before this place are those before the next byte. */
  #common(place: number): number {
    let length = 0;
    while (
      length < SURE &&
      length < place &&
      this.#bytes[place - 1 - length] === this.#bytes[this.#at - 1 - length]
    )
      length++;
    return length;
  }
}

function codeWith(model: BitModel, set: number, bit: number, code: CodeBit): number {
  const coded = code(bit, model.predict(set));
  model.learn(coded);
  return coded;
}

function mix(a: number, b: number, c: number): number {
  let hash =
    Math.imul(a + 0x1e3779b1, 0x05ebca6b) ^
    Math.imul(b + 0x165667b1, 0x42b2ae35) ^
    Math.imul(c + 1, 0x27d4eb2f);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
