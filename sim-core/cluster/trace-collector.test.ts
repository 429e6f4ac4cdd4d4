import { expect, test } from 'vitest';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { settle } from '../testing/settle.ts';
import { TraceCollector } from './trace-collector.ts';

const component = { type: 'component', component: 'etcd', node: 'controlplane', state: 'started' } as const;

test('events are numbered from 1 and carry time and request', async () => {
  const clock = new VirtualClock({ start: 1000, settle });
  const trace = new TraceCollector(clock);
  trace.emit(component);
  await clock.advance(5);
  trace.emit({ type: 'validated', kind: 'Pod' }, 'a');
  expect(trace.events).toEqual([
    { v: 1, sequence: 1, time: 1000, ...component },
    { v: 1, sequence: 2, time: 1005, request: 'a', type: 'validated', kind: 'Pod' },
  ]);
});

test('listeners hear what comes after them until they stop', () => {
  const trace = new TraceCollector(new VirtualClock({ start: 0, settle }));
  const heard: number[] = [];
  trace.emit(component);
  const stop = trace.onEvent(({ sequence }) => heard.push(sequence));
  trace.emit(component);
  stop();
  trace.emit(component);
  expect(heard).toEqual([2]);
});

test('the newest events are kept, in order, however many there are', () => {
  const trace = new TraceCollector(new VirtualClock({ start: 0, settle }));
  for (let round = 0; round < 5; round++) {
    for (let index = 0; index < 30_000; index++) trace.emit(component);
    expect(trace.events.at(-1)!.sequence).toBe((round + 1) * 30_000);
    const { length } = trace.events;
    expect(trace.events[0]!.sequence).toBe((round + 1) * 30_000 - length + 1);
    expect(length).toBeLessThanOrEqual(100_000);
    expect(length).toBeGreaterThanOrEqual(Math.min((round + 1) * 30_000, 50_000));
  }
});
