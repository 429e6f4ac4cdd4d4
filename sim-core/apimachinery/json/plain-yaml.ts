/**
 * Reads the YAML that programs and most manifests are written in: nested maps and lists of plain or quoted texts and
 * whole numbers. Gives undefined for anything else, which wants the whole language, and for what is no YAML: who says
 * so is the library. It spares a reader its download.
 */
export function parsePlainYaml(text: string): unknown {
  const lines = text.split('\n').filter((line) => !/^ *(?:#.*)?$/.test(line));
  if (lines.length === 0) return undefined;
  const reader = new Reader(lines);
  try {
    const value = reader.block(0);
    return reader.done ? value : undefined;
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

class NotPlain extends Error {}

const LINE = /^( *)(- )?(?:([A-Za-z][\w./-]*):(?: (.*))?|(.*))$/;
/** A text that means itself: no number, no quotes, no sign of YAML. */
const PLAIN = /^[A-Za-z/][\w./:@+=,-]*(?<!:)$/;
/** A flag of a command: "--etcd-servers=https://127.0.0.1:2379", "--controllers=*,bootstrapsigner". */
const FLAG = /^--[a-z][\w-]*(?:=[\w./:@+=,*-]*)?(?<!:)$/;
/** An address, alone, with the length of its network or with a port; a quantity or a time. */
const MEASURE = /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2}|:\d{1,5})?|\d+(?:m|Ki|Mi|Gi|s|h))$/;
const NUMBER = /^(?:0|-?[1-9]\d{0,14})$/;
const QUOTED = /^(?:"[^"\\\p{C}]*"|'[^'\p{C}]*')$/u;
/** Names of other values, in YAML 1.1. */
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

class Reader {
  readonly #lines: string[];
  #at = 0;

  constructor(lines: readonly string[]) {
    this.#lines = [...lines];
  }

  get done(): boolean {
    return this.#at === this.#lines.length;
  }

  /** The map or list whose lines are indented by `indent`. */
  block(indent: number): unknown {
    return this.#peek(indent)?.item === true ? this.#list(indent) : this.#map(indent);
  }

  #peek(indent: number) {
    const line = this.#lines[this.#at];
    if (line === undefined) return undefined;
    const match = LINE.exec(line);
    if (match === null || / #/.test(line)) throw new NotPlain();
    const [, spaces = '', dash, key, value, alone] = match;
    if (spaces.length < indent) return undefined;
    return { depth: spaces.length, item: dash !== undefined, key, value: value ?? alone };
  }

  #list(indent: number): unknown[] {
    const items: unknown[] = [];
    for (
      let next = this.#peek(indent);
      next?.item === true && next.depth === indent;
      next = this.#peek(indent)
    ) {
      if (next.key === undefined) {
        items.push(scalar(next.value));
        this.#at++;
        continue;
      }
      // "- a: 1" is a map whose first line stands behind the dash.
      this.#lines[this.#at] = this.#lines[this.#at]!.replace('- ', '  ');
      items.push(this.#map(indent + 2));
    }
    return items;
  }

  #map(indent: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    for (let next = this.#peek(indent); next !== undefined && !next.item; next = this.#peek(indent)) {
      const { depth, key, value } = next;
      const isName = key !== undefined && !RESERVED.test(key) && !Object.hasOwn(map, key);
      if (depth !== indent || !isName || key === '__proto__') throw new NotPlain();
      this.#at++;
      map[key] = value === undefined ? this.#nested(indent) : scalar(value);
    }
    return map;
  }

  /** What stands beneath a key: deeper lines, or a list at the same depth. */
  #nested(indent: number): unknown {
    const next = this.#peek(indent);
    if (next === undefined || (next.depth === indent && !next.item)) return null;
    return this.block(next.depth);
  }
}

function scalar(text = ''): unknown {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === '{}') return {};
  if (text === '[]') return [];
  if (NUMBER.test(text)) return Number(text);
  if (QUOTED.test(text)) return text.slice(1, -1);
  if (FLAG.test(text) || MEASURE.test(text)) return text;
  if (!PLAIN.test(text) || RESERVED.test(text)) throw new NotPlain();
  return text;
}
