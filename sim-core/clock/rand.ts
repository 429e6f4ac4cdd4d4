/** The letters and digits that Kubernetes puts into generated names: no vowels, no look-alikes. */
const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** The two hexadecimal digits of each byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A seeded source of random numbers (sfc32). The same seed gives the same numbers everywhere.
 * Each component gets a {@link Rand.fork} of its own, so that one's draws do not move another's.
 */
export class Rand {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number | string) {
    let hash = hash32(String(seed), 0x9e3779b9);
    this.#a = hash;
    this.#b = hash = hash32(String(seed), hash);
    this.#c = hash32(String(seed), hash);
    for (let round = 0; round < 12; round++) this.uint32();
  }

  /** A whole number from 0 to 2³²−1. */
  uint32(): number {
    const t = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return t >>> 0;
  }

  /** A number from 0 up to, not including, 1. */
  float(): number {
    return this.uint32() / 4294967296;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  int(limit: number): number {
    return Math.floor(this.float() * limit);
  }

  /** `length` random bytes. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index++) bytes[index] = this.uint32() & 0xff;
    return bytes;
  }

  /** A random suffix as in generated names. Models k8s.io/apimachinery/pkg/util/rand String. */
  nameSuffix(length = 5): string {
    let suffix = '';
    for (let index = 0; index < length; index++) {
      suffix += NAME_ALPHABET[this.int(NAME_ALPHABET.length)];
    }
    return suffix;
  }

  /** `length` random bytes as lower-case hexadecimal digits. */
  hex(length: number): string {
    let text = '';
    for (let index = 0; index < length; index++) text += HEX[this.uint32() & 0xff]!;
    return text;
  }

  /** A version 4 UUID. */
  uuid(): string {
    let text = '';
    for (let index = 0; index < 16; index++) {
      let byte = this.uint32() & 0xff;
      if (index === 6) byte = (byte & 0x0f) | 0x40;
      if (index === 8) byte = (byte & 0x3f) | 0x80;
      if (index === 4 || index === 6 || index === 8 || index === 10) text += '-';
      text += HEX[byte]!;
    }
    return text;
  }

  /** A generator of its own for the component called `name`; depends on this one's next draw. */
  fork(name: string): Rand {
    return new Rand(`${this.uint32()}/${name}`);
  }
}

function hash32(text: string, seed: number): number {
  let hash = seed | 0;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash | 0;
}
