import type { Clock } from '../../clock/clock.ts';
import { deal, hashOf } from './shuffle-sharding.ts';

/** How requests wait that find no seat; missing: they do not wait at all. */
export interface QueuingConfig {
  readonly queues: number;
  readonly handSize: number;
  readonly queueLengthLimit: number;
}

export interface QueueSetConfig {
  /** How many requests may run at once. */
  readonly seats: number;
  readonly queuing?: QueuingConfig;
}

/** Why a request was turned away. Models the reasons of apiserver_flowcontrol_rejected_requests_total. */
export type Rejection = 'queue-full' | 'concurrency-limit' | 'time-out';

interface Waiter {
  readonly start: (rejection: Rejection | undefined) => void;
}

interface Queue {
  readonly waiting: Waiter[];
  /** The queue's place in virtual time: every request that it starts moves it on. */
  virtualStart: number;
}

/**
 * The seats of one priority level, and the queues before them. Seats go to the queue that has had the
 * least so far, so that one busy flow does not keep others waiting.
 *
 * Models util/flowcontrol/fairqueuing/queueset, every request one seat wide.
 */
export class QueueSet {
  readonly #clock: Clock;
  #config: QueueSetConfig;
  #queues: Queue[] = [];
  #executing = 0;
  #waiting = 0;
  #virtualTime = 0;

  constructor(clock: Clock, config: QueueSetConfig) {
    this.#clock = clock;
    this.#config = config;
  }

  get executing(): number {
    return this.#executing;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get config(): QueueSetConfig {
    return this.#config;
  }

  /** Takes effect at once; requests that run or wait go on. */
  reconfigure(config: QueueSetConfig): void {
    this.#config = config;
    this.#dispatch();
  }

  /** Takes a seat if one is free and nobody waits for it. */
  tryStart(): boolean {
    if (this.#executing >= this.#config.seats || this.#waiting > 0) return false;
    this.#executing++;
    return true;
  }

  /**
   * Waits for a seat, for at most `limit` milliseconds. Resolves with undefined when the request may run
   * (call {@link finish} then), or with why it may not.
   */
  start(flow: string, limit: number): Promise<Rejection | undefined> {
    if (this.tryStart()) return Promise.resolve(undefined);
    const { queuing } = this.#config;
    if (queuing === undefined) return Promise.resolve('concurrency-limit');
    const queue = this.#shortest(deal(hashOf(flow), queuing.queues, queuing.handSize));
    if (queue.waiting.length >= queuing.queueLengthLimit) return Promise.resolve('queue-full');
    return new Promise((resolve) => {
      const timer = this.#clock.schedule(limit, () => {
        queue.waiting.splice(queue.waiting.indexOf(waiter), 1);
        this.#waiting--;
        resolve('time-out');
      });
      const waiter: Waiter = {
        start: (rejection) => {
          timer.cancel();
          resolve(rejection);
        },
      };
      if (queue.waiting.length === 0) queue.virtualStart = Math.max(queue.virtualStart, this.#virtualTime);
      queue.waiting.push(waiter);
      this.#waiting++;
    });
  }

  /** A request is done: its seat goes to the next. */
  finish(): void {
    this.#executing--;
    this.#dispatch();
  }

  #shortest(hand: readonly number[]): Queue {
    let best: Queue | undefined;
    for (const index of hand) {
      const queue = (this.#queues[index] ??= { waiting: [], virtualStart: 0 });
      if (best === undefined || queue.waiting.length < best.waiting.length) best = queue;
    }
    return best!;
  }

  #dispatch(): void {
    while (this.#waiting > 0 && this.#executing < this.#config.seats) {
      let next: Queue | undefined;
      // forEach passes over the queues that nobody has used yet.
      this.#queues.forEach((queue) => {
        if (queue.waiting.length === 0) return;
        if (next === undefined || queue.virtualStart < next.virtualStart) next = queue;
      });
      const chosen = next!;
      this.#virtualTime = chosen.virtualStart;
      chosen.virtualStart++;
      this.#waiting--;
      this.#executing++;
      chosen.waiting.shift()!.start(undefined);
    }
  }
}
