import { expect, test } from 'vitest';
import { MessageWriter, readFields } from './wire.ts';

test('MessageWriter writes fields as protobuf has them', () => {
  const writer = new MessageWriter();
  writer.text(1, 'abc');
  writer.varint(2, 150n);
  writer.message(3, () => writer.varint(20, -1n));
  writer.double(4, 1);
  expect(Buffer.from(writer.bytes).toString('hex')).toBe(
    '0a03616263' + '109601' + '1a0c' + 'a001ffffffffffffffffff01' + '21000000000000f03f',
  );
});

test.each([0, 127, 128, 100_000])('a message of %i bytes stands whole in another', (length) => {
  const text = 'x'.repeat(length);
  const writer = new MessageWriter();
  writer.message(1, () => writer.message(2, () => writer.text(3, text)));
  writer.text(4, 'behind');
  const [outer, behind] = [...readFields(writer.bytes)];
  const [middle] = [...readFields(outer!.value as Uint8Array)];
  const [inner] = [...readFields(middle!.value as Uint8Array)];
  expect([outer!.number, middle!.number, inner!.number, behind!.number]).toEqual([1, 2, 3, 4]);
  expect(Buffer.from(inner!.value as Uint8Array).toString()).toBe(text);
});
