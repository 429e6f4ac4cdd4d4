import { respondError } from '../handlers/response-writer.ts';
import type { Handler } from '../request.ts';

/** Whatever a filter throws becomes an answer. Models server/filters/wrap.go WithPanicRecovery. */
export function withPanicRecovery(handler: Handler): Handler {
  return async (request) => {
    try {
      return await handler(request);
    } catch (error) {
      return respondError(request, error);
    }
  };
}
