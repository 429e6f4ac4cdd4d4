import { unauthorizedError } from '../../../apimachinery/status.ts';
import type { Authenticated, Authenticator } from '../../authentication/authenticator.ts';
import type { ApiServerMetrics } from '../../server/metrics/apiserver-metrics.ts';
import { respondError } from '../handlers/response-writer.ts';
import type { Handler } from '../request.ts';

/**
 * Finds out who asks; hands requests whose credentials are wrong to `failed`.
 * Models endpoints/filters/authentication.go.
 */
export function withAuthentication(
  handler: Handler,
  failed: Handler,
  authenticator: Authenticator,
  metrics: ApiServerMetrics,
): Handler {
  return async (request) => {
    let found: Authenticated | undefined;
    let complaint = 'no credentials were accepted';
    try {
      found = await authenticator.authenticate(request.http, (text) => request.warnings.push(text));
    } catch (error) {
      complaint = (error as Error).message;
    }
    if (found === undefined) {
      request.trace({ type: 'authentication-failed', message: complaint });
      metrics.authenticated(undefined);
      return failed(request);
    }
    const { user, by } = found;
    metrics.authenticated(user.name);
    request.trace({ type: 'authenticated', user: user.name, groups: user.groups, by });
    return handler({ ...request, user });
  };
}

/** Models endpoints/filters/authentication.go Unauthorized. */
export const unauthorized: Handler = (request) => Promise.resolve(respondError(request, unauthorizedError()));
