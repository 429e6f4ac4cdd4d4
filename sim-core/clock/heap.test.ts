import { expect, test } from 'vitest';
import { Heap } from './heap.ts';

const drained = (heap: Heap<number>) => Array.from({ length: heap.size }, () => heap.pop());

test('Heap gives its items in order, whatever the order in which they came', () => {
  const heap = new Heap<number>((a, b) => a < b);
  for (const item of [5, 3, 8, 1, 9, 2, 7, 3]) heap.push(item);
  expect(heap.peek()).toBe(1);
  expect(drained(heap)).toEqual([1, 2, 3, 3, 5, 7, 8, 9]);
  expect([heap.peek(), heap.pop(), heap.size]).toEqual([undefined, undefined, 0]);
});

test('Heap.retain keeps the order', () => {
  const heap = new Heap<number>((a, b) => a < b);
  for (const item of [6, 5, 4, 3, 2, 1]) heap.push(item);
  heap.retain((item) => item % 2 === 0);
  expect([...heap.items].sort()).toEqual([2, 4, 6]);
  expect(drained(heap)).toEqual([2, 4, 6]);
});
