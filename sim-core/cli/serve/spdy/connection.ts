import { Duplex } from 'node:stream';
import type { Frame } from './frames.ts';
import { encodeFrame, FrameReader } from './frames.ts';
import type { SpdyHeaders } from './header-block.ts';
import { HeaderReader, HeaderWriter } from './header-block.ts';

/** RST_STREAM status codes of SPDY/3.1, section 2.6.3. */
const CANCEL = 5;

/** One stream that the client opened: its headers, and bytes both ways. */
export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: SpdyHeaders;
  readonly #send: (frame: Parameters<typeof encodeFrame>[0]) => void;

  constructor(id: number, headers: SpdyHeaders, send: (frame: Parameters<typeof encodeFrame>[0]) => void) {
    super({ allowHalfOpen: true });
    this.id = id;
    this.headers = headers;
    this.#send = send;
  }

  override _read(): void {
    // Frames come when they come.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#send({ type: 'data', stream: this.id, fin: false, data: chunk });
    done();
  }

  override _final(done: () => void): void {
    this.#send({ type: 'data', stream: this.id, fin: true, data: Buffer.alloc(0) });
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.writableFinished) this.#send({ type: 'rst-stream', stream: this.id, status: CANCEL });
    done(error);
  }
}

/**
 * The server's side of SPDY/3.1 over a socket: whatever stream a client opens is accepted and given to `accept`. There is
 * no flow control, as in the library that Kubernetes uses. Bytes that are no frames end the connection.
 *
 * Models github.com/moby/spdystream Connection.
 */
export class SpdyConnection {
  readonly #socket: Duplex;
  readonly #accept: (stream: SpdyStream) => void;
  readonly #frames = new FrameReader();
  readonly #reader = new HeaderReader();
  readonly #writer = new HeaderWriter();
  readonly #streams = new Map<number, SpdyStream>();
  /** Frames are taken one after the other, since their headers are. */
  #work: Promise<void> = Promise.resolve();

  constructor(socket: Duplex, accept: (stream: SpdyStream) => void) {
    this.#socket = socket;
    this.#accept = accept;
    socket.on('data', (bytes: Buffer) => {
      this.#work = this.#work.then(() => this.#receive(bytes)).catch(() => this.close());
    });
    socket.on('error', () => this.close());
    socket.once('close', () => this.#end());
  }

  /** Ends all streams, and the connection. */
  close(): void {
    this.#socket.destroy();
  }

  /** Says that nothing more comes, and hangs up. */
  goAway(): void {
    this.#send({ type: 'goaway', lastStream: Math.max(0, ...this.#streams.keys()) });
    this.#socket.end();
  }

  #end(): void {
    for (const stream of this.#streams.values()) stream.destroy();
    this.#streams.clear();
    this.#reader.close();
    this.#writer.close();
  }

  async #receive(bytes: Buffer): Promise<void> {
    for (const frame of this.#frames.push(bytes)) await this.#take(frame);
  }

  async #take(frame: Frame): Promise<void> {
    switch (frame.type) {
      case 'syn-stream':
        return this.#open(frame.stream, await this.#reader.read(frame.block), frame.fin);
      case 'headers':
      case 'syn-reply':
        // Nobody waits for them, but what follows is compressed after them.
        await this.#reader.read(frame.block);
        break;
      case 'data': {
        const stream = this.#streams.get(frame.stream);
        if (frame.data.length > 0) stream?.push(frame.data);
        if (frame.fin) stream?.push(null);
        break;
      }
      case 'rst-stream':
        this.#streams.get(frame.stream)?.destroy();
        break;
      case 'ping':
        // Those of the client have odd numbers; they come back as they are.
        if (frame.id % 2 === 1) this.#send(frame);
        break;
      case 'goaway':
        this.#socket.end();
        break;
      case 'ignored':
        break;
    }
  }

  async #open(id: number, headers: SpdyHeaders, fin: boolean): Promise<void> {
    const block = await this.#writer.write({});
    const stream = new SpdyStream(id, headers, (frame) => this.#send(frame));
    this.#streams.set(id, stream);
    stream.on('error', () => {});
    stream.once('close', () => this.#streams.delete(id));
    this.#send({ type: 'syn-reply', stream: id, fin: false, block });
    if (fin) stream.push(null);
    this.#accept(stream);
  }

  #send(frame: Parameters<typeof encodeFrame>[0]): void {
    if (this.#socket.writable) this.#socket.write(encodeFrame(frame));
  }
}
