import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { HttpHeaders, HttpRequest } from '../../apimachinery/http.ts';
import { readBody, toText } from './body.ts';

/** Both versions of HTTP, as Node hands them over. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/**
 * Reads a request off the wire. Of a body that is longer than `limit` bytes only one more than that is
 * kept: enough for the server to see that it is too long, whatever the client still sends.
 */
export async function readRequest(
  request: NodeRequest,
  certificateOf: (socket: TLSSocket) => HttpRequest['certificate'],
  limit: number,
): Promise<HttpRequest> {
  const socket = socketOf(request);
  const certificate = certificateOf(socket);
  const { remoteAddress } = socket;
  const { method = 'GET', url = '/' } = request;
  const bodiless = method === 'GET' || method === 'HEAD';
  const headers = headersOf(request.rawHeaders);
  return {
    method,
    // A client may name the whole address, as it does to a proxy.
    path: url.replace(/^https?:\/\/[^/?#]*/i, ''),
    ...(bodiless ? { headers, body: '' } : toText(await readBody(request, limit), headers)),
    ...(certificate !== undefined && { certificate }),
    ...(remoteAddress !== undefined && { remoteAddress }),
  };
}

/** The connection of a request; streams of HTTP/2 share theirs. */
function socketOf(request: NodeRequest): TLSSocket {
  return ('stream' in request ? request.stream.session!.socket : request.socket) as TLSSocket;
}

/** Names in lower case; what came several times is an array; HTTP/2's own fields are left out. */
function headersOf(raw: readonly string[]): HttpHeaders {
  const headers: Record<string, string | string[]> = Object.create(null);
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase();
    const value = raw[index + 1]!;
    if (name.startsWith(':')) continue;
    const known = headers[name];
    if (known === undefined) headers[name] = value;
    else if (typeof known === 'string') headers[name] = [known, value];
    else known.push(value);
  }
  return headers;
}
