import type { Clock } from '../../../clock/clock.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import type { Authorizer } from '../../authorization/authorizer.ts';
import type { Handler, ServerRequest } from '../request.ts';

const PREFIX = 'impersonate-';
const module = new LazyModule(() => import('./impersonate.ts'));

/**
 * Acts as whom the Impersonate-User, -Group, -Uid and -Extra headers name, if the user may.
 * Models endpoints/filters/impersonation.
 */
export function withImpersonation(handler: Handler, authorizer: Authorizer, clock: Clock): Handler {
  return async (request) => {
    if (!mayImpersonate(request)) return handler(request);
    const { impersonate } = await module.load(clock);
    return impersonate(request, handler, authorizer);
  };
}

/** Hardly anybody does. */
function mayImpersonate({ http: { headers } }: ServerRequest): boolean {
  for (const header in headers) if (header.startsWith(PREFIX)) return true;
  return false;
}
