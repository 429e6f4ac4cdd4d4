import type { Pod, Service } from 'kubernetes-types/core/v1';
import { expect, test } from 'vitest';
import { TriggerTimeTracker } from './trigger-time-tracker.ts';

const at = (second: number) => `2026-11-23T09:00:0${second}Z`;
const SERVICE: Service = { metadata: { name: 'web', creationTimestamp: at(1) } };
const pod = (name: string, second: number): Pod => ({
  metadata: { name },
  status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at(second) }] },
});

test('says when the oldest change since the last look happened', () => {
  const tracker = new TriggerTimeTracker();
  expect(tracker.compute('web', SERVICE, [pod('a', 3)])).toBe(at(1));
  expect(tracker.compute('web', SERVICE, [pod('a', 3)])).toBeUndefined();
  expect(tracker.compute('web', SERVICE, [pod('a', 7), pod('b', 5)])).toBe(at(5));
  tracker.forget('web');
  expect(tracker.compute('web', SERVICE, [])).toBe(at(1));
});
