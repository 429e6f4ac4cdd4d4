import type { Event } from 'kubernetes-types/core/v1';
import type { Clock } from '../../../clock/clock.ts';

/** Bursts of 25 events per source and object, then one in five minutes. */
const SPAM_BURST = 25;
const SPAM_REFILL = 300_000;
/** From the eleventh like event in ten minutes on, they become one. */
const MAX_LIKE_EVENTS = 10;
const LIKE_INTERVAL = 600_000;
const CACHE_SIZE = 4096;

/** What is to be done with an event: write it, or count up one that was written. */
export interface Correlated {
  readonly event: Event;
  /** What events have in common that are counted as one. */
  readonly key: string;
  /** The name of the event that this one repeats. */
  readonly repeats?: string;
}

interface LikeEvents {
  last: number;
  readonly messages: Set<string>;
}
interface Written {
  readonly name: string;
  readonly firstTimestamp: string;
  count: number;
}
interface Bucket {
  tokens: number;
  last: number;
}

/**
 * Keeps a component from flooding the apiserver: drops what comes too often, joins like events,
 * counts equal ones.
 *
 * Models k8s.io/client-go/tools/record EventCorrelator.
 */
export class EventCorrelator {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();
  readonly #like = new Map<string, LikeEvents>();
  readonly #written = new Map<string, Written>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined: the event is to be dropped. */
  correlate(event: Event): Correlated | undefined {
    const now = this.#clock.now();
    const subject = subjectText(event);
    const like = `${subject}\n${event.type}\n${event.reason}`;
    const combined = this.#aggregate(like, event.message!, now);
    if (this.#isSpam(subject, now)) return undefined;
    const key = combined ? like : `${like}\n${event.involvedObject.fieldPath ?? ''}\n${event.message}`;
    const written = this.#written.get(key);
    const aggregate = combined ? combinedEvent(event) : event;
    if (written === undefined) return { event: aggregate, key };
    written.count++;
    return {
      event: { ...aggregate, count: written.count, firstTimestamp: written.firstTimestamp },
      key,
      repeats: written.name,
    };
  }

  /** Remembers that the server has it under `name`, so that the next equal event only counts it up. */
  wrote({ event: { firstTimestamp, count = 1 }, key }: Correlated, name: string): void {
    remember(this.#written, key, { name, firstTimestamp: firstTimestamp!, count });
  }

  #aggregate(key: string, message: string, now: number): boolean {
    let like = this.#like.get(key);
    if (like === undefined || now - like.last > LIKE_INTERVAL) like = { last: now, messages: new Set() };
    like.last = now;
    like.messages.add(message);
    remember(this.#like, key, like);
    if (like.messages.size < MAX_LIKE_EVENTS) return false;
    for (const oldest of like.messages) {
      like.messages.delete(oldest);
      break;
    }
    return true;
  }

  #isSpam(subject: string, now: number): boolean {
    const bucket = this.#buckets.get(subject) ?? { tokens: SPAM_BURST, last: now };
    bucket.tokens = Math.min(SPAM_BURST, bucket.tokens + (now - bucket.last) / SPAM_REFILL);
    bucket.last = now;
    remember(this.#buckets, subject, bucket);
    if (bucket.tokens < 1) return true;
    bucket.tokens--;
    return false;
  }
}

/** What stands for many like events; who reported them is only in its source. Models EventAggregate. */
function combinedEvent(event: Event): Event {
  const { reportingComponent: _component, reportingInstance: _instance, ...rest } = event;
  return { ...rest, message: `(combined from similar events): ${event.message}` };
}

/** Who reports, and on what: none of it holds a line break. */
function subjectText({ source, involvedObject }: Event): string {
  const { kind, namespace, name, uid, apiVersion } = involvedObject;
  return `${source?.component}\n${source?.host}\n${kind}\n${namespace}\n${name}\n${uid}\n${apiVersion}`;
}

/** Puts an entry at the end of a bounded map and drops the oldest. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= CACHE_SIZE) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
