/**
 * Calls `work` up to `count` times in batches of 1, 2, 4, …, so that a request that must fail is
 * not sent a thousand times. Stops after the first batch with an error. Resolves to the number of
 * successes and the first error.
 *
 * Models pkg/controller slowStartBatch.
 */
export async function slowStartBatch(
  count: number,
  work: () => Promise<void>,
): Promise<{ readonly successes: number; readonly error?: unknown }> {
  let successes = 0;
  for (let batch = 1; successes < count; batch *= 2) {
    const size = Math.min(batch, count - successes);
    const results = await Promise.allSettled(Array.from({ length: size }, work));
    const failed = results.find((result) => result.status === 'rejected');
    successes += results.filter((result) => result.status === 'fulfilled').length;
    if (failed !== undefined) return { successes, error: failed.reason };
  }
  return { successes };
}
