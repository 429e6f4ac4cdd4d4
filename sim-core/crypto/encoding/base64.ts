const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Values by letter; 64 for what is no letter. */
const VALUES = new Uint8Array(128).fill(64);
for (let value = 0; value < 64; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

const PAD = '='.charCodeAt(0);
const STANDARD = codesOf(ALPHABET);
const FOR_URLS = codesOf(ALPHABET.replace('+/', '-_'));
/** So many arguments every engine takes. */
const PIECE = 4096;

/** Standard base64, padded. */
export function encodeBase64(bytes: Uint8Array): string {
  const letters = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PAD);
  encode(bytes, STANDARD, letters);
  return textOf(letters);
}

/** Base64 for URLs, without padding (RFC 4648, 5). */
export function encodeBase64Url(bytes: Uint8Array): string {
  const letters = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  encode(bytes, FOR_URLS, letters);
  return textOf(letters);
}

function codesOf(alphabet: string): Uint8Array {
  return Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
}

/** Writes as many letters as the bytes take. */
function encode(bytes: Uint8Array, codes: Uint8Array, letters: Uint8Array): void {
  const whole = bytes.length - (bytes.length % 3);
  let to = 0;
  for (let at = 0; at < whole; at += 3) {
    const group = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    letters[to++] = codes[group >> 18]!;
    letters[to++] = codes[(group >> 12) & 63]!;
    letters[to++] = codes[(group >> 6) & 63]!;
    letters[to++] = codes[group & 63]!;
  }
  if (whole === bytes.length) return;
  const group = (bytes[whole]! << 16) | ((bytes[whole + 1] ?? 0) << 8);
  letters[to++] = codes[group >> 18]!;
  letters[to++] = codes[(group >> 12) & 63]!;
  if (bytes.length - whole === 2) letters[to] = codes[(group >> 6) & 63]!;
}

function textOf(letters: Uint8Array): string {
  let text = '';
  for (let at = 0; at < letters.length; at += PIECE) {
    // Spread would walk through them one by one.
    text += String.fromCharCode.apply(null, letters.subarray(at, at + PIECE) as unknown as number[]);
  }
  return text;
}

/** The bytes of standard base64, white space passed over; undefined for anything else. */
export function decodeBase64(encoded: string): Uint8Array | undefined {
  const letters = encoded.replace(/\s+/g, '').replace(/={1,2}$/, '');
  if (letters.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let index = 0; index < letters.length; index++) {
    const value = VALUES[letters.charCodeAt(index)] ?? 64;
    if (value === 64) return undefined;
    held = ((held << 6) | value) & 0x3fff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  return bytes;
}
