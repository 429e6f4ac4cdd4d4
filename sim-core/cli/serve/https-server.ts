import * as http from 'node:http';
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import * as tls from 'node:tls';
import type { HttpHandler, HttpStream } from '../../apimachinery/http.ts';
import { ConnectionError, MAX_REQUEST_BODY_BYTES } from '../../apimachinery/http.ts';
import { ClientCertificates } from './client-certificates.ts';
import { Handshakes, refuseMalformed, refuseWithoutHost } from './malformed.ts';
import type { NodeRequest } from './request.ts';
import { readRequest } from './request.ts';
import type { NodeResponse } from './response.ts';
import { ended, writeResponse } from './response.ts';
import { upgrade } from './upgrade.ts';

/** What the server shows and whom it asks. All texts are PEM. */
export interface HttpsServerConfig {
  readonly certificate: string;
  readonly key: string;
  /** Authorities whose certificates clients are asked for. */
  readonly clientCA: string;
  readonly handler: HttpHandler;
}

/** Go's net/http takes headers up to 1 MiB, so that long selectors fit into a URL. */
const HEADER_LIMIT = 1024 * 1024;
/** Models server/secure_serving.go: streams that one HTTP/2 connection may have. */
const MAX_STREAMS = 100;
const IDLE_TIMEOUT_MS = 90_000;
/** How long answers that are under way may take when the server stops. */
const GRACE_MS = 1000;

/**
 * HTTPS at 127.0.0.1, HTTP/1.1 and HTTP/2, in front of a handler. It listens first, so that its port is
 * known, and is given what it serves after.
 */
export class HttpsServer {
  readonly #server: tls.Server;
  readonly #http1: http.Server;
  readonly #connections = new Set<tls.TLSSocket>();
  readonly #sessions = new Set<http2.ServerHttp2Session>();
  /** Answers that go on until somebody ends them: watches, logs that are followed. */
  readonly #streams = new Set<HttpStream>();
  readonly #clients = new ClientCertificates();
  readonly #handshakes = new Handshakes();
  /** Of HTTP/1.1: the answer that a connection waits for. */
  readonly #answering = new WeakMap<Duplex, http.ServerResponse>();
  #handler: HttpHandler | undefined;
  #underWay = 0;

  constructor() {
    const answer = (request: NodeRequest, response: NodeResponse) => void this.#answer(request, response);
    this.#http1 = http.createServer(
      { maxHeaderSize: HEADER_LIMIT, keepAliveTimeout: IDLE_TIMEOUT_MS, requireHostHeader: false },
      (request, response) => {
        if (request.headers.host === undefined && request.httpVersion === '1.1') {
          refuseWithoutHost(request.socket);
          return;
        }
        this.#answering.set(request.socket, response);
        answer(request, response);
      },
    );
    this.#http1.on('clientError', (error, socket) =>
      refuseMalformed(error, socket, this.#answering.get(socket)),
    );
    this.#http1.on(
      'upgrade',
      (request, socket, head) => void this.#upgrade(request, socket as tls.TLSSocket, head),
    );
    const http2Server = http2.createServer(
      { settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: HEADER_LIMIT } },
      answer,
    );
    this.#server = tls.createServer(
      {
        requestCert: true,
        // Bad certificates get an answer of the API, 401, as from a real kube-apiserver.
        rejectUnauthorized: false,
        ALPNProtocols: ['h2', 'http/1.1'],
      },
      (socket) => {
        this.#handshakes.done(socket);
        this.#connections.add(socket);
        socket.once('close', () => this.#connections.delete(socket));
        socket.setNoDelay(true);
        (socket.alpnProtocol === 'h2' ? http2Server : this.#http1).emit('connection', socket);
      },
    );
    this.#server.on('connection', (socket) => this.#handshakes.begin(socket));
    // A client that breaks its connection or its handshake off is none of the server's troubles.
    this.#server.on('tlsClientError', (error, socket) => this.#handshakes.failed(error, socket));
    http2Server.on('sessionError', () => {});
    http2Server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
    });
  }

  /** From now on requests are answered. */
  serve({ certificate, key, clientCA, handler }: HttpsServerConfig): void {
    this.#server.setSecureContext({ cert: certificate, key, ca: clientCA, minVersion: 'TLSv1.2' });
    this.#handler = handler;
  }

  /** Resolves with the port; 0 takes a free one. Rejects with Node's error if it cannot be had. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.removeListener('error', reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no more requests, ends streams, lets what else is under way end and closes what is left. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const stream of this.#streams) stream.cancel();
    for (let waited = 0; this.#underWay > 0 && waited < GRACE_MS; waited += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const session of this.#sessions) session.close();
    for (const socket of this.#connections) if (socket.alpnProtocol !== 'h2') socket.destroySoon();
    const late = setTimeout(() => {
      for (const socket of this.#connections) socket.destroy();
    }, GRACE_MS);
    await closed;
    clearTimeout(late);
  }

  /** exec, attach and port-forward: another protocol after the handshake. */
  async #upgrade(request: http.IncomingMessage, socket: tls.TLSSocket, head: Buffer): Promise<void> {
    socket.on('error', () => {});
    try {
      const message = await readRequest(request, this.#clients.of, MAX_REQUEST_BODY_BYTES);
      await upgrade({ request, socket, head, message, handler: this.#handler! });
    } catch (error) {
      socket.destroy();
      if (!(error instanceof ConnectionError) && !isAbort(error)) throw error;
    }
  }

  async #answer(request: NodeRequest, response: NodeResponse): Promise<void> {
    this.#underWay++;
    // An aborted request shows as the end of what is read and written.
    request.on('error', () => {});
    response.on('error', () => {});
    try {
      const message = await readRequest(request, this.#clients.of, MAX_REQUEST_BODY_BYTES);
      const answer = await this.#handler!(message);
      const { body } = answer;
      if (typeof body === 'string') await writeResponse(response, message, answer);
      else {
        this.#streams.add(body);
        // One that begins while the server stops ends with the others.
        if (!this.#server.listening) body.cancel();
        await writeResponse(response, message, answer).finally(() => this.#streams.delete(body));
      }
      if (!this.#server.listening) await ended(response);
    } catch (error) {
      // Nobody listens behind the port, or the client is gone: there is no answer to give.
      (response as http.ServerResponse).destroy();
      if (!(error instanceof ConnectionError) && !isAbort(error)) throw error;
    } finally {
      this.#underWay--;
    }
  }
}

function isAbort(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return code === 'ECONNRESET' || code === 'ERR_HTTP2_STREAM_ERROR' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
