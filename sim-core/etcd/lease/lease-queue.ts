import { BTree } from '../btree.ts';

/** A lease as the queue orders it. */
export interface Expiring {
  readonly id: string;
  /** When the lease runs out, in milliseconds since the Unix epoch. */
  readonly expiry: number;
}

interface Place {
  readonly expiry: number;
  readonly order: number;
}

/**
 * Leases by the instant at which they run out; those of the same instant in the order in which they
 * were queued. Models server/lease/lease_queue.go LeaseExpiredNotifier.
 */
export class LeaseQueue<T extends Expiring> {
  readonly #queue = new BTree<Place, T>(undefined, (a, b) => a.expiry - b.expiry || a.order - b.order);
  readonly #places = new Map<string, Place>();
  #order = 0;

  /** Queues the lease at its present expiry, wherever it was before. */
  update(lease: T): void {
    this.remove(lease.id);
    const place = { expiry: lease.expiry, order: this.#order++ };
    this.#places.set(lease.id, place);
    this.#queue.set(place, lease);
  }

  remove(id: string): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#places.delete(id);
    this.#queue.delete(place);
  }

  /** The lease that runs out first. */
  first(): T | undefined {
    const place = this.#queue.minKey();
    return place === undefined ? undefined : this.#queue.get(place);
  }

  /** All leases, the first to run out first. */
  all(): T[] {
    return this.#queue.valuesArray();
  }
}
