/** True in the long run of the tests, `npm run test:long`. */
const isLong = process.env.TEST_LONG === '1';

/** How much of something a test does: `usual` in `npm test`, `long` in the long run. */
export function scaled(usual: number, long: number): number {
  return isLong ? long : usual;
}

/** A time limit in milliseconds that a busy machine keeps, and the long run too. */
export const PATIENCE = isLong ? 3_600_000 : 120_000;
