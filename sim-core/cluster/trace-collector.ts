import type { ClusterTraceEvent, RequestTraceEvent, TraceEvent, Tracer } from '../apimachinery/trace.ts';
import type { Clock } from '../clock/clock.ts';

/** How many events are kept: the oldest go first. */
const CAPACITY = 50_000;

/** Numbers what happened, keeps the newest part of it, and tells listeners. */
export class TraceCollector implements Tracer {
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: TraceEvent) => void>();
  #events: TraceEvent[] = [];
  #sequence = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In order; at least the newest 50,000. */
  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  emit(event: RequestTraceEvent | ClusterTraceEvent, request?: string): void {
    const place = { v: 1 as const, sequence: ++this.#sequence, time: this.#clock.now() };
    const traced: TraceEvent =
      request === undefined ? { ...place, ...event } : { ...place, request, ...event };
    this.#events.push(traced);
    if (this.#events.length >= 2 * CAPACITY) this.#events = this.#events.slice(CAPACITY);
    for (const listener of [...this.#listeners]) listener(traced);
  }

  /** Calls `listener` for each further event; returns a function that stops it. */
  onEvent(listener: (event: TraceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
