import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/*
 * What never becomes a request gets the answers of Go's own HTTP server. Models net/http/server.go conn.serve.
 */

const HEADERS = 'Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n';
const BAD_REQUEST = 400;

/** By the codes of Node's parser; all else is a bad request. */
const STATUSES: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431 };

/** Answers bytes that are no request of HTTP/1.1, unless an answer has already begun, and closes. */
export function refuseMalformed(
  { code = '' }: NodeJS.ErrnoException,
  socket: Duplex,
  answering: ServerResponse | undefined,
): void {
  if (!socket.writable || code === 'ECONNRESET' || answering?.headersSent === true) {
    socket.destroy();
    return;
  }
  const status = STATUSES[code] ?? BAD_REQUEST;
  const line = `${status} ${STATUS_CODES[status]}`;
  socket.end(`HTTP/1.1 ${line}\r\n${HEADERS}\r\n${line}`);
}

/** Answers a request of HTTP/1.1 that names no host. */
export function refuseWithoutHost(socket: Duplex): void {
  const line = '400 Bad Request: missing required Host header';
  socket.end(`HTTP/1.1 ${line}\r\n${HEADERS}\r\n${line}`);
}

/** Connections that may turn out to speak plain HTTP: their bytes go past TLS. */
export class Handshakes {
  /** By the client's port: TLS does not give back what it runs over. */
  readonly #begun = new Map<number, Socket>();

  begin(socket: Socket): void {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    this.#begun.set(remotePort, socket);
    socket.once('close', () => this.#begun.delete(remotePort));
  }

  done({ remotePort }: Socket): void {
    this.#begun.delete(remotePort ?? -1);
  }

  /** The handshake failed. One who speaks HTTP is told; all others broke it off themselves. */
  failed({ code }: NodeJS.ErrnoException, { remotePort }: Socket): void {
    if (code !== 'ERR_SSL_HTTP_REQUEST') return;
    this.#begun
      .get(remotePort ?? -1)
      ?.end('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
  }
}
