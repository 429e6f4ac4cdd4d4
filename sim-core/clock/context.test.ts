import { describe, expect, test } from 'vitest';
import { Context } from './context.ts';

describe('Context', () => {
  test('cancelling a parent cancels its children with the reason, in order', () => {
    const parent = new Context();
    const seen: string[] = [];
    for (const name of ['a', 'b'])
      parent.child().onCancel((reason) => seen.push(`${name} ${String(reason)}`));
    parent.cancel('stop');
    parent.cancel('again');
    expect(seen).toEqual(['a stop', 'b stop']);
    expect(parent.reason).toBe('stop');
  });

  test('cancelling a child leaves the parent alone', () => {
    const parent = new Context();
    parent.child().cancel();
    expect(parent.cancelled).toBe(false);
  });

  test('a late listener is told at once, one that was taken back never', () => {
    const context = new Context();
    let told = 0;
    context.onCancel(() => told++)();
    context.cancel();
    expect(told).toBe(0);
    context.onCancel(() => told++);
    expect(told).toBe(1);
  });
});
