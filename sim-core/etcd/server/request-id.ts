/** Ids begin with 16 bits of the member, then 40 bits of milliseconds, then 8 bits that count. */
const TIMESTAMP_BITS = 40n;
const COUNTER_BITS = 8n;
const SUFFIX_BITS = TIMESTAMP_BITS + COUNTER_BITS;
const POSITIVE_INT64 = (1n << 63n) - 1n;

/** Makes ids that no restart repeats. Models pkg/idutil Generator. */
export class RequestIdGenerator {
  readonly #prefix: bigint;
  #suffix: bigint;

  /** `memberId` as a decimal text; `now` in milliseconds since the Unix epoch. */
  constructor(memberId: string, now: number) {
    this.#prefix = BigInt.asUintN(16, BigInt(memberId)) << SUFFIX_BITS;
    this.#suffix = BigInt.asUintN(Number(TIMESTAMP_BITS), BigInt(Math.trunc(now))) << COUNTER_BITS;
  }

  /** The next id as a positive lease id. */
  nextLease(): string {
    this.#suffix++;
    return ((this.#prefix | BigInt.asUintN(Number(SUFFIX_BITS), this.#suffix)) & POSITIVE_INT64).toString();
  }
}
