import { expect, it } from 'vitest';
import { waitingTime } from './waiting-time.ts';

it.each([
  [{ kind: 'not-ready', object: 'node01', due: 32_000 }, 'node01: NotReady까지 31초', 10],
  [{ kind: 'eviction', object: 'default/web', due: 300_000 }, 'default/web: 축출까지 299초', 100],
  [{ kind: 'termination', object: 'default/web', due: 500 }, 'default/web: 종료', 2],
  [{ kind: 'run', object: 'default/hello', due: 11_000 }, 'default/hello: 다음 실행까지 10초', 5],
  [{ kind: 'retry', object: 'default/web', status: 'CrashLoopBackOff' }, 'default/web: CrashLoopBackOff', 30],
  [{ kind: 'timer', object: '', due: 1_000 }, '클러스터에 하던 일이 남아 있다', 2],
  [{ kind: 'timer', object: '', due: 1_600 }, '예정된 일까지 1초', 2],
] as const)('says of %j: %s, at %ix', (work, text, speed) => {
  const waiting = waitingTime([work], 1000, false);
  expect(waiting?.text).toBe(text);
  expect(waiting?.rush.speed).toBe(speed);
  // What is due has been reacted to by then.
  expect(waiting?.rush.until).toBeGreaterThan(('due' in work ? work.due : 0) + 5000);
});

it('names the first of several, and says nothing of none', () => {
  const work = { kind: 'start', object: 'default/web', status: 'ContainerCreating' } as const;
  expect(waitingTime([work, work, work], 0, false)?.text).toBe('default/web: ContainerCreating 외 2건');
  expect(waitingTime([], 0, false)).toBeUndefined();
});

it('says nothing of what has no name and comes at once, where nothing was done yet', () => {
  expect(waitingTime([{ kind: 'timer', object: '', due: 1000 }], 1000, true)).toBeUndefined();
  expect(waitingTime([{ kind: 'not-ready', object: 'node01' }], 1000, true)).toBeDefined();
});
