import { goQuote } from '../../apimachinery/go-format.ts';
import type { HttpHandler, HttpResponse } from '../../apimachinery/http.ts';
import type { Tracer } from '../../apimachinery/trace.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Rand } from '../../clock/rand.ts';
import type { Authenticator } from '../authentication/authenticator.ts';
import type { UserInfo } from '../authentication/user.ts';
import { ALL_UNAUTHENTICATED, ANONYMOUS } from '../authentication/user.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { AuditBackend } from '../endpoints/filters/audit-log.ts';
import { withAuditLog, withFailedAuthenticationAudit } from '../endpoints/filters/audit-log.ts';
import { withAudit } from '../endpoints/filters/audit.ts';
import { unauthorized, withAuthentication } from '../endpoints/filters/authentication.ts';
import { withAuthorization } from '../endpoints/filters/authorization.ts';
import { withBodyLimit } from '../endpoints/filters/body-limit.ts';
import { withImpersonation } from '../endpoints/filters/impersonation.ts';
import type { InFlightLimits } from '../endpoints/filters/max-in-flight.ts';
import { withMaxInFlight } from '../endpoints/filters/max-in-flight.ts';
import { withMetrics } from '../endpoints/filters/metrics.ts';
import { withPanicRecovery } from '../endpoints/filters/panic-recovery.ts';
import { withPriorityAndFairness } from '../endpoints/filters/priority-and-fairness.ts';
import { withRequestDeadline } from '../endpoints/filters/request-deadline.ts';
import { respondText } from '../endpoints/handlers/response-writer.ts';
import { needsYaml, yamlBodies } from '../endpoints/handlers/yaml.ts';
import type { Query } from '../endpoints/query.ts';
import { splitTarget } from '../endpoints/query.ts';
import type { RequestInfo } from '../endpoints/request-info.ts';
import { RequestInfoError, requestInfoOf } from '../endpoints/request-info.ts';
import type { Handler } from '../endpoints/request.ts';
import type { FlowController } from '../flowcontrol/flow-controller.ts';
import type { ApiServerMetrics } from './metrics/apiserver-metrics.ts';

export interface HandlerChainConfig {
  readonly clock: Clock;
  readonly rand: Rand;
  readonly tracer: Tracer;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly metrics: ApiServerMetrics;
  readonly limits: ServingLimits;
  /** Missing: --enable-priority-and-fairness=false. */
  readonly flowController: FlowController | undefined;
  readonly audit: AuditBackend | undefined;
}

/** How much at once, and how long. */
export interface ServingLimits extends InFlightLimits {
  /** --request-timeout, in milliseconds. */
  readonly requestTimeout: number;
}

/**
 * A request's way to the API handler; the last line wraps outermost.
 * Models k8s.io/apiserver/pkg/server/config.go DefaultBuildHandlerChain.
 */
export function buildHandlerChain(apiHandler: Handler, config: HandlerChainConfig): HttpHandler {
  const { clock, authorizer, metrics, limits, flowController, audit } = config;
  let handler = withMetrics(apiHandler, metrics, clock);
  handler = withBodyLimit(handler);
  handler = withAuthorization(handler, authorizer, metrics);
  handler =
    flowController === undefined
      ? withMaxInFlight(handler, limits, metrics)
      : withPriorityAndFairness(handler, flowController, metrics);
  handler = withImpersonation(handler, authorizer, clock);
  handler = withAuditLog(handler, audit, clock);
  const failed = withFailedAuthenticationAudit(unauthorized, audit, clock);
  handler = withAuthentication(handler, failed, config.authenticator, metrics);
  handler = withRequestDeadline(handler, clock, limits.requestTimeout, metrics);
  handler = withPanicRecovery(handler);
  handler = withAudit(handler);
  return withRequestInfo(handler, config);
}

/** Go's own HTTP server refuses a path that cannot be decoded. */
const MALFORMED: HttpResponse = {
  status: 400,
  headers: { 'content-type': 'text/plain; charset=utf-8', connection: 'close' },
  body: '400 Bad Request',
};

/** Who asks, before that is found out. */
const NOBODY: UserInfo = { name: ANONYMOUS, groups: [ALL_UNAUTHENTICATED] };

/** What a method and a target with its query say, however often they come. */
class Targets {
  static readonly #CAPACITY = 500;
  readonly #known = new Map<string, Map<string, Target>>();

  /** Undefined for a path with a broken escape; throws a RequestInfoError. */
  read(method: string, target: string): Target | undefined {
    let byTarget = this.#known.get(method);
    if (byTarget === undefined) {
      if (this.#known.size >= Targets.#CAPACITY) this.#known.clear();
      this.#known.set(method, (byTarget = new Map()));
    }
    let known = byTarget.get(target);
    if (known === undefined) {
      const split = splitTarget(target);
      if (split === undefined) return undefined;
      const { path, query } = split;
      known = { path, query, info: requestInfoOf(method, path, query) };
      if (byTarget.size >= Targets.#CAPACITY) byTarget.clear();
      byTarget.set(target, known);
    }
    return known;
  }
}

interface Target {
  readonly path: string;
  readonly query: Query;
  readonly info: RequestInfo;
}

/** Reads what a request is about and gives it its audit id. Models endpoints/filters/requestinfo.go. */
function withRequestInfo(handler: Handler, { clock, rand, tracer }: HandlerChainConfig): HttpHandler {
  const targets = new Targets();
  return async (http) => {
    let target: Target | undefined;
    try {
      target = targets.read(http.method, http.path);
    } catch (error) {
      if (!(error instanceof RequestInfoError)) throw error;
      return respondText(
        500,
        `Internal Server Error: ${goQuote(http.path)}: failed to create RequestInfo: ${error.message}\n`,
      );
    }
    if (target === undefined) return MALFORMED;
    const id = rand.uuid();
    if (needsYaml(http)) await yamlBodies.load(clock);
    return handler({
      http,
      path: target.path,
      query: target.query,
      info: target.info,
      id,
      receivedAt: clock.now(),
      user: NOBODY,
      warnings: [],
      responseHeaders: { 'audit-id': id, 'cache-control': 'no-cache, private' },
      trace: (event) => tracer.emit(event, id),
    });
  };
}
