/** Points of the logistic curve between -2048 and 2047, 128 apart: probabilities of 12 bits. */
const CURVE = [
  1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994, 3348, 3607, 3785,
  3901, 3975, 4022, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094,
];

/** The probability of so many 256ths of a natural logit, in whole numbers: every engine computes the same. */
function squash(logit: number): number {
  const part = logit & 127;
  const point = (logit >> 7) + 16;
  return (CURVE[point]! * (128 - part) + CURVE[point + 1]! * part + 64) >> 7;
}

/** The logit of each probability of 12 bits. */
const LOGITS = new Int16Array(4096);
/** The probability of each logit from -2048, in 16 bits and never certain. */
const PROBABILITIES = new Int32Array(4096);
for (let logit = -2048, filled = 0; logit < 2048; logit++) {
  const probability = squash(logit);
  PROBABILITIES[logit + 2048] = probability * 16 + 8;
  for (; filled <= probability || (logit === 2047 && filled < 4096); filled++) LOGITS[filled] = logit;
}

/** How much of the error the n-th visit of a slot takes away, in 32768ths: less and less. */
const RATES = Int32Array.from({ length: 1024 }, (_, visits) => Math.floor(32768 / (visits + 1.5)));

export interface BitModelConfig {
  /** How many predictions are mixed. */
  readonly inputs: number;
  /** How many sets of weights there are. */
  readonly sets: number;
  /** How many slots there are: a power of two. */
  readonly size: number;
  /** After so many visits a slot learns no slower. */
  readonly limit: number;
}

/**
 * Predicts bits. Each of `slots` names a counter of what came before in one kind of context; their predictions are
 * mixed with weights that are learnt as well.
 */
export class BitModel {
  /** To be filled before each prediction; read modulo the size. */
  readonly slots: Int32Array;
  readonly #logits: Int32Array;
  readonly #weights: Int32Array;
  /** 22 bits of probability, 10 bits of visits. */
  readonly #counters: Uint32Array;
  readonly #limit: number;
  #weightsAt = 0;
  #probability = 0;

  constructor({ inputs, sets, size, limit }: BitModelConfig) {
    this.slots = new Int32Array(inputs);
    this.#logits = new Int32Array(inputs);
    this.#weights = new Int32Array(inputs * sets).fill(Math.floor((1.6 * 65536) / inputs));
    this.#counters = new Uint32Array(size).fill(2 ** 31);
    this.#limit = limit;
  }

  /** How likely the next bit is 1, in 65536ths, by the weights of this set. */
  predict(set: number): number {
    const { slots } = this;
    const logits = this.#logits;
    const weights = this.#weights;
    const counters = this.#counters;
    const mask = counters.length - 1;
    const at = (this.#weightsAt = set * slots.length);
    let sum = 0;
    for (let index = 0; index < slots.length; index++) {
      const slot = (slots[index]! &= mask);
      const logit = (logits[index] = LOGITS[counters[slot]! >>> 20]!);
      sum += Math.imul(logit, weights[at + index]!) >> 8;
    }
    const mixed = Math.max(-2048, Math.min(2047, sum >> 8));
    return (this.#probability = PROBABILITIES[mixed + 2048]!);
  }

  /** What the bit was that was predicted last. */
  learn(bit: number): void {
    const { slots } = this;
    const weights = this.#weights;
    const counters = this.#counters;
    const logits = this.#logits;
    const limit = this.#limit;
    const at = this.#weightsAt;
    const error = (((bit << 16) - this.#probability) >> 4) * 20;
    const target = bit === 1 ? 4_194_303 : 0;
    for (let index = 0; index < slots.length; index++) {
      weights[at + index]! += (Math.imul(logits[index]!, error) + 32_768) >> 16;
      const slot = slots[index]!;
      const counter = counters[slot]!;
      const visits = counter & 1023;
      const probability = counter >>> 10;
      const moved = probability + (Math.imul((target - probability) >> 6, RATES[visits]!) >> 9);
      counters[slot] = ((moved << 10) | (visits < limit ? visits + 1 : visits)) >>> 0;
    }
  }
}
