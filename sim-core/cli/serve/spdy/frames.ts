/** What of SPDY/3.1 the streams of kubectl use; header blocks are still compressed. */
export type Frame =
  | { readonly type: 'syn-stream'; readonly stream: number; readonly fin: boolean; readonly block: Buffer }
  | { readonly type: 'syn-reply'; readonly stream: number; readonly fin: boolean; readonly block: Buffer }
  | { readonly type: 'headers'; readonly stream: number; readonly fin: boolean; readonly block: Buffer }
  | { readonly type: 'rst-stream'; readonly stream: number; readonly status: number }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'goaway'; readonly lastStream: number }
  | { readonly type: 'data'; readonly stream: number; readonly fin: boolean; readonly data: Buffer }
  /** Settings and windows: nobody here limits the flow. */
  | { readonly type: 'ignored' };

const HEADER_BYTES = 8;
const CONTROL = 0x80;
const VERSION = 3;
const FIN = 0x01;
const ID_MASK = 0x7fff_ffff;
const TYPES = {
  'syn-stream': 1,
  'syn-reply': 2,
  'rst-stream': 3,
  ping: 6,
  goaway: 7,
  headers: 8,
} as const;
/** Where the header block begins in what follows the frame's own header. */
const BLOCK_AT = { 'syn-stream': 10, 'syn-reply': 4, headers: 4 } as const;
/** What must be there of a control frame. */
const SIZES: Readonly<Record<keyof typeof TYPES, number>> = {
  'syn-stream': 10,
  'syn-reply': 4,
  'rst-stream': 8,
  ping: 4,
  goaway: 4,
  headers: 4,
};

/** Cuts bytes into frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The frames that are complete with these bytes. Throws for what is not SPDY/3. */
  push(bytes: Buffer): Frame[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    while (this.#rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.#rest.readUIntBE(5, 3);
      if (this.#rest.length < end) break;
      frames.push(frameOf(this.#rest, this.#rest.subarray(HEADER_BYTES, end)));
      this.#rest = this.#rest.subarray(end);
    }
    return frames;
  }
}

function frameOf(header: Buffer, payload: Buffer): Frame {
  const fin = (header[4]! & FIN) !== 0;
  if ((header[0]! & CONTROL) === 0) {
    return { type: 'data', stream: header.readUInt32BE(0) & ID_MASK, fin, data: payload };
  }
  const version = header.readUInt16BE(0) & 0x7fff;
  if (version !== VERSION) throw new RangeError(`version ${version} of SPDY is not spoken here`);
  const code = header.readUInt16BE(2);
  const type = (Object.keys(TYPES) as (keyof typeof TYPES)[]).find((name) => TYPES[name] === code);
  if (type === undefined) return { type: 'ignored' };
  if (payload.length < SIZES[type]) throw new RangeError(`a frame of type ${code} is too short`);
  const number = payload.readUInt32BE(0);
  switch (type) {
    case 'ping':
      return { type, id: number };
    case 'goaway':
      return { type, lastStream: number & ID_MASK };
    case 'rst-stream':
      return { type, stream: number & ID_MASK, status: payload.readUInt32BE(4) };
    default:
      return { type, stream: number & ID_MASK, fin, block: payload.subarray(BLOCK_AT[type]) };
  }
}

/** A frame as bytes. */
export function encodeFrame(frame: Exclude<Frame, { type: 'ignored' }>): Buffer {
  switch (frame.type) {
    case 'data':
      return withHeader(uint32(frame.stream), frame.fin, frame.data);
    case 'ping':
      return control(frame.type, false, uint32(frame.id));
    case 'goaway':
      return control(frame.type, false, uint32(frame.lastStream), uint32(0));
    case 'rst-stream':
      return control(frame.type, false, uint32(frame.stream), uint32(frame.status));
    case 'syn-stream':
      // Belongs to no other stream; no priority.
      return control(frame.type, frame.fin, uint32(frame.stream), Buffer.alloc(6), frame.block);
    default:
      return control(frame.type, frame.fin, uint32(frame.stream), frame.block);
  }
}

function control(type: keyof typeof TYPES, fin: boolean, ...payload: readonly Buffer[]): Buffer {
  return withHeader(Buffer.of(CONTROL, VERSION, 0, TYPES[type]), fin, ...payload);
}

function withHeader(start: Buffer, fin: boolean, ...payload: readonly Buffer[]): Buffer {
  const length = Buffer.alloc(3);
  length.writeUIntBE(
    payload.reduce((sum, piece) => sum + piece.length, 0),
    0,
    3,
  );
  return Buffer.concat([start, Buffer.of(fin ? FIN : 0), length, ...payload]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
