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
import { streamOverWebSocket } from './stream-over-web-socket.ts';
import { commandOverSpdy, commandOverWebSocket } from './remote-command.ts';

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly message: HttpRequest;
  readonly handler: HttpHandler;
}

const SWITCHING_PROTOCOLS = 101;
const OK = 200;
const CHANNELS = 'channel.k8s.io';
const V4_CHANNELS = `v4.${CHANNELS}`;
/** A client need not name a protocol. */
const NO_PROTOCOL = '';
const PORT_FORWARD_CHANNELS = [V4_CHANNELS, `v4.base64.${CHANNELS}`, NO_PROTOCOL];
/** Best first. Channels of v5 can be closed one by one; those before it cannot. */
const COMMAND_PROTOCOLS = [
  REMOTE_COMMAND_PROTOCOL,
  V4_CHANNELS,
  `v4.base64.${CHANNELS}`,
  CHANNELS,
  `base64.${CHANNELS}`,
  NO_PROTOCOL,
];
const LOG_PROTOCOLS = ['binary.k8s.io', 'base64.binary.k8s.io', NO_PROTOCOL];
const SPDY_PROTOCOLS = [PORT_FORWARD_PROTOCOL, V4_CHANNELS];
/** Streams of a command by the query's names. */
const STREAMS = ['stdin', 'stdout', 'stderr'] as const;

/**
 * Answers a request that asks for another protocol: WebSocket or SPDY, with the messages of exec and attach, the
 * connections of port-forward, the events of a watch or the lines of a log. Everything else gets an answer of plain
 * HTTP; where that is a refusal, clients then say why.
 */
export async function upgrade(asked: Upgrade): Promise<void> {
  const { message, socket, handler } = asked;
  const asksFor = headerOf(message.headers, 'upgrade')?.toLowerCase();
  const isSpdy = asksFor === 'spdy/3.1';
  const said = new Messages();
  const response = await handler({ ...message, messages: said });
  const accepted = isSpdy ? SPDY_PROTOCOLS : protocolsFor(message, response);
  if (accepted === undefined || (response.status !== SWITCHING_PROTOCOLS && asksFor !== 'websocket')) {
    return refuse(socket, response);
  }
  const offered = protocolsOf(message, isSpdy ? 'x-stream-protocol-version' : 'sec-websocket-protocol');
  const names = offered.length === 0 ? [NO_PROTOCOL] : offered;
  // A watch has no protocol of its own: it takes what it is asked for.
  const protocol = accepted.length === 0 ? names[0] : accepted.find((name) => names.includes(name));
  if (protocol === undefined) {
    if (typeof response.body !== 'string') response.body.cancel();
    const list = (them: readonly string[]) => `[${them.join(' ')}]`;
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

/** Protocols of a WebSocket that fit the answer, best first, none for any; undefined if it is no answer for one. */
function protocolsFor(
  { path }: HttpRequest,
  { status, forward, body }: HttpResponse,
): readonly string[] | undefined {
  if (status === SWITCHING_PROTOCOLS) {
    return forward === undefined
      ? COMMAND_PROTOCOLS
      : [TUNNELED_PORT_FORWARD_PROTOCOL, ...PORT_FORWARD_CHANNELS];
  }
  if (status !== OK) return undefined;
  if (isLog(path)) return LOG_PROTOCOLS;
  return typeof body === 'string' ? undefined : [];
}

const isLog = (path: string) => /\/pods\/[^/?]+\/log(?:\?|$)/.test(path);

async function serveSpdy(
  socket: Duplex,
  { path }: HttpRequest,
  { forward, body }: HttpResponse,
  said: Messages,
): Promise<void> {
  if (forward !== undefined) return forwardOverSpdy(socket, forward);
  if (typeof body === 'string') return;
  const query = queryOf(path);
  const expected = new Set<Channel>(['error', ...STREAMS.filter((name) => isOn(query, name))]);
  // A terminal has one output, and a size.
  if (isOn(query, 'tty')) {
    expected.delete('stderr');
    expected.add('resize');
  }
  await commandOverSpdy(socket, said, body, expected);
}

async function serveWebSocket(
  client: WebSocket,
  protocol: string,
  { path }: HttpRequest,
  { status, forward, body }: HttpResponse,
  said: Messages,
): Promise<void> {
  if (status !== SWITCHING_PROTOCOLS) {
    const framing = !isLog(path) ? 'text' : protocol.startsWith('base64.') ? 'base64' : 'binary';
    return streamOverWebSocket(client, body, framing);
  }
  if (typeof body !== 'string') {
    const query = queryOf(path);
    const first = (['stdout', 'stderr'] as const).find((name) => isOn(query, name)) ?? 'error';
    return commandOverWebSocket(client, protocol, said, body, first);
  }
  if (forward === undefined) return client.close();
  if (protocol !== TUNNELED_PORT_FORWARD_PROTOCOL) {
    return forwardOverChannels(client, protocol, queryOf(path).getAll('ports').flatMap(portsOf), forward);
  }
  forwardOverSpdy(createWebSocketStream(client), forward);
}

const isOn = (query: URLSearchParams, name: string) => ['true', '1'].includes(query.get(name) ?? '');
const queryOf = (path: string) => new URLSearchParams(path.split('?')[1] ?? '');
const portsOf = (text: string) => text.split(',').map(Number);

/** Names of protocols, in one header or in several. */
function protocolsOf({ headers }: HttpRequest, header: string): readonly string[] {
  return headerValues(headers, header).flatMap((value) => value.split(',').map((name) => name.trim()));
}

/** The library takes no name with a slash, which that of a tunnel has: it does not get to see any. */
function overWebSocket({ request, socket, head }: Upgrade, protocol: string): Promise<WebSocket> {
  const sockets = new WebSocketServer({ noServer: true });
  if (protocol !== NO_PROTOCOL) {
    sockets.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  }
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
  if (typeof body !== 'string') body.cancel();
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
