import type { ApiServerMetrics } from '../../server/metrics/apiserver-metrics.ts';
import { SYSTEM_PRIVILEGED_GROUP } from '../../authentication/user.ts';
import type { Handler } from '../request.ts';
import { isLongRunning } from './long-running.ts';
import { tooManyRequests } from './priority-and-fairness.ts';

const READ_ONLY: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const RETRY_AFTER_SECONDS = 1;

/** --max-requests-inflight and --max-mutating-requests-inflight; 0 is no limit. */
export interface InFlightLimits {
  readonly readOnly: number;
  readonly mutating: number;
}

/**
 * Answers 429 while too many requests are under way: what there is without priority and fairness.
 * Models server/filters/maxinflight.go.
 */
export function withMaxInFlight(
  handler: Handler,
  limits: InFlightLimits,
  metrics: ApiServerMetrics,
): Handler {
  const underWay = { readOnly: 0, mutating: 0 };
  return async (request) => {
    const { info, http, user } = request;
    if (isLongRunning(info)) return handler(request);
    const kind = READ_ONLY.has(info.verb) ? 'readOnly' : 'mutating';
    const limit = limits[kind];
    // Whoever repairs the cluster gets in.
    if (limit > 0 && underWay[kind] >= limit && !user.groups.includes(SYSTEM_PRIVILEGED_GROUP)) {
      metrics.terminated(info, http.method, 429);
      return tooManyRequests(RETRY_AFTER_SECONDS);
    }
    underWay[kind]++;
    try {
      return await handler(request);
    } finally {
      underWay[kind]--;
    }
  };
}
