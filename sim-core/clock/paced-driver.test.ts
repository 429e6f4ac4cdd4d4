import { expect, test } from 'vitest';
import { PacedDriver } from './paced-driver.ts';
import { VirtualClock } from './virtual-clock.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A machine whose time passes when the driver sleeps, `lateness` milliseconds longer than it asked for. */
function newHost(until: number, lateness = 0) {
  let now = 1000;
  let ended = () => {};
  const end = new Promise<void>((resolve) => (ended = resolve));
  const host = {
    now: () => now,
    sleep: (milliseconds: number) => {
      now += milliseconds + lateness;
      if (now < until) return settle();
      ended();
      return end.then(settle);
    },
  };
  return { host, end };
}

test.each([
  [1, 1000],
  [0.5, 500],
  [100, 100_000],
])('at rate %d one second is %d simulated milliseconds', async (rate, expected) => {
  const clock = new VirtualClock({ start: 0, settle });
  const fired: number[] = [];
  clock.schedule(expected - 1, () => fired.push(clock.now()));
  const { host, end } = newHost(2000);
  const driver = new PacedDriver(clock, host, rate);
  driver.start();
  await end;
  await driver.stop();
  expect(clock.now()).toBeGreaterThanOrEqual(expected - 20 * rate);
  expect(clock.now()).toBeLessThanOrEqual(expected);
  driver.start();
  await driver.stop();
  expect(clock.now()).toBeLessThanOrEqual(expected);
  await clock.advanceTo(expected);
  expect(fired).toEqual([expected - 1]);
});

test('a change of rate holds from then on', async () => {
  const clock = new VirtualClock({ start: 0, settle });
  const { host, end } = newHost(2000);
  const driver = new PacedDriver(clock, host, 1);
  clock.schedule(400, () => (driver.rate = 10));
  driver.start();
  await end;
  await driver.stop();
  expect(driver.rate).toBe(10);
  // 400 ms at first, then ten times the rest.
  expect(clock.now()).toBeGreaterThan(5500);
  expect(clock.now()).toBeLessThanOrEqual(6400);
});

test('who waits for work outside goes on at once, not at the next tick', async () => {
  const clock = new VirtualClock({ start: 0, settle });
  // The machine's time stands still: a rest ends only where something wakes the driver.
  const driver = new PacedDriver(clock, { now: () => 0, sleep: () => new Promise(() => {}) });
  driver.start();
  await settle();
  expect(await clock.outside(Promise.resolve('read'))).toBe('read');
  expect(await clock.outside(settle().then(() => 'read again'))).toBe('read again');
  await driver.stop();
});

test('a machine that is late is caught up with', async () => {
  const clock = new VirtualClock({ start: 0, settle });
  const { host, end } = newHost(3000, 480);
  const driver = new PacedDriver(clock, host);
  driver.start();
  await end;
  await driver.stop();
  expect(clock.now()).toBe(1500);
});

test.each([0, -1, NaN, Infinity])('a rate of %d is refused', (rate) => {
  const clock = new VirtualClock({ start: 0, settle });
  expect(() => new PacedDriver(clock, newHost(2000).host, rate)).toThrow(RangeError);
});
