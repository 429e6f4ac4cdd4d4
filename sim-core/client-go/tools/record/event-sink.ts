import type { Event } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../../../apimachinery/http.ts';
import { StatusError, isReason } from '../../../apimachinery/status.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { Context } from '../../../clock/context.ts';
import { RESOURCES } from '../../kubernetes/resources.ts';
import type { RestClient } from '../../rest/client.ts';
import { type Correlated, EventCorrelator } from './event-correlator.ts';

const MAX_TRIES = 12;
const RETRY_INTERVAL = 10_000;
/**
 * An event passes through a few hands (recorder, broadcaster, watcher) before it is sent, so the
 * request that its maker sends next overtakes it. Counted in turns of promise reactions.
 */
const HANDS = 24;

/**
 * Sends events one after another, in the background, so that a component never waits for them.
 * An event that the server refuses is lost, as upstream loses it.
 *
 * Models k8s.io/client-go/tools/record recordToSink.
 */
export class EventSink {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #context: Context;
  readonly #correlator: EventCorrelator;
  readonly #pending: Event[] = [];
  #sending = false;

  /** Stops sending when `context` is cancelled. */
  constructor(client: RestClient, clock: Clock, context: Context) {
    this.#client = client;
    this.#clock = clock;
    this.#context = context;
    this.#correlator = new EventCorrelator(clock);
  }

  record(event: Event): void {
    this.#pending.push(event);
    if (this.#sending) return;
    this.#sending = true;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    for (let hand = 0; hand < HANDS; hand++) await Promise.resolve();
    for (let event = this.#pending.shift(); event !== undefined; event = this.#pending.shift()) {
      if (this.#context.cancelled) break;
      await this.#send(event);
    }
    this.#sending = false;
  }

  async #send(original: Event): Promise<void> {
    const correlated = this.#correlator.correlate(original);
    if (correlated === undefined) return;
    for (let attempt = 0; attempt < MAX_TRIES && !this.#context.cancelled; attempt++) {
      try {
        this.#correlator.wrote(correlated, await this.#write(correlated));
        return;
      } catch (error) {
        if (error instanceof StatusError) return;
        if (!(error instanceof ConnectionError)) throw error;
        await this.#clock.sleep(RETRY_INTERVAL, { periodic: true, context: this.#context });
      }
    }
  }

  /** Gives the name under which the server has it. */
  async #write({ event, repeats }: Correlated): Promise<string> {
    const namespace = event.metadata.namespace!;
    const options = { namespace };
    if (repeats !== undefined) {
      const { count, lastTimestamp, message } = event;
      const patch = { count, lastTimestamp, message };
      try {
        await this.#client.patch(RESOURCES.events, repeats, 'strategic', patch, options);
        return repeats;
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
    }
    await this.#client.create(RESOURCES.events, event, options);
    return event.metadata.name!;
  }
}
