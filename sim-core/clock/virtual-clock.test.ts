import { describe, expect, test } from 'vitest';
import { Context } from './context.ts';
import { VirtualClock } from './virtual-clock.ts';

const newClock = () =>
  new VirtualClock({ start: 1_000, settle: () => new Promise((resolve) => setImmediate(resolve)) });

describe('VirtualClock', () => {
  test('fires timers in order of their instant, ties in order of making', async () => {
    const clock = newClock();
    const fired: string[] = [];
    for (const [name, delay] of [
      ['late', 30],
      ['first', 10],
      ['second', 10],
      ['now', 0],
    ] as const) {
      clock.schedule(delay, () => fired.push(`${name}@${clock.now()}`));
    }
    await clock.advance(100);
    expect(fired).toEqual(['now@1000', 'first@1010', 'second@1010', 'late@1030']);
    expect(clock.now()).toBe(1_100);
  });

  test('leapTo fires what was due on the way once, late, in its order', async () => {
    const clock = newClock();
    const fired: string[] = [];
    const beat = () => {
      fired.push(`beat@${clock.now()}`);
      clock.schedule(10, beat, { periodic: true });
    };
    clock.schedule(10, beat, { periodic: true });
    clock.schedule(25, () => fired.push(`once@${clock.now()}`));
    clock.schedule(200, () => fired.push('later'));
    await clock.leapTo(1_100);
    expect(fired).toEqual(['beat@1100', 'once@1100']);
    await clock.advance(10);
    expect(fired.at(-1)).toBe('beat@1110');
  });

  test('nextTransient is when the next timer is due that is neither periodic nor cancelled', () => {
    const clock = newClock();
    clock.schedule(10, () => {}, { periodic: true });
    expect(clock.nextTransient()).toBeUndefined();
    clock.schedule(300, () => {});
    const sooner = clock.schedule(200, () => {});
    expect(clock.nextTransient()).toBe(1_200);
    sooner.cancel();
    expect(clock.nextTransient()).toBe(1_300);
  });

  test('keeps the order of a thousand random timers', async () => {
    const clock = newClock();
    const fired: number[] = [];
    let delay = 7;
    for (let index = 0; index < 1_000; index++) {
      delay = (delay * 31) % 997;
      clock.schedule(delay, () => fired.push(clock.now()));
    }
    await clock.advance(1_000);
    expect(fired).toHaveLength(1_000);
    expect(fired).toEqual([...fired].sort((a, b) => a - b));
  });

  test('finishes all work of one timer before the next of the same instant', async () => {
    const clock = newClock();
    const log: string[] = [];
    const work = async (name: string) => {
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      log.push(name);
    };
    clock.schedule(5, () => void work('a'));
    clock.schedule(5, () => log.push('b'));
    await clock.advance(5);
    expect(log).toEqual(['a', 'b']);
  });

  test('leaves timers beyond the limit alone', async () => {
    const clock = newClock();
    let fired = 0;
    clock.schedule(11, () => fired++);
    await clock.advance(10);
    expect(fired).toBe(0);
    expect(clock.nextTimer()).toBe(1_011);
  });

  test('a cancelled timer neither fires nor keeps the clock from being quiet', async () => {
    const clock = newClock();
    let fired = 0;
    const timer = clock.schedule(10, () => fired++);
    expect(clock.quiet).toBe(false);
    timer.cancel();
    timer.cancel();
    expect(clock.quiet).toBe(true);
    await clock.advance(20);
    expect(fired).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('untilQuiet runs periodic timers on the way but does not wait for them', async () => {
    const clock = newClock();
    let beats = 0;
    const beat = () => {
      beats++;
      clock.schedule(10, beat, { periodic: true });
    };
    clock.schedule(10, beat, { periodic: true });
    let done = false;
    clock.schedule(35, () => (done = true));
    expect(await clock.untilQuiet(1_000)).toBe(true);
    expect([done, beats, clock.now()]).toEqual([true, 3, 1_035]);
  });

  test('untilQuiet gives up at its limit', async () => {
    const clock = newClock();
    const again = () => void clock.schedule(10, again);
    again();
    expect(await clock.untilQuiet(100)).toBe(false);
    expect(clock.now()).toBe(1_100);
  });

  test('until moves time only as far as the work needs', async () => {
    const clock = newClock();
    clock.schedule(500, () => {});
    const work = async () => {
      await clock.sleep(20);
      await clock.sleep(30);
      return 'done';
    };
    expect(await clock.until(work())).toBe('done');
    expect(clock.now()).toBe(1_050);
  });

  test('until rejects as the work does', async () => {
    const clock = newClock();
    const work = clock.sleep(5).then(() => {
      throw new Error('no');
    });
    await expect(clock.until(work)).rejects.toThrow('no');
  });

  test('until says so when nothing can make the work settle', async () => {
    const clock = newClock();
    await expect(clock.until(new Promise(() => {}))).rejects.toThrow(/no timer will bring/);
  });

  test('until ends at its limit', async () => {
    const clock = newClock();
    const again = () => void clock.schedule(10, again);
    again();
    await expect(clock.until(new Promise(() => {}), 100)).rejects.toThrow(/within 100 ms/);
  });

  test('time stands still while work runs outside', async () => {
    const clock = newClock();
    const log: string[] = [];
    clock.schedule(10, () => log.push('timer'));
    const work = (async () => {
      await clock.outside(new Promise((resolve) => setTimeout(resolve, 5)));
      log.push('loaded');
      await clock.sleep(20);
    })();
    await clock.until(work);
    expect(log).toEqual(['loaded', 'timer']);
  });

  test('how long work outside takes makes no difference to the order of what follows', async () => {
    const orders = await Promise.all(
      [0, 20].map(async (duration) => {
        const clock = newClock();
        const log: string[] = [];
        const outside = async (name: string, milliseconds: number) => {
          const work =
            milliseconds === 0 ? Promise.resolve() : new Promise((r) => setTimeout(r, milliseconds));
          await clock.outside(work);
          log.push(name);
        };
        const inside = async () => {
          for (let turn = 0; turn < 100; turn++) await Promise.resolve();
          log.push('inside');
        };
        await clock.until(Promise.all([outside('first', duration), outside('second', 5), inside()]));
        return log;
      }),
    );
    expect(orders).toEqual([
      ['inside', 'first', 'second'],
      ['inside', 'first', 'second'],
    ]);
  });

  test('sleep ends at once when its context is cancelled', async () => {
    const clock = newClock();
    const context = new Context();
    let woke = 0;
    void clock.sleep(1_000, { context }).then(() => (woke = clock.now()));
    clock.schedule(10, () => context.cancel());
    await clock.advance(20);
    expect(woke).toBe(1_010);
    expect(clock.pending).toBe(0);
  });

  test('refuses a delay that is no duration', () => {
    expect(() => newClock().schedule(-1, () => {})).toThrow(RangeError);
    expect(() => newClock().schedule(Number.NaN, () => {})).toThrow(RangeError);
  });
});

describe('timers that were cancelled', () => {
  test('are not pending', () => {
    const clock = newClock();
    for (let index = 0; index < 10_000; index++) clock.schedule(1e12 + index, () => {}).cancel();
    clock.schedule(5, () => {});
    expect(clock.pending).toBe(1);
    expect(clock.nextTimer()).toBe(1_005);
  });

  test('do not disturb the order of the others', async () => {
    const clock = newClock();
    const fired: number[] = [];
    const timers = Array.from({ length: 500 }, (_, index) =>
      clock.schedule((index * 7919) % 1000, () => fired.push((index * 7919) % 1000)),
    );
    timers.forEach((timer, index) => {
      if (index % 3 !== 0) timer.cancel();
    });
    await clock.advance(1_000);
    expect(fired).toHaveLength(167);
    expect(fired).toEqual([...fired].sort((a, b) => a - b));
  });
});
