import type { HttpResponse } from '../../../apimachinery/http.ts';
import { headerOf } from '../../../apimachinery/http.ts';
import type { ObjectReference } from '../../../apimachinery/trace.ts';
import type { RequestInfo } from '../request-info.ts';
import type { Handler } from '../request.ts';

/**
 * Records that a request came and what became of it, and names its audit id in the answer.
 * Models endpoints/filters/audit.go and audit_init.go.
 */
export function withAudit(handler: Handler): Handler {
  return async (request) => {
    const { http, info } = request;
    const object = objectOf(info);
    request.trace({
      type: 'request-received',
      method: http.method,
      path: http.path,
      userAgent: headerOf(http.headers, 'user-agent') ?? '',
      verb: info.verb,
      ...(object !== undefined && { object }),
    });
    const response = await handler(request);
    request.trace({ type: 'responded', status: response.status, ...failureOf(response) });
    return {
      ...response,
      headers: { 'audit-id': request.id, 'cache-control': 'no-cache, private', ...response.headers },
    };
  };
}

function objectOf(info: RequestInfo): ObjectReference | undefined {
  if (!info.isResourceRequest) return undefined;
  const { group, version, resource, subresource, namespace, name } = info;
  return {
    group,
    version,
    resource,
    ...(subresource !== '' && { subresource }),
    ...(namespace !== '' && { namespace }),
    ...(name !== '' && { name }),
  };
}

/** Reason and message of an answer that is a Status of failure. */
function failureOf({ status, body }: HttpResponse): { reason?: string; message?: string } {
  if (status < 400 || typeof body !== 'string' || !body.startsWith('{')) return {};
  const { reason, message } = JSON.parse(body) as { reason?: string; message?: string };
  return { ...(reason !== undefined && { reason }), ...(message !== undefined && { message }) };
}
