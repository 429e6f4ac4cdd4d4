import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { statusText } from '../../apimachinery/http-status.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from '../../apimachinery/http.ts';
import { headerOf, headerValues } from '../../apimachinery/http.ts';
import type { Channel } from '../../apimachinery/remotecommand.ts';
import {
  PORT_FORWARD_PROTOCOL,
  REMOTE_COMMAND_PROTOCOL,
  TUNNELED_PORT_FORWARD_PROTOCOL,
} from '../../apimachinery/remotecommand.ts';
import { Messages } from './messages.ts';
import { forwardOverChannels, forwardOverSpdy } from './port-forward.ts';
import { commandOverSpdy, commandOverWebSocket } from './remote-command.ts';

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly message: HttpRequest;
  readonly handler: HttpHandler;
}

const SWITCHING_PROTOCOLS = 101;
const CHANNELS = 'v4.channel.k8s.io';
/** Best first. Channels of v5 can be closed one by one; those of v4 cannot. */
const COMMAND_PROTOCOLS = [REMOTE_COMMAND_PROTOCOL, CHANNELS];
const WEB_SOCKET_PROTOCOLS = [TUNNELED_PORT_FORWARD_PROTOCOL, ...COMMAND_PROTOCOLS];
const SPDY_PROTOCOLS = [PORT_FORWARD_PROTOCOL, CHANNELS];
/** Streams of a command by the query's names. */
const STREAMS = ['stdin', 'stdout', 'stderr'] as const;

/**
 * Answers a request that asks for another protocol: WebSocket or SPDY, with the messages of exec and attach or the
 * connections of port-forward. What the server refuses gets an answer of plain HTTP; clients then say why.
 */
export async function upgrade(asked: Upgrade): Promise<void> {
  const { message, socket, handler } = asked;
  const isSpdy = headerOf(message.headers, 'upgrade')?.toLowerCase() === 'spdy/3.1';
  const offered = protocolsOf(message, isSpdy ? 'x-stream-protocol-version' : 'sec-websocket-protocol');
  const accepted = isSpdy ? SPDY_PROTOCOLS : WEB_SOCKET_PROTOCOLS;
  const protocol = accepted.find((name) => offered.includes(name));
  const said = new Messages();
  const response = await handler({ ...message, messages: said });
  if (response.status !== SWITCHING_PROTOCOLS) return refuse(socket, response);
  if (protocol === undefined) {
    if (typeof response.body !== 'string') response.body.cancel();
    const list = (names: readonly string[]) => `[${names.join(' ')}]`;
    return refuse(socket, {
      status: 403,
      headers: {},
      body: `unable to upgrade: unable to negotiate protocol: client supports ${list(offered)}, server accepts ${list(accepted)}\n`,
    });
  }
  if (isSpdy) overSpdy(asked, protocol);
  await (isSpdy
    ? serveSpdy(socket, message, response, said)
    : serveWebSocket(await overWebSocket(asked, protocol), protocol, message, response, said));
}

async function serveSpdy(
  socket: Duplex,
  { path }: HttpRequest,
  { forward, body }: HttpResponse,
  said: Messages,
): Promise<void> {
  if (forward !== undefined) return forwardOverSpdy(socket, forward);
  if (typeof body === 'string') return;
  const query = queryOf(path);
  const isOn = (name: string) => ['true', '1'].includes(query.get(name) ?? '');
  const expected = new Set<Channel>(['error', ...STREAMS.filter(isOn)]);
  // A terminal has one output, and a size.
  if (isOn('tty')) {
    expected.delete('stderr');
    expected.add('resize');
  }
  await commandOverSpdy(socket, said, body, expected);
}

async function serveWebSocket(
  client: WebSocket,
  protocol: string,
  { path }: HttpRequest,
  { forward, body }: HttpResponse,
  said: Messages,
): Promise<void> {
  if (typeof body !== 'string') return commandOverWebSocket(client, said, body);
  if (forward === undefined) return client.close();
  if (protocol !== TUNNELED_PORT_FORWARD_PROTOCOL) {
    return forwardOverChannels(client, queryOf(path).getAll('ports').flatMap(portsOf), forward);
  }
  forwardOverSpdy(createWebSocketStream(client), forward);
}

const queryOf = (path: string) => new URLSearchParams(path.split('?')[1] ?? '');
const portsOf = (text: string) => text.split(',').map(Number);

/** Names of protocols, in one header or in several. */
function protocolsOf({ headers }: HttpRequest, header: string): readonly string[] {
  return headerValues(headers, header).flatMap((value) => value.split(',').map((name) => name.trim()));
}

/** The library takes no name with a slash, which that of a tunnel has: it does not get to see any. */
function overWebSocket({ request, socket, head }: Upgrade, protocol: string): Promise<WebSocket> {
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  delete request.headers['sec-websocket-protocol'];
  return new Promise((resolve) => sockets.handleUpgrade(request, socket, head, resolve));
}

function overSpdy({ socket, head }: Upgrade, protocol: string): void {
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  );
  if (head.length > 0) socket.unshift(head);
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
