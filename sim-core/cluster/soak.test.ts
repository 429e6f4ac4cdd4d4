import { expect, test } from 'vitest';
import { Soak } from '../testing/soak.ts';

test('an hour of stops and starts at random: everything that was acknowledged is there, and nothing else', async () => {
  const soak = await Soak.begin(1);
  const before = await soak.holdings();
  await soak.round(6);
  expect(await soak.problems()).toEqual([]);
  const after = await soak.holdings();
  expect(after).toEqual({ ...before, timers: expect.any(Number) as number });
  expect(after.timers).toBeLessThan(before.timers + 10);
});
