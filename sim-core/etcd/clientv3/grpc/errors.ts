import { EtcdError } from '../client.ts';
import type { EtcdErrorCode } from '../client.ts';

/** gRPC's numbers for the codes that etcd answers with. */
const CODES: ReadonlyMap<number, EtcdErrorCode> = new Map<number, EtcdErrorCode>([
  [1, 'Canceled'],
  [2, 'Unknown'],
  [3, 'InvalidArgument'],
  [4, 'DeadlineExceeded'],
  [5, 'NotFound'],
  [7, 'PermissionDenied'],
  [8, 'ResourceExhausted'],
  [9, 'FailedPrecondition'],
  [11, 'OutOfRange'],
  [12, 'Unimplemented'],
  [14, 'Unavailable'],
  [16, 'Unauthenticated'],
]);

/** How the package etcd3 words errors: "9 FAILED_PRECONDITION: text", for a lost lease with words around it. */
const WORDING = /(?:^|\s)(\d+) [A-Z_]+: (.*?)(?: is expired or revoked)?$/s;

/** What grpc-js says of a request that it could not send to anybody. */
const NOT_SENT = 'No connection established';

/** The server's error, with its code and text, out of what the package etcd3 throws. */
export function toEtcdError(error: unknown): EtcdError {
  if (error instanceof EtcdError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const [, number, text] = WORDING.exec(message) ?? [];
  return new EtcdError(CODES.get(Number(number)) ?? 'Unknown', text ?? message);
}

/** True if the request certainly never reached the server: it may be sent again, whatever it does. */
export function wasNotSent(error: EtcdError): boolean {
  return error.code === 'Unavailable' && error.message.startsWith(NOT_SENT);
}
