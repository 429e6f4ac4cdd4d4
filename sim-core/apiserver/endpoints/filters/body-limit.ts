import type { HttpResponse } from '../../../apimachinery/http.ts';
import { MAX_REQUEST_BODY_BYTES } from '../../../apimachinery/http.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import { respondError } from '../handlers/response-writer.ts';
import type { Handler, ServerRequest } from '../request.ts';

/** Bytes of UTF-8 that one of JavaScript's code units takes at most. */
const MAX_BYTES_PER_UNIT = 3;

/** Answers 413 to a body that is too long. Models endpoints/handlers/rest.go limitedReadBody. */
export function withBodyLimit(handler: Handler): Handler {
  return (request) => (isTooLong(request.http.body) ? Promise.resolve(tooLarge(request)) : handler(request));
}

function tooLarge(request: ServerRequest): HttpResponse {
  const message = `Request entity too large: limit is ${MAX_REQUEST_BODY_BYTES}`;
  return respondError(request, new StatusError(413, 'RequestEntityTooLarge', message));
}

function isTooLong(body: string): boolean {
  if (body.length * MAX_BYTES_PER_UNIT <= MAX_REQUEST_BODY_BYTES) return false;
  let bytes = body.length;
  for (let index = 0; index < body.length && bytes <= MAX_REQUEST_BODY_BYTES; index++) {
    const unit = body.charCodeAt(index);
    // A surrogate pair is two units and four bytes.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes > MAX_REQUEST_BODY_BYTES;
}
