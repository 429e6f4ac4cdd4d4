import { goQuote } from '../../apimachinery/go-format.ts';
import type { KeyValue, ResponseHeader } from '../../etcd/clientv3/client.ts';
import { encodeBase64 } from '../../crypto/encoding/base64.ts';
import { hex } from '../../crypto/encoding/bytes.ts';
import { toByteString } from '../../shell/grammar/utf8.ts';

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

/** "key\nvalue\n". Models printKV. */
export function keyValueText({ key, value }: KeyValue, isHex: boolean, valueOnly = false): string {
  return valueOnly ? `${shown(value, isHex)}\n` : `${shown(key, isHex)}\n${shown(value, isHex)}\n`;
}

/** The header in the form of `-w fields`. */
export function headerFields(
  { clusterId, memberId, revision, raftTerm }: ResponseHeader,
  isHex: boolean,
): string {
  const id = (text: string) => (isHex ? hexId(text) : text);
  const line = revision > 0 ? `"Revision" : ${revision}\n` : '';
  return `"ClusterID" : ${id(clusterId)}\n"MemberID" : ${id(memberId)}\n${line}"RaftTerm" : ${raftTerm}\n`;
}

/** A key with its value in the form of `-w fields`; `prefix` is "Prev" for one that was replaced. */
export function keyValueFields(kv: KeyValue, isHex: boolean, prefix = ''): string {
  const { key, createRevision, modRevision, version, value, lease } = kv;
  const field = (name: string, text: string | number) => `"${prefix}${name}" : ${text}\n`;
  return [
    field('Key', goQuote(key)),
    field('CreateRevision', createRevision),
    field('ModRevision', modRevision),
    field('Version', version),
    field('Value', goQuote(value)),
    field('Lease', isHex ? leaseText(lease) : lease),
  ].join('');
}

/** A decimal id in hexadecimal: "8e9e05c52164694d". */
export function hexId(id: string): string {
  return BigInt(id).toString(16);
}

/** A lease's decimal id as etcdctl shows it: 16 hexadecimal digits. */
export function leaseText(id: string): string {
  return BigInt(id).toString(16).padStart(16, '0');
}

/** An id that was typed in hexadecimal, as a decimal text. */
export function parseId(text: string): string | undefined {
  return /^[0-9a-fA-F]+$/.test(text) ? BigInt(`0x${text}`).toString() : undefined;
}

/** "20 kB". Models go-humanize Bytes. */
export function sizeText(bytes: number): string {
  if (bytes < 10) return `${bytes} B`;
  const exponent = Math.floor(Math.log10(bytes) / 3);
  const value = Math.floor((bytes / 1000 ** exponent) * 10 + 0.5) / 10;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${['B', 'kB', 'MB', 'GB', 'TB'][exponent]}`;
}

/** Rows under headers in a box, as etcdctl's -w table; numbers stand on the right. */
export function table(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  align: 'left' | 'right' = 'left',
): string {
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
    align === 'right' || isNumber(cell) ? `${cell} `.padStart(width) : ` ${cell}`.padEnd(width);
  const body = rows.map(
    (row) => `│${row.map((cell, column) => cellText(cell, widths[column]!)).join('│')}│\n`,
  );
  return [rule('┌', '┬', '┐'), head, rule('├', '┼', '┤'), ...body, rule('└', '┴', '┘')].join('');
}

/** A key as JSON has it. */
export function keyText(key: string): string {
  return base64(key);
}

function base64(text: string): string {
  return encodeBase64(bytesOf(text));
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(toByteString(text), (character) => character.charCodeAt(0));
}

/** A text as simple output shows it: as it is, or byte for byte: "\x66\x6f". */
function shown(text: string, isHex: boolean): string {
  return isHex ? hex(bytesOf(text)).replace(/../g, '\\x$&') : text;
}
