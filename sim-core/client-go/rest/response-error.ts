import type { HttpResponse } from '../../apimachinery/http.ts';
import { headerOf } from '../../apimachinery/http.ts';
import type { Status } from '../../apimachinery/status.ts';
import { StatusError } from '../../apimachinery/status.ts';

interface GenericAnswer {
  readonly reason: string;
  readonly message: string;
}

/** What a client says of a failure that came without a Status. */
const GENERIC_ANSWERS: Readonly<Record<number, GenericAnswer>> = {
  400: { reason: 'BadRequest', message: 'the server rejected our request for an unknown reason' },
  401: {
    reason: 'Unauthorized',
    message: 'the server has asked for the client to provide credentials',
  },
  403: { reason: 'Forbidden', message: 'forbidden' },
  404: { reason: 'NotFound', message: 'the server could not find the requested resource' },
  405: {
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
  },
  406: { reason: 'NotAcceptable', message: 'the server was unable to respond with a content type' },
  409: { reason: 'Conflict', message: 'the server reported a conflict' },
  410: { reason: 'Gone', message: 'the server is no longer able to fulfil the request' },
  413: { reason: 'RequestEntityTooLarge', message: 'the request is too large' },
  415: {
    reason: 'UnsupportedMediaType',
    message: 'the body of the request was in an unknown format',
  },
  422: { reason: 'Invalid', message: 'the server rejected our request due to an error in our request' },
  429: {
    reason: 'TooManyRequests',
    message: 'the server has received too many requests and has asked us to try again later',
  },
  500: { reason: 'InternalError', message: 'an error on the server' },
  503: { reason: 'ServiceUnavailable', message: 'the server is currently unable to handle the request' },
  504: {
    reason: 'Timeout',
    message:
      'the server was unable to return a response in the time allotted, but may still be processing the request',
  },
};

/**
 * The error that a response of 400 or more stands for: its Status, or a generic one for other bodies. That names the
 * resource that `request` was for.
 *
 * Models k8s.io/client-go/rest Request.transformResponse and errors.NewGenericServerResponse.
 */
export function errorOfResponse(
  response: HttpResponse,
  request?: { readonly method: string; readonly path: string },
): StatusError {
  const body = typeof response.body === 'string' ? response.body : '';
  const status = parseStatus(body);
  if (status !== undefined) return StatusError.from({ ...status, code: status.code ?? response.status });
  const { reason, message } = GENERIC_ANSWERS[response.status] ?? {
    reason: 'Unknown',
    message: `the server responded with the status code ${response.status} but did not return more information`,
  };
  const text = body.trim();
  const isGeneric = response.status >= 500 || GENERIC_ANSWERS[response.status] === undefined;
  const full =
    text !== '' && isGeneric
      ? `${message} (${JSON.stringify(text)}) has prevented the request from succeeding`
      : message + (request === undefined ? '' : whatOf(request));
  const retryAfter = Number(headerOf(response.headers, 'retry-after'));
  return new StatusError(response.status, reason, full, {
    ...(text !== '' && { causes: [{ reason: 'UnexpectedServerResponse', message: text }] }),
    ...(retryAfter > 0 && { retryAfterSeconds: retryAfter }),
  });
}

/** " (get crontabs.stable.example.com my-ct)"; "" where the path names no resource. */
function whatOf({ method, path }: { readonly method: string; readonly path: string }): string {
  const match =
    /^\/(?:api\/[^/]+|apis\/([^/]+)\/[^/]+)\/(?:namespaces\/[^/]+\/(?=[^/?]))?([^/?]+)(?:\/([^/?]+))?/.exec(
      path,
    );
  if (match === null) return '';
  const [, group, resource, name] = match;
  const words = [method.toLowerCase(), group === undefined ? resource : `${resource}.${group}`, name];
  return ` (${words.filter((word) => word !== undefined).join(' ')})`;
}

function parseStatus(body: string): Status | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(body) as Status;
    return value.kind === 'Status' && value.status !== 'Success' ? value : undefined;
  } catch {
    return undefined;
  }
}
