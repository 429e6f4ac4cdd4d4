import type { Event, ObjectReference } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../../../apimachinery/http.ts';
import { formatMicroTime } from '../../../apimachinery/object.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { Context } from '../../../clock/context.ts';
import { RESOURCES } from '../../kubernetes/resources.ts';
import type { RestClient } from '../../rest/client.ts';
import type { EventNames } from '../record/event-names.ts';
import { type EventSubject, type EventType, referenceTo } from '../record/event-recorder.ts';

/** A series that was silent for this long is over: the next event is a new one. */
const SERIES_LIFE = 360_000;
const MAX_TRIES = 12;
const RETRY_INTERVAL = 10_000;
/** As in the sink of tools/record: the hands through which an event passes before it is sent. */
const HANDS = 24;

export interface EventReporter {
  /** "default-scheduler". */
  readonly controller: string;
  /** "default-scheduler-controlplane". */
  readonly instance: string;
}

interface Series {
  readonly event: Event;
  count: number;
  last: number;
}

/**
 * Writes Events in the newer form, with an action, an event time and series. Only the scheduler
 * among the control plane's parts uses it.
 *
 * Models k8s.io/client-go/tools/events EventRecorder and eventBroadcasterImpl.
 */
export class EventRecorder {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #context: Context;
  readonly #names: EventNames;
  readonly #reporter: EventReporter;
  /** The one that was silent the longest comes first. */
  readonly #series = new Map<string, Series>();
  readonly #pending: (() => Promise<unknown>)[] = [];
  #sending = false;

  /** Stops sending when `context` is cancelled. */
  constructor(
    client: RestClient,
    clock: Clock,
    context: Context,
    names: EventNames,
    reporter: EventReporter,
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#context = context;
    this.#names = names;
    this.#reporter = reporter;
  }

  /** Returns at once. `note` is cut to 1024 characters. */
  event(
    regarding: EventSubject,
    type: EventType,
    reason: string,
    action: string,
    note: string,
    related?: EventSubject,
  ): void {
    const now = this.#clock.now();
    const involvedObject = referenceTo(regarding);
    const key = JSON.stringify([type, action, reason, involvedObject]);
    this.#dropFinished(now);
    const series = this.#series.get(key);
    if (series !== undefined) {
      series.count++;
      series.last = now;
      this.#series.delete(key);
      this.#series.set(key, series);
      if (series.count === 2) this.#send(() => this.#patch(series));
      return;
    }
    const event = this.#make(involvedObject, type, reason, action, note, now, related);
    this.#series.set(key, { event, count: 1, last: now });
    const { namespace } = event.metadata;
    this.#send(() => this.#client.create(RESOURCES.events, event, { namespace }));
  }

  #make(
    involvedObject: ObjectReference,
    type: EventType,
    reason: string,
    action: string,
    note: string,
    now: number,
    related: EventSubject | undefined,
  ): Event {
    return {
      kind: 'Event',
      apiVersion: 'v1',
      metadata: {
        name: this.#names.next(involvedObject.name ?? ''),
        namespace: involvedObject.namespace ?? 'default',
      },
      involvedObject,
      reason,
      message: note.length > 1024 ? `${note.slice(0, 1021)}...` : note,
      source: {},
      type,
      eventTime: formatMicroTime(now),
      action,
      ...(related !== undefined && { related: referenceTo(related) }),
      reportingComponent: this.#reporter.controller,
      reportingInstance: this.#reporter.instance,
    };
  }

  #patch({ event, count, last }: Series): Promise<unknown> {
    const series = { count, lastObservedTime: formatMicroTime(last) };
    const { name, namespace } = event.metadata;
    return this.#client.patch(RESOURCES.events, name!, 'strategic', { series }, { namespace });
  }

  #dropFinished(now: number): void {
    for (const [key, series] of this.#series) {
      if (now - series.last <= SERIES_LIFE) return;
      this.#series.delete(key);
    }
  }

  #send(request: () => Promise<unknown>): void {
    this.#pending.push(request);
    if (this.#sending) return;
    this.#sending = true;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    for (let hand = 0; hand < HANDS; hand++) await Promise.resolve();
    for (let request = this.#pending.shift(); request !== undefined; request = this.#pending.shift()) {
      for (let attempt = 0; attempt < MAX_TRIES && !this.#context.cancelled; attempt++) {
        if (await this.#attempt(request)) break;
        await this.#clock.sleep(RETRY_INTERVAL, { periodic: true, context: this.#context });
      }
    }
    this.#sending = false;
  }

  /** False if nobody answered; what the server refuses is lost. */
  async #attempt(request: () => Promise<unknown>): Promise<boolean> {
    try {
      await request();
      return true;
    } catch (error) {
      if (error instanceof StatusError) return true;
      if (error instanceof ConnectionError) return false;
      throw error;
    }
  }
}
