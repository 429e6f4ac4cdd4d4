import { unauthorizedError } from '../../../apimachinery/status.ts';
import type { Authenticated, Authenticator } from '../../authentication/authenticator.ts';
import { respondError } from '../handlers/response-writer.ts';
import type { Handler } from '../request.ts';

/** Finds out who asks; answers 401 to credentials that are wrong. Models endpoints/filters/authentication.go. */
export function withAuthentication(handler: Handler, authenticator: Authenticator): Handler {
  return async (request) => {
    let found: Authenticated | undefined;
    let complaint = 'no credentials were accepted';
    try {
      found = await authenticator.authenticate(request.http);
    } catch (error) {
      complaint = (error as Error).message;
    }
    if (found === undefined) {
      request.trace({ type: 'authentication-failed', message: complaint });
      return respondError(request, unauthorizedError());
    }
    const { user, by } = found;
    request.trace({ type: 'authenticated', user: user.name, groups: user.groups, by });
    return handler({ ...request, user });
  };
}
