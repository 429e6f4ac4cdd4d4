import { describe, expect, test } from 'vitest';
import type { Frame } from './frames.ts';
import { encodeFrame, FrameReader } from './frames.ts';
import { HeaderReader, HeaderWriter } from './header-block.ts';

const FRAMES: readonly Exclude<Frame, { type: 'ignored' }>[] = [
  { type: 'syn-stream', stream: 1, fin: false, block: Buffer.from('block') },
  { type: 'syn-reply', stream: 1, fin: true, block: Buffer.from('') },
  { type: 'headers', stream: 3, fin: false, block: Buffer.from('more') },
  { type: 'data', stream: 0x7fff_ffff, fin: true, data: Buffer.from('bytes') },
  { type: 'rst-stream', stream: 1, status: 5 },
  { type: 'ping', id: 7 },
  { type: 'goaway', lastStream: 3 },
];

describe('frames', () => {
  test('come out as they went in, however the bytes are cut', () => {
    const bytes = Buffer.concat(FRAMES.map(encodeFrame));
    for (const size of [1, 7, 8, 9, bytes.length]) {
      const reader = new FrameReader();
      const found: Frame[] = [];
      for (let at = 0; at < bytes.length; at += size)
        found.push(...reader.push(bytes.subarray(at, at + size)));
      expect(found).toEqual(FRAMES);
    }
  });

  test('of other versions are refused, those of no use are passed over', () => {
    expect(() => new FrameReader().push(Buffer.of(0x80, 2, 0, 1, 0, 0, 0, 0))).toThrow('version 2');
    expect(() => new FrameReader().push(Buffer.of(0x80, 3, 0, 1, 0, 0, 0, 0))).toThrow('too short');
    const settings = Buffer.of(0x80, 3, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0);
    expect(new FrameReader().push(settings)).toEqual([{ type: 'ignored' }]);
  });
});

test('header blocks of a connection are one stream of zlib', async () => {
  const writer = new HeaderWriter();
  const reader = new HeaderReader();
  const first = { streamtype: 'error', port: '80', requestid: '0' };
  const one = await writer.write(first);
  const two = await writer.write({ ...first, streamtype: 'data' });
  expect({ ...(await reader.read(one)) }).toEqual(first);
  expect({ ...(await reader.read(two)) }).toEqual({ ...first, streamtype: 'data' });
  // What was said before need not be said again.
  expect(two.length).toBeLessThan(one.length);
  await expect(new HeaderReader().read(Buffer.from('no zlib at all'))).rejects.toThrow();
});
