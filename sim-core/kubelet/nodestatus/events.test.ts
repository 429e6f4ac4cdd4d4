import type { NodeCondition } from 'kubernetes-types/core/v1';
import { expect, test } from 'vitest';
import { statusEvents } from './events.ts';

const status = (conditions: Record<string, string>) => ({
  conditions: Object.entries(conditions).map(([type, value]): NodeCondition => ({ type, status: value })),
});

test.each([
  ['nothing changes', { Ready: 'True' }, { Ready: 'True' }, []],
  ['it is heard of again', { Ready: 'Unknown' }, { Ready: 'True' }, ['NodeReady']],
  ['it is ready for the first time', {}, { Ready: 'True' }, []],
  ['its runtime fails', { Ready: 'True' }, { Ready: 'False' }, ['NodeNotReady']],
  ['memory runs out', { MemoryPressure: 'False' }, { MemoryPressure: 'True' }, ['NodeHasInsufficientMemory']],
  ['the disk has room', { DiskPressure: 'Unknown' }, { DiskPressure: 'False' }, ['NodeHasNoDiskPressure']],
])('says so when %s', (_, before, after, reasons) => {
  expect(statusEvents({ status: status(before) }, status(after))).toEqual(reasons);
});
