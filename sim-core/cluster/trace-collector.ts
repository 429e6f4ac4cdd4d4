import type { ClusterTraceEvent, RequestTraceEvent, TraceEvent, Tracer } from '../apimachinery/trace.ts';
import type { Clock } from '../clock/clock.ts';

/** How many events are kept at least: the oldest go first. */
const CAPACITY = 50_000;

/** Events that nobody has looked at: when, of which request, and what. Written anew from the beginning when it is full. */
class Batch {
  size = 0;
  readonly #times: number[] = [];
  readonly #requests: (string | undefined)[] = [];
  readonly #events: (RequestTraceEvent | ClusterTraceEvent)[] = [];

  add(time: number, request: string | undefined, event: RequestTraceEvent | ClusterTraceEvent): void {
    const index = this.size++;
    this.#times[index] = time;
    this.#requests[index] = request;
    this.#events[index] = event;
  }

  /** Moves all to `whole`, the first with the number `first`. */
  moveTo(whole: TraceEvent[], first: number): void {
    for (let index = 0; index < this.size; index++) {
      whole.push(wholeForm(first + index, this.#times[index]!, this.#requests[index], this.#events[index]!));
    }
    this.size = 0;
  }
}

/**
 * Numbers what happened, keeps the newest part of it, and tells listeners. An event gets its whole form
 * when somebody wants to see it: most of what a cluster does is never looked at.
 */
export class TraceCollector implements Tracer {
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: TraceEvent) => void>();
  #sequence = 0;
  /** Events in their whole form; those that nobody has looked at come after them. */
  #seen: TraceEvent[] = [];
  #older = new Batch();
  #newer = new Batch();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In order; at least the newest 50,000. */
  get events(): readonly TraceEvent[] {
    const first = this.#sequence - this.#older.size - this.#newer.size + 1;
    const second = first + this.#older.size;
    this.#older.moveTo(this.#seen, first);
    this.#newer.moveTo(this.#seen, second);
    if (this.#seen.length > 2 * CAPACITY) this.#seen = this.#seen.slice(-CAPACITY);
    return this.#seen;
  }

  emit(event: RequestTraceEvent | ClusterTraceEvent, request?: string): void {
    this.#sequence++;
    const time = this.#clock.now();
    this.#newer.add(time, request, event);
    if (this.#newer.size === CAPACITY) this.#turn();
    if (this.#listeners.size === 0) return;
    const whole = wholeForm(this.#sequence, time, request, event);
    for (const listener of [...this.#listeners]) listener(whole);
  }

  /** Calls `listener` for each further event; returns a function that stops it. */
  onEvent(listener: (event: TraceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The newer batch is full: the older one goes, and with it what came before. */
  #turn(): void {
    if (this.#older.size > 0) this.#seen = [];
    const free = this.#older;
    this.#older = this.#newer;
    this.#newer = free;
    free.size = 0;
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
