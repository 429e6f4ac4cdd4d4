import { priorityOf } from '../framework/node-info.ts';
import type { QueuedPodInfo } from './scheduling-queue.ts';

/**
 * Pods that are to be tried, the most important first, then the longest waiting: a binary heap.
 * Models the activeQ of pkg/scheduler/backend/queue with the PrioritySort plugin.
 */
export class ActiveQueue {
  readonly #heap: QueuedPodInfo[] = [];
  readonly #items = new Map<string, QueuedPodInfo>();

  get size(): number {
    return this.#items.size;
  }

  has(key: string): boolean {
    return this.#items.has(key);
  }

  push(item: QueuedPodInfo): void {
    this.#items.set(item.key, item);
    const heap = this.#heap;
    let index = heap.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(item, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = item;
  }

  /** The next pod; undefined if there is none. */
  pop(): QueuedPodInfo | undefined {
    while (this.#heap.length > 0) {
      const item = this.#popHeap();
      if (this.#items.get(item.key) !== item) continue;
      this.#items.delete(item.key);
      return item;
    }
    return undefined;
  }

  /** Takes a pod out; its place in the heap is skipped when it comes to the top. */
  delete(key: string): QueuedPodInfo | undefined {
    const item = this.#items.get(key);
    this.#items.delete(key);
    return item;
  }

  #popHeap(): QueuedPodInfo {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      let index = 0;
      for (;;) {
        let child = 2 * index + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
        if (!isBefore(heap[child]!, last)) break;
        heap[index] = heap[child]!;
        index = child;
      }
      heap[index] = last;
    }
    return top;
  }
}

function isBefore(a: QueuedPodInfo, b: QueuedPodInfo): boolean {
  const difference = priorityOf(b.pod) - priorityOf(a.pod);
  return difference !== 0 ? difference < 0 : a.order < b.order;
}
