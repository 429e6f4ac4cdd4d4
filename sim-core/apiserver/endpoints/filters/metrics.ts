import type { Clock } from '../../../clock/clock.ts';
import type { ApiServerMetrics } from '../../server/metrics/apiserver-metrics.ts';
import { streamOf } from '../../../apimachinery/http.ts';
import type { Handler } from '../request.ts';
import { observed } from './observed-stream.ts';

/** Counts requests that get as far as their handler. Models endpoints/metrics InstrumentHandlerFunc. */
export function withMetrics(handler: Handler, metrics: ApiServerMetrics, clock: Clock): Handler {
  return async (request) => {
    const { info, http, query } = request;
    const end = metrics.begin(info, http.method, query.get('dryRun'), clock.now());
    const response = await handler(request);
    const { status } = response;
    const stream = streamOf(response);
    if (stream === undefined) {
      end(status, () => response.body as string, clock.now());
      return response;
    }
    return { ...response, body: observed(stream, () => end(status, () => '', clock.now())) };
  };
}
