import * as http from 'node:http';
import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { PortForward } from '../../apimachinery/http.ts';
import { ConnectionError, MAX_REQUEST_BODY_BYTES } from '../../apimachinery/http.ts';
import { ChannelSocket } from './channel-socket.ts';
import { readRequest } from './request.ts';
import { writeResponse } from './response.ts';
import type { SpdyStream } from './spdy/connection.ts';
import { SpdyConnection } from './spdy/connection.ts';

/** Of one connection to a port: its bytes, and where to say what went wrong. */
interface Forwarded {
  readonly port: number;
  readonly data: Duplex;
  readonly error: Duplex;
}

const IDLE_TIMEOUT_MS = 90_000;

/**
 * Serves the connections of a port-forward: in the simulated cluster requests go over them, so they are taken for
 * HTTP/1.1, and each request is handed to `forward`. What cannot be reached is said on the error stream.
 */
class ForwardedConnections {
  readonly #forward: PortForward;
  readonly #open = new WeakMap<object, Forwarded>();
  readonly #http = http.createServer(
    { keepAliveTimeout: IDLE_TIMEOUT_MS },
    (request, response) => void this.#answer(request, response),
  );

  constructor(forward: PortForward) {
    this.#forward = forward;
    this.#http.on('clientError', (_error, socket) => socket.destroy());
  }

  serve(forwarded: Forwarded): void {
    const { data, error } = forwarded;
    this.#open.set(data, forwarded);
    data.once('close', () => error.end());
    this.#http.emit('connection', data);
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { port, data, error } = this.#open.get(request.socket)!;
    try {
      const message = await readRequest(request, () => undefined, MAX_REQUEST_BODY_BYTES);
      await writeResponse(response, message, await this.#forward(port, message));
    } catch (failure) {
      if (failure instanceof ConnectionError) error.write(failure.message);
      data.destroy();
      if (!(failure instanceof ConnectionError) && !request.destroyed) throw failure;
    }
  }
}

/** Streams of the client that belong together. */
type Pair = { readonly [Type in 'data' | 'error']?: SpdyStream };

/**
 * Port-forward over SPDY: for each connection two streams with the same request id, one for the error and one for the
 * data. Models k8s.io/kubelet/pkg/cri/streaming/portforward/httpstream.go.
 */
export function forwardOverSpdy(socket: Duplex, forward: PortForward): void {
  const connections = new ForwardedConnections(forward);
  const pairs = new Map<string, Pair>();
  new SpdyConnection(socket, (stream) => {
    const { streamtype: type, port = '', requestid: id = '' } = stream.headers;
    if (type !== 'data' && type !== 'error') {
      stream.destroy();
      return;
    }
    const pair = { ...pairs.get(id), [type]: stream };
    pairs.set(id, pair);
    const { data, error } = pair;
    if (data === undefined || error === undefined) return;
    pairs.delete(id);
    connections.serve({ port: Number(port), data, error });
  });
}

/**
 * Port-forward over a WebSocket's own channels: two for each of the ports that the query names, which the server begins
 * with the number of the port. It ends when the connections to all ports have. Models portforward/websocket.go.
 */
export function forwardOverChannels(
  client: WebSocket,
  protocol: string,
  ports: readonly number[],
  forward: PortForward,
): void {
  const connections = new ForwardedConnections(forward);
  const socket = new ChannelSocket(client, protocol);
  let open = ports.length;
  const channels = ports.flatMap((port, index) => {
    const data = new Channel(socket, 2 * index);
    const error = new Channel(socket, 2 * index + 1);
    for (const channel of [data, error]) channel.write(portBytes(port));
    connections.serve({ port, data, error });
    data.once('close', () => {
      if (--open === 0) void socket.close();
    });
    return [data, error];
  });
  socket.onMessage((channel, bytes) => channels[channel]?.push(bytes));
  client.once('close', () => channels.forEach((channel) => channel.destroy()));
}

/** In the order of bytes that Intel has. */
function portBytes(port: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(port);
  return bytes;
}

/** One channel of a WebSocket. */
class Channel extends Duplex {
  readonly #socket: ChannelSocket;
  readonly #number: number;

  constructor(socket: ChannelSocket, number: number) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#number = number;
    this.on('error', () => {});
  }

  override _read(): void {
    // Messages come when they come.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (chunk.length === 0) done();
    else void this.#socket.send(this.#number, chunk).then(() => done());
  }

  /** No message says that a channel is done: with the pod's side the whole of it is. */
  override _final(done: () => void): void {
    done();
    this.destroy();
  }
}
