import { Heap } from '../../clock/heap.ts';
import { priorityOf } from '../framework/node-info.ts';
import type { QueuedPodInfo } from './scheduling-queue.ts';

/**
 * Pods that are to be tried, the most important first, then the longest waiting.
 * Models the activeQ of pkg/scheduler/backend/queue with the PrioritySort plugin.
 */
export class ActiveQueue {
  readonly #heap = new Heap<QueuedPodInfo>(isBefore);
  readonly #items = new Map<string, QueuedPodInfo>();

  get size(): number {
    return this.#items.size;
  }

  has(key: string): boolean {
    return this.#items.has(key);
  }

  push(item: QueuedPodInfo): void {
    this.#items.set(item.key, item);
    this.#heap.push(item);
  }

  /** The next pod; undefined if there is none. */
  pop(): QueuedPodInfo | undefined {
    for (;;) {
      const item = this.#heap.pop();
      if (item === undefined) return undefined;
      if (this.#items.get(item.key) !== item) continue;
      this.#items.delete(item.key);
      return item;
    }
  }

  /** Takes a pod out; its place in the heap is skipped when it comes to the top. */
  delete(key: string): QueuedPodInfo | undefined {
    const item = this.#items.get(key);
    this.#items.delete(key);
    return item;
  }
}

function isBefore(a: QueuedPodInfo, b: QueuedPodInfo): boolean {
  const difference = priorityOf(b.pod) - priorityOf(a.pod);
  return difference !== 0 ? difference < 0 : a.order < b.order;
}
