import { expect, it } from 'vitest';
import { HeartbeatFilter } from './heartbeats.ts';
import type { TraceEvent } from './protocol.ts';

const component = (state: 'started' | 'stopped' | 'failed', node = 'node01') =>
  ({ sequence: 1, time: 0, type: 'component', component: 'kubelet', node, state }) as TraceEvent;

it('a component that starts is news only after it was seen to stop', () => {
  const filter = new HeartbeatFilter();
  expect(filter.news([component('started'), component('started', 'node02')])).toEqual([]);
  const [stopped, started] = [component('stopped'), component('started')];
  expect(filter.news([stopped])).toEqual([stopped]);
  expect(filter.news([component('started', 'node02'), started])).toEqual([started]);
  expect(filter.news([started])).toEqual([]);
  const failed = component('failed');
  expect(filter.news([failed, started])).toEqual([failed, started]);
});
