import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { Classification, FlowController } from '../../flowcontrol/flow-controller.ts';
import type { Rejection } from '../../flowcontrol/queue-set.ts';
import type { ApiServerMetrics } from '../../server/metrics/apiserver-metrics.ts';
import type { Handler, ServerRequest } from '../request.ts';
import { isLongRunning } from './long-running.ts';

/** A quarter of --request-timeout: how long a request may wait for a seat, in milliseconds. */
const MAX_WAIT = 15_000;

/**
 * Gives each request a seat of its priority level, at once or after it waited in a queue; answers 429 where
 * there is none. A watch gives its seat back when its answer begins.
 *
 * Models server/filters/priority-and-fairness.go.
 */
export function withPriorityAndFairness(
  handler: Handler,
  controller: FlowController,
  metrics: ApiServerMetrics,
): Handler {
  return async (request) => {
    const { info } = request;
    if (isLongRunning(info) && info.verb !== 'watch') return handler(request);
    const classification = await controller.classify(request);
    if (classification === undefined) return handler(request);
    const { schema, level } = classification;
    request.trace({ type: 'flow-control', flowSchema: schema.name, priorityLevel: level.name });
    const { seats } = level;
    if (seats !== undefined && !seats.tryStart()) {
      const rejection = await seats.start(`${schema.name}/${schema.flowOf(request)}`, MAX_WAIT);
      if (rejection !== undefined) return reject(request, classification, rejection, metrics);
    }
    metrics.dispatched(schema.name, level.name);
    setHeaders(request, classification);
    try {
      return await handler(request);
    } finally {
      seats?.finish();
    }
  };
}

function reject(
  request: ServerRequest,
  classification: Classification,
  rejection: Rejection,
  metrics: ApiServerMetrics,
): HttpResponse {
  const { schema, level } = classification;
  level.dropped.record(request.receivedAt);
  metrics.rejected(schema.name, level.name, rejection);
  metrics.terminated(request.info, request.http.method, 429);
  setHeaders(request, classification);
  return tooManyRequests(level.dropped.retryAfter);
}

/** 429 as plain text. Models tooManyRequests. */
export function tooManyRequests(retryAfterSeconds: number): HttpResponse {
  return {
    status: 429,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'retry-after': String(retryAfterSeconds),
    },
    body: 'Too many requests, please try again later.\n',
  };
}

/** Uids, not names: those are nobody's business. */
function setHeaders({ responseHeaders }: ServerRequest, { schema, level }: Classification): void {
  responseHeaders['x-kubernetes-pf-flowschema-uid'] = schema.uid;
  responseHeaders['x-kubernetes-pf-prioritylevel-uid'] = level.uid;
}
