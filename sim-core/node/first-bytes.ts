import { bytesOfText, textOfBytes } from '../crypto/encoding/byte-text.ts';

/** The text that the first `limit` bytes of a text stand for; the last character may lose some of its own. */
export function firstBytes(text: string, limit: number): string {
  // No character has less than one byte.
  const bytes = bytesOfText(text.slice(0, limit));
  return textOfBytes(bytes.subarray(0, limit));
}
