import { badRequestError } from '../../apimachinery/status.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VERSION = 'meta.k8s.io/v1';

/** Where a list goes on: the first key that was not shown, below the list's prefix, at a revision. */
export interface ContinueToken {
  /** -1: go on at whatever revision is current. */
  readonly revision: number;
  readonly startKey: string;
}

/** `startKey` lies below `prefix`. Models k8s.io/apiserver/pkg/storage EncodeContinue. */
export function encodeContinue(startKey: string, prefix: string, revision: number): string {
  return toBase64Url(JSON.stringify({ v: VERSION, rv: revision, start: startKey.slice(prefix.length) }));
}

/** Rejects with 400 for a token that this server did not make. Models storage.DecodeContinue. */
export function decodeContinue(token: string, prefix: string): ContinueToken {
  const fail = (detail: string) =>
    badRequestError(`invalid continue token: continue key is not valid: ${detail}`);
  const text = fromBase64Url(token);
  if (typeof text === 'number') throw fail(`illegal base64 data at input byte ${text}`);
  let parsed: { v?: unknown; rv?: unknown; start?: unknown };
  try {
    parsed = (JSON.parse(text) as typeof parsed | null) ?? {};
  } catch {
    throw fail(`invalid character ${quoteRune(text)} looking for beginning of value`);
  }
  if (parsed.v !== VERSION) {
    throw fail(
      `server does not recognize this encoded version ${typeof parsed.v === 'string' ? parsed.v : ''}`,
    );
  }
  if (typeof parsed.rv !== 'number' || parsed.rv === 0) {
    throw fail(`incorrect encoded start resourceVersion (version ${VERSION})`);
  }
  const start = typeof parsed.start === 'string' ? parsed.start : '';
  if (start === '') throw fail(`encoded start key empty (version ${VERSION})`);
  if (`/${start}/`.includes('/../')) throw fail(start);
  return { revision: parsed.rv, startKey: prefix + start };
}

/** The first character as Go quotes it: 'x', '\u0081'. */
function quoteRune(text: string): string {
  const code = text.charCodeAt(0);
  if (Number.isNaN(code)) return "'\\x00'";
  return code < 0x20 || (code >= 0x7f && code < 0xa1)
    ? `'\\u${code.toString(16).padStart(4, '0')}'`
    : `'${text[0]!}'`;
}

/** Each character of `text` is one byte; JSON text of keys and numbers is ASCII. */
function toBase64Url(text: string): string {
  let encoded = '';
  for (let index = 0; index < text.length; index += 3) {
    const rest = text.length - index;
    const bits =
      (text.charCodeAt(index) << 16) |
      ((rest > 1 ? text.charCodeAt(index + 1) : 0) << 8) |
      (rest > 2 ? text.charCodeAt(index + 2) : 0);
    encoded += ALPHABET[bits >> 18]! + ALPHABET[(bits >> 12) & 63]!;
    if (rest > 1) encoded += ALPHABET[(bits >> 6) & 63]!;
    if (rest > 2) encoded += ALPHABET[bits & 63]!;
  }
  return encoded;
}

/** The bytes as characters, or the index of the first input byte that is wrong. */
function fromBase64Url(encoded: string): string | number {
  let text = '';
  let bits = 0;
  let held = 0;
  for (let index = 0; index < encoded.length; index++) {
    const value = ALPHABET.indexOf(encoded[index]!);
    if (value < 0) return index;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      text += String.fromCharCode((bits >> held) & 0xff);
    }
  }
  return encoded.length % 4 === 1 ? encoded.length - 1 : text;
}
