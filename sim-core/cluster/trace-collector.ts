import type { ClusterTraceEvent, RequestTraceEvent, TraceEvent, Tracer } from '../apimachinery/trace.ts';
import type { Clock } from '../clock/clock.ts';

/** How many events are kept at least: the oldest go first. */
const CAPACITY = 50_000;

/**
 * Numbers what happened, keeps the newest part of it, and tells listeners. An event gets its whole form
 * when somebody wants to see it: most of what a cluster does is never looked at.
 */
export class TraceCollector implements Tracer {
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: TraceEvent) => void>();
  #sequence = 0;
  /** Events in their whole form, then those that nobody has looked at: when, of which request, and what. */
  #events: TraceEvent[] = [];
  #times: number[] = [];
  #requests: (string | undefined)[] = [];
  #unseen: (RequestTraceEvent | ClusterTraceEvent)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In order; at least the newest 50,000. */
  get events(): readonly TraceEvent[] {
    const first = this.#sequence - this.#unseen.length + 1;
    this.#unseen.forEach((event, index) => {
      this.#events.push(wholeForm(first + index, this.#times[index]!, this.#requests[index], event));
    });
    this.#keepUnseen(0);
    if (this.#events.length > 2 * CAPACITY) this.#events = this.#events.slice(-CAPACITY);
    return this.#events;
  }

  emit(event: RequestTraceEvent | ClusterTraceEvent, request?: string): void {
    this.#sequence++;
    this.#times.push(this.#clock.now());
    this.#requests.push(request);
    if (this.#unseen.push(event) > 2 * CAPACITY) {
      this.#events = [];
      this.#keepUnseen(CAPACITY);
    }
    if (this.#listeners.size === 0) return;
    const whole = wholeForm(this.#sequence, this.#clock.now(), request, event);
    for (const listener of [...this.#listeners]) listener(whole);
  }

  /** Calls `listener` for each further event; returns a function that stops it. */
  onEvent(listener: (event: TraceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets all but the newest `count` that nobody has looked at. */
  #keepUnseen(count: number): void {
    const from = this.#unseen.length - count;
    this.#times = this.#times.slice(from);
    this.#requests = this.#requests.slice(from);
    this.#unseen = this.#unseen.slice(from);
  }
}

function wholeForm(
  sequence: number,
  time: number,
  request: string | undefined,
  event: RequestTraceEvent | ClusterTraceEvent,
): TraceEvent {
  return { v: 1, sequence, time, ...(request !== undefined && { request }), ...event };
}
