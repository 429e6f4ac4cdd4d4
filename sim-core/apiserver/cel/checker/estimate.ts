/** Costs and sizes are unsigned 64-bit numbers that stay at the largest. */
export const MAX = 2n ** 64n - 1n;

/** The least and the most that something costs, or how large it is. Models cel-go checker/cost.go. */
export interface Estimate {
  readonly min: bigint;
  readonly max: bigint;
}

export const fixed = (value: bigint | number): Estimate => ({ min: BigInt(value), max: BigInt(value) });
export const NONE = fixed(0);
export const UNKNOWN: Estimate = { min: 0n, max: MAX };

const capped = (value: bigint) => (value > MAX ? MAX : value);
const scaled = (value: bigint, factor: number): bigint => {
  const product = Math.ceil(Number(value) * factor);
  return product >= 2 ** 64 ? MAX : BigInt(product);
};

export const plus = (...all: readonly Estimate[]): Estimate =>
  all.reduce((sum, { min, max }) => ({ min: capped(sum.min + min), max: capped(sum.max + max) }), NONE);
export const times = (a: Estimate, b: Estimate): Estimate => ({
  min: capped(a.min * b.min),
  max: capped(a.max * b.max),
});
/** Rounded up. */
export const byFactor = ({ min, max }: Estimate, factor: number): Estimate => ({
  min: scaled(min, factor),
  max: scaled(max, factor),
});
export const union = (a: Estimate, b: Estimate): Estimate => ({
  min: a.min < b.min ? a.min : b.min,
  max: a.max > b.max ? a.max : b.max,
});
