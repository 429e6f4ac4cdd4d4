import { decodeBase64, encodeBase64 } from './base64.ts';

/** One block of a PEM text. */
export interface PemBlock {
  /** "CERTIFICATE", "EC PRIVATE KEY". */
  readonly type: string;
  readonly bytes: Uint8Array;
}

const LINE = 64;
const BLOCK = /-----BEGIN ([^\n]*?)-----[ \t\r]*\n([\s\S]*?)\n?-----END \1-----[ \t\r]*(?:\n|$)/g;
/** Headers such as "Proc-Type: 4,ENCRYPTED" and the empty line behind them. */
const HEADERS = /^(?:[^\n:]+:[^\n]*\n)+\s*\n/;

/** Models encoding/pem EncodeToMemory. */
export function encodePem({ type, bytes }: PemBlock): string {
  const body = encodeBase64(bytes).replace(new RegExp(`.{1,${LINE}}`, 'g'), '$&\n');
  return `-----BEGIN ${type}-----\n${body}-----END ${type}-----\n`;
}

/** All blocks of a text; what stands between them, and what is no base64, is passed over. Models encoding/pem Decode. */
export function decodePem(text: string): PemBlock[] {
  return [...text.matchAll(BLOCK)].flatMap(([, type, body]) => {
    const bytes = decodeBase64(body!.replace(HEADERS, ''));
    return bytes === undefined ? [] : [{ type: type!, bytes }];
  });
}
