import type { Deflate, Inflate } from 'node:zlib';
import { constants, createDeflate, createInflate } from 'node:zlib';
import { DICTIONARY } from './dictionary.ts';

export type SpdyHeaders = Readonly<Record<string, string>>;

/** More than any client of the API sends; a block that grows beyond is an attack. */
const MAX_BLOCK_BYTES = 1024 * 1024;

/**
 * Header blocks of one direction of a connection: all of them are one stream of zlib. Both functions must be called
 * one after the other, in the order of the frames.
 */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate({ dictionary: DICTIONARY, finishFlush: constants.Z_SYNC_FLUSH });

  /** Names in lower case. Rejects for what is no header block. */
  async read(block: Buffer): Promise<SpdyHeaders> {
    return parse(await through(this.#inflate, block));
  }

  close(): void {
    this.#inflate.close();
  }
}

export class HeaderWriter {
  readonly #deflate: Deflate = createDeflate({ dictionary: DICTIONARY, flush: constants.Z_SYNC_FLUSH });

  write(headers: SpdyHeaders): Promise<Buffer> {
    return through(this.#deflate, format(headers));
  }

  close(): void {
    this.#deflate.close();
  }
}

/** What comes out of `stream` for what goes in. */
function through(stream: Inflate | Deflate, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const collect = (piece: Buffer) => {
      size += piece.length;
      if (size <= MAX_BLOCK_BYTES) pieces.push(piece);
      else stream.destroy(new Error('a header block is too long'));
    };
    const settle = (settled: () => void) => {
      stream.removeListener('data', collect);
      stream.removeListener('error', failed);
      settled();
    };
    const failed = (error: Error) => settle(() => reject(error));
    stream.on('data', collect);
    stream.once('error', failed);
    // The stream has done its work by then; what it has to say follows within the turn.
    stream.write(bytes, () => setImmediate(() => settle(() => resolve(Buffer.concat(pieces)))));
  });
}

/** Number of pairs, then name and value by turns, each with its length before it: all in four bytes. */
function format(headers: SpdyHeaders): Buffer {
  const entries = Object.entries(headers);
  const pieces: Buffer[] = [number(entries.length)];
  for (const text of entries.flat()) {
    const bytes = Buffer.from(text, 'utf8');
    pieces.push(number(bytes.length), bytes);
  }
  return Buffer.concat(pieces);
}

function parse(block: Buffer): SpdyHeaders {
  let position = 4;
  const text = () => {
    const length = block.readUInt32BE(position);
    if (position + 4 + length > block.length) throw new RangeError('a header block is too short');
    const start = position + 4;
    position = start + length;
    return block.toString('utf8', start, position);
  };
  const headers: Record<string, string> = Object.create(null);
  for (let left = block.readUInt32BE(0); left > 0; left--) {
    const name = text().toLowerCase();
    headers[name] = text();
  }
  return headers;
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
