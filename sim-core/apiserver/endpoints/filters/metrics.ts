import type { Clock } from '../../../clock/clock.ts';
import type { ApiServerMetrics } from '../../server/metrics/apiserver-metrics.ts';
import type { Handler } from '../request.ts';
import { observed } from './observed-stream.ts';

/** Counts requests that get as far as their handler. Models endpoints/metrics InstrumentHandlerFunc. */
export function withMetrics(handler: Handler, metrics: ApiServerMetrics, clock: Clock): Handler {
  return async (request) => {
    const { info, http, query } = request;
    const end = metrics.begin(info, http.method, query.get('dryRun'), clock.now());
    const response = await handler(request);
    const { status, body } = response;
    if (typeof body === 'string') {
      end(status, body.length, clock.now());
      return response;
    }
    return { ...response, body: observed(body, () => end(status, 0, clock.now())) };
  };
}
