import type { ConfigMap, Secret } from 'kubernetes-types/core/v1';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const ESCAPE = 0xdc00;

/** The texts that a ConfigMap or a Secret holds, by key. */
export function dataOf(object: ConfigMap | Secret, kind: 'configMaps' | 'secrets'): Record<string, string> {
  const data = object.data ?? {};
  const encoded = kind === 'secrets' ? data : ((object as ConfigMap).binaryData ?? {});
  const texts: Record<string, string> = kind === 'secrets' ? {} : { ...data };
  for (const [key, value] of Object.entries(encoded)) texts[key] = decodeBase64(value);
  return texts;
}

function decodeBase64(text: string): string {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text) {
    const value = BASE64.indexOf(character);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch (error) {
    // Not UTF-8: bytes stand in a text as files have them (crypto/encoding/byte-text.ts).
    if (!(error instanceof URIError)) throw error;
    return bytes.map((byte) => String.fromCharCode(byte < 0x80 ? byte : ESCAPE + byte)).join('');
  }
}
