import type { HttpHandler } from '../../apimachinery/http.ts';
import type { Tracer } from '../../apimachinery/trace.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Rand } from '../../clock/rand.ts';
import type { Authenticator } from '../authentication/authenticator.ts';
import { ALL_UNAUTHENTICATED, ANONYMOUS } from '../authentication/user.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import { withAudit } from '../endpoints/filters/audit.ts';
import { withAuthentication } from '../endpoints/filters/authentication.ts';
import { withAuthorization } from '../endpoints/filters/authorization.ts';
import { withBodyLimit } from '../endpoints/filters/body-limit.ts';
import { withImpersonation } from '../endpoints/filters/impersonation.ts';
import { withPanicRecovery } from '../endpoints/filters/panic-recovery.ts';
import { withPriorityAndFairness } from '../endpoints/filters/priority-and-fairness.ts';
import { splitTarget } from '../endpoints/query.ts';
import { requestInfoOf } from '../endpoints/request-info.ts';
import type { Handler } from '../endpoints/request.ts';
import type { ObjectReader } from '../registry/rest/object-store.ts';

export interface HandlerChainConfig {
  readonly clock: Clock;
  readonly rand: Rand;
  readonly tracer: Tracer;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly reader: ObjectReader;
}

/**
 * A request's way to the API handler; the last line wraps outermost.
 * Models k8s.io/apiserver/pkg/server/config.go DefaultBuildHandlerChain.
 */
export function buildHandlerChain(apiHandler: Handler, config: HandlerChainConfig): HttpHandler {
  let handler = apiHandler;
  handler = withBodyLimit(handler);
  handler = withAuthorization(handler, config.authorizer);
  handler = withPriorityAndFairness(handler, config.reader);
  handler = withImpersonation(handler, config.authorizer);
  handler = withAuthentication(handler, config.authenticator);
  handler = withPanicRecovery(handler);
  handler = withAudit(handler);
  return withRequestInfo(handler, config);
}

/** Reads what a request is about and gives it its audit id. Models endpoints/filters/requestinfo.go. */
function withRequestInfo(handler: Handler, { clock, rand, tracer }: HandlerChainConfig): HttpHandler {
  return (http) => {
    const { path, query } = splitTarget(http.path);
    const id = rand.uuid();
    return handler({
      http,
      path,
      query,
      info: requestInfoOf(http.method, path, query),
      id,
      receivedAt: clock.now(),
      user: { name: ANONYMOUS, groups: [ALL_UNAUTHENTICATED] },
      warnings: [],
      trace: (event) => tracer.emit(event, id),
    });
  };
}
