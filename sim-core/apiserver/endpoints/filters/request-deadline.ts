import { badRequestError, StatusError } from '../../../apimachinery/status.ts';
import { DurationError, parseGoDuration } from '../../../apimachinery/duration.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { ApiServerMetrics } from '../../server/metrics/apiserver-metrics.ts';
import { respondError } from '../handlers/response-writer.ts';
import type { Handler, ServerRequest } from '../request.ts';
import { isLongRunning } from './long-running.ts';

interface Pending {
  readonly deadline: number;
  expire(): void;
}

/**
 * Answers 504 to a request that takes longer than `limit` milliseconds, or than its parameter timeout asks
 * for. What it set off goes on.
 *
 * Models endpoints/filters/request_deadline.go and server/filters/timeout.go.
 */
export function withRequestDeadline(
  handler: Handler,
  clock: Clock,
  limit: number,
  metrics: ApiServerMetrics,
): Handler {
  const deadlines = new Deadlines(clock);
  return async (request) => {
    if (isLongRunning(request.info)) return handler(request);
    let asked: number;
    try {
      asked = askedTimeout(request);
    } catch (error) {
      if (!(error instanceof DurationError)) throw error;
      const message = `invalid timeout specified in the request URL - ${error.message}`;
      return respondError(request, badRequestError(message));
    }
    const answer = handler(request);
    const timeout = asked > 0 ? Math.min(asked, limit) : limit;
    return deadlines.watch(answer, clock.now() + timeout, () => {
      metrics.terminated(request.info, request.http.method, 504);
      return respondError(
        request,
        new StatusError(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout', {}),
      );
    });
  };
}

/** Milliseconds; 0 for none. Throws a DurationError. */
function askedTimeout({ query }: ServerRequest): number {
  const text = query.get('timeout');
  return text === '' ? 0 : parseGoDuration(text);
}

/**
 * Many deadlines, one timer: nearly all requests are done long before, so a timer each would be
 * made for nothing.
 */
class Deadlines {
  readonly #clock: Clock;
  readonly #pending = new Set<Pending>();
  #checkAt = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  watch<T>(work: Promise<T>, deadline: number, expired: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const pending: Pending = { deadline, expire: () => resolve(expired()) };
      this.#pending.add(pending);
      if (deadline < this.#checkAt) this.#schedule(deadline);
      work.then(
        (value) => {
          this.#pending.delete(pending);
          resolve(value);
        },
        (error: unknown) => {
          this.#pending.delete(pending);
          reject(error as Error);
        },
      );
    });
  }

  #schedule(at: number): void {
    this.#checkAt = at;
    this.#clock.schedule(Math.max(0, at - this.#clock.now()), () => this.#check(at), { periodic: true });
  }

  #check(at: number): void {
    // An earlier deadline came up after this timer was set.
    if (at !== this.#checkAt) return;
    this.#checkAt = Infinity;
    const now = this.#clock.now();
    let next = Infinity;
    for (const pending of this.#pending) {
      if (pending.deadline > now) {
        next = Math.min(next, pending.deadline);
        continue;
      }
      this.#pending.delete(pending);
      pending.expire();
    }
    if (next < Infinity) this.#schedule(next);
  }
}
