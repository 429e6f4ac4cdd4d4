import { encodeBase64 as encodeBytes } from '../../../../crypto/encoding/base64.ts';
import { encodeUtf8 } from '../../../../crypto/encoding/utf8.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The UTF-8 bytes of a text in standard base64, padded. */
export const encodeBase64 = (text: string): string => encodeBytes(encodeUtf8(text));

/** The bytes of standard base64 as a text, one character a byte; the text is known to be base64. */
export function decodeBase64(encoded: string): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const character of encoded) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      text += String.fromCharCode((bits >> held) & 0xff);
    }
  }
  return text;
}
