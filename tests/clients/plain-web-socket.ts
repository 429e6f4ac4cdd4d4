import type { Buffer as Bytes } from 'node:buffer';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';

const TEXT = 0x81;
const BINARY = 0x82;
const CLOSE = 0x88;
const MASKED = 0x80;
/** A frame whose length takes two bytes says so with this. */
const TWO_BYTES = 126;

/** As much of a WebSocket as a test of its subprotocols needs: short messages there, any but huge ones back. */
export class PlainWebSocket {
  readonly #socket: Duplex;
  #rest: Bytes = Buffer.alloc(0);
  #end = () => {};
  /** Resolves when the server says goodbye to one who listens to its messages. */
  readonly ended = new Promise<void>((resolve) => (this.#end = resolve));

  /** What the server chose; "" for none. */
  readonly protocol: string;

  private constructor(socket: Duplex, protocol: string) {
    this.#socket = socket;
    this.protocol = protocol;
    socket.on('error', () => {});
  }

  /** With a token, or the certificate that a client shows. Rejects if the server does not switch protocols. */
  static open(
    url: string,
    protocol: string | undefined,
    identity: string | { readonly cert: Bytes; readonly key: Bytes },
  ): Promise<PlainWebSocket> {
    return new Promise((resolve, reject) => {
      const asking = request(url, {
        rejectUnauthorized: false,
        ...(typeof identity !== 'string' && identity),
        headers: {
          ...(typeof identity === 'string' && { authorization: `Bearer ${identity}` }),
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': Buffer.alloc(16).toString('base64'),
          ...(protocol !== undefined && { 'sec-websocket-protocol': protocol }),
        },
      });
      asking.once('upgrade', ({ headers }, socket, head) => {
        // What came with the answer is the beginning of what is read.
        if (head.length > 0) socket.unshift(head);
        resolve(new PlainWebSocket(socket, headers['sec-websocket-protocol'] ?? ''));
      });
      asking.once('response', ({ statusCode }) => reject(new Error(`answered with ${statusCode}`)));
      asking.once('error', reject);
      asking.end();
    });
  }

  /** At most 125 bytes. The mask is all zeros. */
  send(message: Bytes): void {
    this.#socket.write(Buffer.concat([Buffer.of(BINARY, MASKED | message.length, 0, 0, 0, 0), message]));
  }

  /** Calls `listener` with each message. */
  onMessage(listener: (message: Bytes, isText: boolean) => void): void {
    this.#socket.on('data', (bytes: Bytes) => {
      this.#rest = Buffer.concat([this.#rest, bytes]);
      for (;;) {
        const short = this.#rest[1];
        if (short === undefined || (short === TWO_BYTES && this.#rest.length < 4)) return;
        const start = short === TWO_BYTES ? 4 : 2;
        const end = start + (short === TWO_BYTES ? this.#rest.readUInt16BE(2) : short);
        if (this.#rest.length < end) return;
        const [kind] = this.#rest;
        if (kind === BINARY || kind === TEXT) listener(this.#rest.subarray(start, end), kind === TEXT);
        if (kind === CLOSE) this.#end();
        this.#rest = this.#rest.subarray(end);
      }
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
