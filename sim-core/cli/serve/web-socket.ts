import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { statusText } from '../../apimachinery/http-status.ts';
import type { HttpHandler, HttpRequest, HttpResponse, HttpStream } from '../../apimachinery/http.ts';
import { REMOTE_COMMAND_PROTOCOL } from '../../apimachinery/remotecommand.ts';

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly message: HttpRequest;
  readonly handler: HttpHandler;
}

const SWITCHING_PROTOCOLS = 101;
const NORMAL_CLOSURE = 1000;
const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => REMOTE_COMMAND_PROTOCOL });

/**
 * Answers a request that asks for another protocol: WebSocket with the messages of exec and attach. What the
 * server refuses, and any other protocol (SPDY), gets an answer of plain HTTP; clients then say why.
 */
export async function bridge({ request, socket, head, message, handler }: Upgrade): Promise<void> {
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!protocols.includes(REMOTE_COMMAND_PROTOCOL)) {
    const { body, ...refused } = await handler(message);
    // The request was good, but nobody could follow the answer.
    if (typeof body === 'string') return refuse(socket, { ...refused, body });
    body.cancel();
    return refuse(socket, {
      status: 400,
      headers: {},
      body: `only ${REMOTE_COMMAND_PROTOCOL} is spoken here\n`,
    });
  }
  const messages = new Messages();
  const response = await handler({ ...message, messages });
  const { body } = response;
  if (response.status !== SWITCHING_PROTOCOLS || typeof body === 'string') return refuse(socket, response);
  const client = await new Promise<WebSocket>((resolve) =>
    sockets.handleUpgrade(request, socket, head, resolve),
  );
  client.on('message', (data: Buffer) => messages.push(textOf(data)));
  client.on('close', () => {
    messages.end();
    body.cancel();
  });
  client.on('error', () => client.terminate());
  await send(client, body);
}

async function send(client: WebSocket, body: HttpStream): Promise<void> {
  for await (const piece of body) client.send(bytesOf(piece));
  client.close(NORMAL_CLOSURE);
}

/** The first character is the number of a channel, one byte; the rest is text. */
function bytesOf(message: string): Buffer {
  return Buffer.concat([Buffer.of(message.charCodeAt(0)), Buffer.from(message.slice(1), 'utf8')]);
}

function textOf(data: Buffer): string {
  return String.fromCharCode(data[0] ?? 0) + data.toString('utf8', 1);
}

function refuse(socket: Duplex, { status, headers, body }: HttpResponse): void {
  const text = typeof body === 'string' ? body : '';
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  });
  socket.end(
    `HTTP/1.1 ${status} ${statusText(status)}\r\n${lines.map(([name, value]) => `${name}: ${String(value)}\r\n`).join('')}\r\n${text}`,
  );
}

/** What the client has said, for whoever wants to hear it. */
class Messages implements AsyncIterable<string> {
  readonly #queue: string[] = [];
  #ended = false;
  #wake = () => {};

  push(message: string): void {
    this.#queue.push(message);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    for (;;) {
      const message = this.#queue.shift();
      if (message !== undefined) yield message;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
