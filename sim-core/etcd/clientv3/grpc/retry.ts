import { setTimeout as delay } from 'node:timers/promises';
import { toEtcdError, wasNotSent } from './errors.ts';

/** How often, and how long after each failure, a request is sent again. Models client/v3/options.go. */
const MAX_RETRIES = 100;
const RETRY_INTERVAL = 25;

/** Sends a request until it is answered; rejects with an EtcdError. `repeatable`: doing it twice does no harm. */
export async function retried<T>(send: () => Promise<T>, repeatable = false): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (cause) {
      const error = toEtcdError(cause);
      const again = wasNotSent(error) || (repeatable && error.code === 'Unavailable');
      if (!again || attempt > MAX_RETRIES) throw error;
      await delay(RETRY_INTERVAL);
    }
  }
}
