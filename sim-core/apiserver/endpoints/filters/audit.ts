import type { HttpResponse } from '../../../apimachinery/http.ts';
import { headerOf, withHeaders } from '../../../apimachinery/http.ts';
import type { ObjectReference } from '../../../apimachinery/trace.ts';
import type { RequestInfo } from '../request-info.ts';
import type { Handler } from '../request.ts';

/**
 * Records that a request came and what became of it; puts into the answer's headers what filters say there.
 * Models endpoints/filters/audit.go and audit_init.go.
 */
export function withAudit(handler: Handler): Handler {
  return async (request) => {
    const { http, info } = request;
    const object = referenceOf(info);
    const received = {
      type: 'request-received',
      method: http.method,
      path: http.path,
      userAgent: headerOf(http.headers, 'user-agent') ?? '',
      verb: info.verb,
    } as const;
    // What is new comes first: engines are slow to add to a copy.
    request.trace(object === undefined ? received : { object, ...received });
    const response = await handler(request);
    request.trace(
      response.status < 400
        ? { type: 'responded', status: response.status }
        : { type: 'responded', status: response.status, ...failureOf(response) },
    );
    return withHeaders(response, Object.assign({}, request.responseHeaders, response.headers));
  };
}

/** Requests that come again share what is known of them. */
const REFERENCES = new WeakMap<RequestInfo, ObjectReference>();

function referenceOf(info: RequestInfo): ObjectReference | undefined {
  if (!info.isResourceRequest) return undefined;
  let reference = REFERENCES.get(info);
  if (reference === undefined) REFERENCES.set(info, (reference = objectOf(info)));
  return reference;
}

function objectOf(info: RequestInfo): ObjectReference {
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
function failureOf({ body }: HttpResponse): { reason?: string; message?: string } {
  if (typeof body !== 'string' || !body.startsWith('{')) return {};
  const { reason, message } = JSON.parse(body) as { reason?: string; message?: string };
  return { ...(reason !== undefined && { reason }), ...(message !== undefined && { message }) };
}
