import { beforeEach, describe, expect, it } from 'vitest';
import { Context } from '../../../clock/context.ts';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import { settle } from '../../../testing/settle.ts';
import { WorkQueue } from './queue.ts';
import { runWorkers } from './run-workers.ts';

describe('WorkQueue', () => {
  let clock: VirtualClock;
  let context: Context;
  let queue: WorkQueue;
  beforeEach(() => {
    clock = new VirtualClock({ start: 0, settle });
    context = new Context();
    queue = new WorkQueue(clock, context);
  });

  it('holds a key once', async () => {
    for (const key of ['a', 'b', 'a']) queue.add(key);
    expect([await queue.get(), await queue.get(), queue.size]).toEqual(['a', 'b', 0]);
  });

  it('gives a key that was added while it is worked on only after that work', async () => {
    queue.add('a');
    await queue.get();
    queue.add('a');
    expect(queue.size).toBe(0);
    queue.done('a');
    expect(await queue.get()).toBe('a');
  });

  it('hands a key to whoever waits for one', async () => {
    const waiting = queue.get();
    queue.add('a');
    expect(await waiting).toBe('a');
  });

  it('adds after a delay, the earliest of several', async () => {
    queue.addAfter('a', 1000);
    queue.addAfter('a', 200);
    queue.addAfter('a', 500);
    await clock.advance(199);
    expect(queue.size).toBe(0);
    await clock.advance(1);
    expect(queue.size).toBe(1);
    expect(clock.nextTimer()).toBeUndefined();
  });

  it('retries after 5, 10, 20 … ms, and counts long waits as standing trouble', async () => {
    const times: number[] = [];
    const run = runWorkers(queue, 1, async () => {
      times.push(clock.now());
      throw new StatusError(500, 'InternalError', 'no');
    });
    queue.add('a');
    await clock.untilQuiet(60_000);
    expect(times.slice(0, 5)).toEqual([0, 5, 15, 35, 75]);
    expect(clock.now()).toBeLessThan(2000);
    context.cancel();
    await run;
    expect(clock.nextTimer()).toBeUndefined();
  });

  it('rejects for a fault that no server answered with', async () => {
    queue.add('a');
    await expect(
      runWorkers(queue, 1, async () => {
        throw new TypeError('undefined is not a function');
      }),
    ).rejects.toThrow(TypeError);
  });
});
