import type { Json, JsonObject } from '../object.ts';
import { analyze, escapeCharacter, isNoText } from './yaml-writer.ts';

const INDENT = 4;
/** What the inside of a list's item is indented by: its dash and a space. */
const ITEM_INDENT = 2;

/**
 * A JSON value as YAML, laid out as go-yaml v3 does it: keys in their order, lists indented beneath their key, lines
 * as long as they are.
 *
 *     rule: self.size() < 3
 *     fields:
 *         - name: a
 *           type: "1"
 *
 * Models go.yaml.in/yaml/v3 Marshal.
 */
export function toYamlV3(value: Json): string {
  return isCollection(value) ? collection(value, 0) : `${scalar(value, INDENT)}\n`;
}

type Collection = JsonObject | Json[];

/** Empty ones are written as scalars are, on the line of their key. */
function isCollection(value: Json): value is Collection {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** Each entry on lines of its own, indented by `indent`. */
function collection(value: Collection, indent: number): string {
  const spaces = ' '.repeat(indent);
  if (Array.isArray(value)) {
    const inner = indent + ITEM_INDENT;
    // The first line of what stands in an item comes behind its dash.
    return value
      .map((item) =>
        isCollection(item)
          ? `${spaces}- ${collection(item, inner).slice(inner)}`
          : `${spaces}- ${scalar(item, inner)}\n`,
      )
      .join('');
  }
  const inner = INDENT * Math.floor(indent / INDENT + 1);
  return Object.entries(value)
    .map(([key, item]) =>
      isCollection(item)
        ? `${spaces}${oneLine(key)}:\n${collection(item, inner)}`
        : `${spaces}${oneLine(key)}: ${scalar(item, inner)}\n`,
    )
    .join('');
}

/** Without the newline behind it; the lines of a text are indented by `indent`. */
function scalar(value: Json, indent: number): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[]' : '{}';
  if (typeof value !== 'string') return String(value);
  return value.includes('\n') ? multiline(value, indent) : oneLine(value);
}

function oneLine(text: string): string {
  const { plain, multiline, singleQuoted } = analyze(text);
  if (text === '' || multiline || !singleQuoted || isNoText(text)) return doubleQuoted(text);
  return plain ? text : `'${text.replaceAll("'", "''")}'`;
}

function doubleQuoted(text: string): string {
  return `"${[...text].map(escapeCharacter).join('')}"`;
}

/** Line by line behind a "|". */
function multiline(text: string, indent: number): string {
  // Tabs are no hindrance here.
  if (!analyze(text.replaceAll('\t', 't')).block) return doubleQuoted(text);
  const hint = /^[ \n]/.test(text) ? String(INDENT) : '';
  const chomp = text.endsWith('\n') ? (/^\n$|\n\n$/.test(text) ? '+' : '') : '-';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  // A line break in front of all else is lost.
  if (lines[0] === '') lines.shift();
  return `|${hint}${chomp}${lines.map((line) => `\n${line === '' ? '' : ' '.repeat(indent)}${line}`).join('')}`;
}
