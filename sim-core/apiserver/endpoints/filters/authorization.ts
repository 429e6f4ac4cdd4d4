import type { StatusError } from '../../../apimachinery/status.ts';
import { forbiddenError } from '../../../apimachinery/status.ts';
import type { AuthorizationAttributes, Authorizer } from '../../authorization/authorizer.ts';
import type { ApiServerMetrics } from '../../server/metrics/apiserver-metrics.ts';
import { respondError } from '../handlers/response-writer.ts';
import type { Handler } from '../request.ts';
import { attributesOf } from './authorization-attributes.ts';

/** How metrics name the decisions. */
const RESULTS = { allow: 'allowed', deny: 'denied', 'no opinion': 'no-opinion' } as const;

/** Lets pass what an authorizer allows; answers 403 else. Models endpoints/filters/authorization.go. */
export function withAuthorization(
  handler: Handler,
  authorizer: Authorizer,
  metrics: ApiServerMetrics,
): Handler {
  return async (request) => {
    const attributes = attributesOf(request);
    const { decision, reason, by = authorizer.name } = await authorizer.authorize(attributes);
    metrics.authorized(RESULTS[decision]);
    if (decision === 'allow') {
      request.trace({ type: 'authorized', authorizer: by, reason });
      return handler(request);
    }
    const error = forbiddenRequestError(attributes, reason);
    request.trace({ type: 'authorization-failed', message: error.message, reason });
    return respondError(request, error);
  };
}

/** Models endpoints/handlers/responsewriters Forbidden with forbiddenMessage. */
export function forbiddenRequestError(attributes: AuthorizationAttributes, reason: string): StatusError {
  const { user, verb, resource, subresource, group, namespace, name, path } = attributes;
  const suffix = reason === '' ? '' : `: ${reason}`;
  if (!attributes.resourceRequest) {
    return forbiddenError(
      { group: '', resource: '' },
      '',
      `User ${JSON.stringify(user.name)} cannot ${verb} path ${JSON.stringify(path)}${suffix}`,
    );
  }
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return forbiddenError(
    { group, resource },
    name,
    `User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}${suffix}`,
  );
}
