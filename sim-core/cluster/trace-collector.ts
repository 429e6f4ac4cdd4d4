import type { ClusterTraceEvent, RequestTraceEvent, TraceEvent, Tracer } from '../apimachinery/trace.ts';
import type { Clock } from '../clock/clock.ts';

/** How many events are kept at least: the oldest go first. */
const CAPACITY = 50_000;

interface Entry {
  readonly sequence: number;
  readonly time: number;
  readonly request: string | undefined;
  readonly event: RequestTraceEvent | ClusterTraceEvent;
}

/**
 * Numbers what happened, keeps the newest part of it, and tells listeners. An event gets its whole form
 * when somebody wants to see it: most of what a cluster does is never looked at.
 */
export class TraceCollector implements Tracer {
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: TraceEvent) => void>();
  #sequence = 0;
  /** Events in their whole form, then those that nobody has looked at. */
  #events: TraceEvent[] = [];
  #unseen: Entry[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In order; at least the newest 50,000. */
  get events(): readonly TraceEvent[] {
    for (const entry of this.#unseen) this.#events.push(wholeForm(entry));
    this.#unseen = [];
    if (this.#events.length > 2 * CAPACITY) this.#events = this.#events.slice(-CAPACITY);
    return this.#events;
  }

  emit(event: RequestTraceEvent | ClusterTraceEvent, request?: string): void {
    const entry = { sequence: ++this.#sequence, time: this.#clock.now(), request, event };
    this.#unseen.push(entry);
    if (this.#unseen.length > 2 * CAPACITY) {
      this.#events = [];
      this.#unseen = this.#unseen.slice(-CAPACITY);
    }
    if (this.#listeners.size === 0) return;
    const whole = wholeForm(entry);
    for (const listener of [...this.#listeners]) listener(whole);
  }

  /** Calls `listener` for each further event; returns a function that stops it. */
  onEvent(listener: (event: TraceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function wholeForm({ sequence, time, request, event }: Entry): TraceEvent {
  return { v: 1, sequence, time, ...(request !== undefined && { request }), ...event };
}
