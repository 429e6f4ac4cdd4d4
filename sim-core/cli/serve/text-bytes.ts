import { bytesOfText } from '../../crypto/encoding/byte-text.ts';

/** The bytes that a text stands for: what is no UTF-8 is in it as lone surrogates. */
export function textBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  // U+FFFD is what Node makes of them.
  return bytes.includes('\ufffd') ? Buffer.from(bytesOfText(text)) : bytes;
}
