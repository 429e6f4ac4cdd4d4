import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { HttpStream } from '../../apimachinery/http.ts';
import type { Channel, CommandStatus } from '../../apimachinery/remotecommand.ts';
import { textOfBytes, unfinished } from '../../crypto/encoding/byte-text.ts';
import { decodeMessage, encodeMessage } from '../../apimachinery/remotecommand.ts';
import { ChannelSocket } from './channel-socket.ts';
import type { Messages } from './messages.ts';
import type { SpdyStream } from './spdy/connection.ts';
import { SpdyConnection } from './spdy/connection.ts';
import { textBytes } from './text-bytes.ts';

/**
 * exec and attach over a WebSocket: each message belongs to a channel. The first one says nothing, on `first`: the
 * command has begun. Protocols before v4 know no Status.
 *
 * Models k8s.io/kubelet/pkg/cri/streaming/remotecommand/websocket.go.
 */
export async function commandOverWebSocket(
  client: WebSocket,
  protocol: string,
  said: Messages,
  body: HttpStream,
  first: Channel,
): Promise<void> {
  const socket = new ChannelSocket(client, protocol);
  const hasStatus = /^v[45]\./.test(protocol);
  const texts = new Map<number, TextReader>();
  socket.onMessage((channel, bytes) => {
    const reader = texts.get(channel) ?? new TextReader();
    texts.set(channel, reader);
    said.push(String.fromCharCode(channel) + reader.read(bytes));
  });
  client.on('close', () => {
    said.end();
    body.cancel();
  });
  client.on('error', () => client.terminate());
  const send = (message: string) => socket.send(message.charCodeAt(0), textBytes(message.slice(1)));
  await send(encodeMessage(first, ''));
  for await (const piece of body) {
    const message = hasStatus ? piece : withoutStatus(piece);
    if (message !== undefined) await send(message);
  }
  await socket.close();
}

/** Where how a command ended is a text, and nothing if all is well. Models v1WriteStatusFunc. */
function withoutStatus(piece: string): string | undefined {
  const message = decodeMessage(piece);
  if (message?.channel !== 'error') return piece;
  const status = JSON.parse(message.text) as CommandStatus;
  return status.status === 'Success' ? undefined : encodeMessage('error', status.message ?? '');
}

/** The text of one channel, whose pieces may end within a character. */
class TextReader {
  #rest: Buffer = Buffer.alloc(0);

  read(piece: Buffer): string {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const end = bytes.length - unfinished(bytes);
    this.#rest = bytes.subarray(end);
    const whole = bytes.subarray(0, end);
    return isUtf8(whole) ? whole.toString('utf8') : textOfBytes(whole);
  }
}

const STREAMS: readonly Channel[] = ['stdin', 'stdout', 'stderr', 'error', 'resize'];
const isStream = (name: string): name is Channel => (STREAMS as readonly string[]).includes(name);

/**
 * The same over SPDY, as kubectl before v1.30 does it: one stream for each channel. `expected` is how many of them the
 * client opens; nothing is said before all are there.
 *
 * Models k8s.io/kubelet/pkg/cri/streaming/remotecommand/httpstream.go.
 */
export async function commandOverSpdy(
  socket: Duplex,
  said: Messages,
  body: HttpStream,
  expected: ReadonlySet<Channel>,
): Promise<void> {
  const streams = new Map<Channel, SpdyStream>();
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const connection = new SpdyConnection(socket, (stream) => {
    const { streamtype: type = '' } = stream.headers;
    if (!isStream(type)) {
      stream.destroy();
      return;
    }
    streams.set(type, stream);
    if (type === 'stdin' || type === 'resize') listen(stream, type, said);
    if ([...expected].every((name) => streams.has(name))) open();
  });
  socket.once('close', () => {
    said.end();
    body.cancel();
    open();
  });
  await opened;
  for await (const piece of body) {
    const message = decodeMessage(piece);
    if (message !== undefined) streams.get(message.channel)?.write(textBytes(message.text));
  }
  for (const stream of streams.values()) stream.end();
  connection.goAway();
}

function listen(stream: SpdyStream, channel: 'stdin' | 'resize', said: Messages): void {
  const reader = new TextReader();
  stream.on('data', (piece: Buffer) => said.push(encodeMessage(channel, reader.read(piece))));
  if (channel === 'stdin') stream.once('end', () => said.push(encodeMessage('close', '\u0000')));
}
