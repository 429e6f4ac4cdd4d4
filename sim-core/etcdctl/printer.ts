import type { KeyValue, ResponseHeader } from '../etcd/clientv3/client.ts';
import { toByteString } from '../shell/grammar/utf8.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A number that JSON writes as it is, however large. */
export class RawNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON on one line, with {@link RawNumber}s as numbers and undefined fields left out. */
export function json(value: unknown): string {
  if (value instanceof RawNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${json(field)}`).join(',')}}`;
}

export function headerJson({ clusterId, memberId, revision, raftTerm }: ResponseHeader) {
  return {
    cluster_id: new RawNumber(clusterId),
    member_id: new RawNumber(memberId),
    revision,
    raft_term: raftTerm,
  };
}

export function keyValueJson({ key, value, createRevision, modRevision, version, lease }: KeyValue) {
  return {
    key: base64(key),
    create_revision: createRevision,
    mod_revision: modRevision,
    version,
    value: value === '' ? undefined : base64(value),
    lease: lease === '0' ? undefined : new RawNumber(lease),
  };
}

/** A lease's decimal id as etcdctl shows it: 16 hexadecimal digits. */
export function leaseText(id: string): string {
  return BigInt(id).toString(16).padStart(16, '0');
}

/** An id that was typed in hexadecimal, as a decimal text. */
export function parseLease(text: string): string | undefined {
  return /^[0-9a-fA-F]+$/.test(text) ? BigInt(`0x${text}`).toString() : undefined;
}

/** "20 kB". Models go-humanize Bytes. */
export function sizeText(bytes: number): string {
  if (bytes < 10) return `${bytes} B`;
  const exponent = Math.floor(Math.log10(bytes) / 3);
  const value = Math.floor((bytes / 1000 ** exponent) * 10 + 0.5) / 10;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${['B', 'kB', 'MB', 'GB', 'TB'][exponent]}`;
}

/** Rows under headers in a box, as etcdctl's -w table. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headers.map(
    (header, column) => Math.max(header.length, ...rows.map((row) => (row[column] ?? '').length)) + 2,
  );
  const rule = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => '─'.repeat(width)).join(middle)}${right}\n`;
  const centred = (text: string, width: number) => {
    const left = Math.floor((width - text.length) / 2);
    return ' '.repeat(left) + text + ' '.repeat(width - text.length - left);
  };
  const head = `│${headers.map((header, column) => centred(header, widths[column]!)).join('│')}│\n`;
  const isNumber = (text: string) => /^-?[\d.]+%?$/.test(text);
  const cellText = (cell: string, width: number) =>
    isNumber(cell) ? `${cell} `.padStart(width) : ` ${cell}`.padEnd(width);
  const body = rows.map(
    (row) => `│${row.map((cell, column) => cellText(cell, widths[column]!)).join('│')}│\n`,
  );
  return [rule('┌', '┬', '┐'), head, rule('├', '┼', '┤'), ...body, rule('└', '┴', '┘')].join('');
}

function base64(text: string): string {
  const bytes = toByteString(text);
  let encoded = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [a, b, c] = [0, 1, 2].map((offset) => bytes.charCodeAt(index + offset));
    const bits = (a! << 16) | ((b || 0) << 8) | (c || 0);
    encoded += ALPHABET[bits >> 18]! + ALPHABET[(bits >> 12) & 63]!;
    encoded += index + 1 < bytes.length ? ALPHABET[(bits >> 6) & 63]! : '=';
    encoded += index + 2 < bytes.length ? ALPHABET[bits & 63]! : '=';
  }
  return encoded;
}
