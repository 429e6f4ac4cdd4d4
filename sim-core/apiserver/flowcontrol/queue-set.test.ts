import { expect, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { settle } from '../../testing/settle.ts';
import { DroppedRequestsTracker } from './dropped-requests-tracker.ts';
import { QueueSet } from './queue-set.ts';
import { deal, hashOf } from './shuffle-sharding.ts';

const newClock = () => new VirtualClock({ start: 0, settle });
const QUEUING = { queues: 8, handSize: 2, queueLengthLimit: 3 };

test('QueueSet without queues turns away what finds no seat', async () => {
  const set = new QueueSet(newClock(), { seats: 2 });
  expect([await set.start('a', 1), await set.start('a', 1), await set.start('a', 1)]).toEqual([
    undefined,
    undefined,
    'concurrency-limit',
  ]);
  set.finish();
  expect(await set.start('a', 1)).toBeUndefined();
});

test('QueueSet starts who waits, in order, as seats come free', async () => {
  const set = new QueueSet(newClock(), { seats: 1, queuing: { ...QUEUING, handSize: 1 } });
  const started: string[] = [];
  for (const name of ['first', 'second', 'third'])
    void set.start('flow', 1000).then(() => started.push(name));
  await settle();
  expect([started, set.waiting]).toEqual([['first'], 2]);
  set.finish();
  await settle();
  set.finish();
  await settle();
  expect([started, set.waiting, set.executing]).toEqual([['first', 'second', 'third'], 0, 1]);
});

test('QueueSet: a flow fills the queues of its hand and no more', async () => {
  const set = new QueueSet(newClock(), { seats: 1, queuing: QUEUING });
  const answers: (string | undefined)[] = [];
  for (let index = 0; index < 9; index++) void set.start('flow', 1000).then((answer) => answers.push(answer));
  await settle();
  // One runs, two queues hold three each.
  expect([set.executing, set.waiting]).toEqual([1, 6]);
  expect(answers).toEqual([undefined, 'queue-full', 'queue-full']);
});

test('QueueSet gives a quiet flow its turn before a busy one', async () => {
  const queues = 64;
  const hands = (flow: string) => deal(hashOf(flow), queues, 1)[0];
  expect(hands('busy')).not.toBe(hands('quiet'));
  const set = new QueueSet(newClock(), { seats: 1, queuing: { queues, handSize: 1, queueLengthLimit: 50 } });
  const started: string[] = [];
  for (let index = 0; index < 10; index++) void set.start('busy', 1000).then(() => started.push('busy'));
  void set.start('quiet', 1000).then(() => started.push('quiet'));
  for (let index = 0; index < 3; index++) {
    await settle();
    set.finish();
  }
  await settle();
  expect(started.slice(0, 3)).toContain('quiet');
});

test('QueueSet: who waits too long is turned away', async () => {
  const clock = newClock();
  const set = new QueueSet(clock, { seats: 1, queuing: QUEUING });
  await set.start('a', 100);
  const late = set.start('a', 100);
  await clock.advance(99);
  expect(set.waiting).toBe(1);
  await clock.advance(1);
  expect([await late, set.waiting]).toEqual(['time-out', 0]);
});

test('QueueSet.reconfigure: more seats let waiters in', async () => {
  const set = new QueueSet(newClock(), { seats: 1, queuing: QUEUING });
  await set.start('a', 100);
  const second = set.start('a', 100);
  set.reconfigure({ seats: 2, queuing: QUEUING });
  expect([await second, set.executing]).toEqual([undefined, 2]);
});

test.each([
  { hash: 1000, deck: 8, hand: 3, want: [0, 7, 6] },
  { hash: 0, deck: 5, hand: 3, want: [0, 1, 2] },
  { hash: 123456789, deck: 3, hand: 9, want: [0, 2, 1] },
])('deal($hash, $deck, $hand)', ({ hash, deck, hand, want }) => {
  const cards = deal(hash, deck, hand);
  expect(new Set(cards).size).toBe(cards.length);
  expect(cards).toEqual(want);
});

test('DroppedRequestsTracker doubles while many are dropped and comes down after', () => {
  const tracker = new DroppedRequestsTracker();
  const drop = (second: number, count: number) => {
    for (let index = 0; index < count; index++) tracker.record(second * 1000);
  };
  drop(100, 10);
  expect(tracker.retryAfter).toBe(1);
  drop(101, 10);
  expect(tracker.retryAfter).toBe(2);
  drop(103, 10);
  expect(tracker.retryAfter).toBe(4);
  drop(200, 1);
  drop(210, 1);
  expect(tracker.retryAfter).toBe(2);
});
