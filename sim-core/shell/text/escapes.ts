import { bytesOfText, textOfBytes } from '../../crypto/encoding/byte-text.ts';
import { C_ESCAPES } from './c-escapes.ts';

/** Who reads the escapes: the format of printf, an argument of its %b, or echo -e. */
export type EscapeReader = 'format' | 'argument' | 'echo';

/** How the readers write a byte in octal: `\101`; `\0101` and `\101`; `\0101` alone. */
const OCTAL: Readonly<Record<EscapeReader, string>> = {
  format: '([0-7]{1,3})',
  argument: '0?([0-7]{1,3})',
  echo: '0([0-7]{0,3})',
};

/** `\\c` ends the text, if it means anything. */
const END: Readonly<Record<EscapeReader, string>> = { format: '(?!)', argument: 'c[^]*', echo: 'c[^]*' };

const PATTERNS = Object.fromEntries(
  Object.entries(OCTAL).map(([reader, octal]) => [
    reader,
    new RegExp(
      String.raw`\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|${octal}|(${END[reader as EscapeReader]})|([^]))`,
      'g',
    ),
  ]),
) as Readonly<Record<EscapeReader, RegExp>>;

const NO_UTF8 = 0xdc00;

/**
 * Replaces `\n`, `\x41`, `\101`, `\u00e9` as bash does; several bytes may be one character: `\xc3\xa9`.
 * `\c` cuts the text, which `cut` says; a format has none. Models bash's ansicstr and printf's bexpand.
 */
export function unescape(
  text: string,
  reader: EscapeReader,
): { readonly text: string; readonly cut: boolean } {
  if (!text.includes('\\')) return { text, cut: false };
  let cut = false;
  const byte = (value: number) => String.fromCharCode(value < 0x80 ? value : NO_UTF8 + value);
  const shown = text.replace(
    PATTERNS[reader],
    (whole, hex?: string, short?: string, long?: string, octal?: string, end?: string, letter?: string) => {
      if (hex !== undefined) return byte(parseInt(hex, 16));
      if (short !== undefined || long !== undefined)
        return String.fromCodePoint(parseInt(short ?? long!, 16));
      if (octal !== undefined) return byte(octal === '' ? 0 : parseInt(octal, 8) & 0xff);
      if (end !== undefined) {
        cut = true;
        return '';
      }
      if (letter === 'e' || letter === 'E') return '\x1b';
      if (letter === '\\') return letter;
      if (reader !== 'echo' && /["'?]/.test(letter!)) return letter!;
      return C_ESCAPES[letter!] ?? whole;
    },
  );
  return { text: textOfBytes(bytesOfText(shown)), cut };
}
