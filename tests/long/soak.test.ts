import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Soak } from '../../sim-core/testing/soak.ts';

/** A round of so many blows takes about an hour, the time to mend included. */
const ROUNDS = 24;
const BLOWS = 6;
const HOURS = 3_600_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heap = () => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

test.each([1, 2, 3])(
  'a day of stops and starts at random, seed %d',
  async (seed) => {
    const soak = await Soak.begin(seed);
    const before = await soak.holdings();
    await soak.round(BLOWS);
    let early = 0;
    for (let round = 1; round < ROUNDS; round++) {
      await soak.round(BLOWS);
      expect(await soak.problems(), `after round ${round}`).toEqual([]);
      const { timers, ...rest } = await soak.holdings();
      const { timers: timersBefore, ...restBefore } = before;
      expect(rest, `after round ${round}`).toEqual(restBefore);
      expect(timers).toBeLessThan(timersBefore + 10);
      if (round === 4) early = heap();
    }
    expect(soak.writes).toBeGreaterThan(ROUNDS);
    expect(heap()).toBeLessThan(early * 1.25);
  },
  HOURS,
);
