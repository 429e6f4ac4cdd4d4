import { formatGoDuration } from '../../apimachinery/duration.ts';
import { ConnectionError, type HttpTransport } from '../../apimachinery/http.ts';
import type { Clock } from '../../clock/clock.ts';
import { Context } from '../../clock/context.ts';

/**
 * Gives every request so many milliseconds, the reading of its answer included: a watch ends then. 0: as long as it
 * takes. Rejects with a ConnectionError if nothing came. Models net/http Client.Timeout.
 */
export function timeoutTransport(delegate: HttpTransport, timeout: number, clock: Clock): HttpTransport {
  if (timeout <= 0) return delegate;
  return async (request) => {
    const over = new Context();
    const elapsed = clock.sleep(timeout, { context: over, periodic: true });
    const late = elapsed.then(() => {
      if (over.cancelled) return new Promise<never>(() => {});
      throw new ConnectionError(
        'timeout',
        'net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
      );
    });
    late.catch(() => {});
    const response = await Promise.race([delegate(request), late]);
    const { body } = response;
    if (typeof body === 'string') {
      over.cancel();
      return response;
    }
    void elapsed.then(() => {
      if (!over.cancelled) body.cancel();
    });
    body.onEnd?.(() => over.cancel());
    return response;
  };
}

/** The path that tells the server of it, too; parameters stand in the order of their names. Models rest Request.URL. */
export function pathWithTimeout(path: string, timeout: number): string {
  if (timeout <= 0) return path;
  const [before, query = ''] = path.split('?', 2);
  const parameters = [
    ...query.split('&').filter((one) => one !== ''),
    `timeout=${formatGoDuration(timeout)}`,
  ];
  return `${before}?${parameters.sort().join('&')}`;
}
