import { bodyText } from '../../../apimachinery/http.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import { byteLength } from '../../../apimachinery/validation/names.ts';
import type { ServerRequest } from '../request.ts';

/** Upstream's MaxRequestBodyBytes. */
const LIMIT = 3 * 1024 * 1024;
const MAX_BYTES_OF_UNIT = 3;

/** The request's body; rejects with 413 for more than 3 MiB. Models endpoints/handlers/rest.go limitedReadBody. */
export function limitedBody({ http }: ServerRequest): string {
  const body = bodyText(http);
  if (body.length * MAX_BYTES_OF_UNIT > LIMIT && byteLength(body) > LIMIT) {
    throw tooLargeError(`limit is ${LIMIT}`);
  }
  return body;
}

/** Models errors.NewRequestEntityTooLargeError. */
export function tooLargeError(detail: string): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: ${detail}`);
}
