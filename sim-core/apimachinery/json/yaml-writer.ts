import type { Json } from '../object.ts';

const BEST_WIDTH = 80;
const INDENT = 2;

const BOOLEAN = /^(true|True|TRUE|false|False|FALSE)$/;
const OLD_BOOLEAN = /^(y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const NULL = /^(~|null|Null|NULL)$/;
const INTEGER = /^[-+]?(0b[01]+|0o[0-7]+|0x[0-9a-fA-F]+|[0-9]+)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const SPECIAL_FLOAT = /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/;
const TIMESTAMP =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?( ?[zZ]|[-+][0-9]{2}:?[0-9]{2})?)?$/;

/**
 * A JSON value as YAML, laid out as sigs.k8s.io/yaml does it: keys sorted, lists not indented under
 * their key, long lines folded after column 80.
 *
 * Models go-yaml v2's emitter.
 */
export function toYaml(value: unknown): string {
  const emitter = new Emitter();
  emitter.node(value as Json, 0, 'root');
  return emitter.text;
}

class Emitter {
  text = '';
  #column = 0;

  /** `indent` is that of the collection that holds the value. */
  node(value: Json | undefined, indent: number, place: 'root' | 'mapping' | 'sequence'): void {
    if (Array.isArray(value)) this.#sequence(value, indent, place);
    else if (typeof value === 'object' && value !== null) this.#mapping(value, indent, place);
    else {
      if (place !== 'root') this.#write(' ');
      this.#scalar(value, indent + INDENT);
      this.#newline();
    }
  }

  #mapping(value: { [key: string]: Json }, indent: number, place: 'root' | 'mapping' | 'sequence'): void {
    const keys = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort(compareKeys);
    if (keys.length === 0) return this.#flow('{}', place);
    const inner = place === 'root' ? 0 : indent + INDENT;
    if (place === 'mapping') this.#newline();
    for (const [index, key] of keys.entries()) {
      if (place === 'sequence' && index === 0) this.#write(' ');
      else this.#write(' '.repeat(inner));
      this.#key(key);
      this.#write(':');
      this.node(value[key], inner, 'mapping');
    }
  }

  #sequence(value: readonly Json[], indent: number, place: 'root' | 'mapping' | 'sequence'): void {
    if (value.length === 0) return this.#flow('[]', place);
    const inner = place === 'sequence' ? indent + INDENT : indent;
    if (place === 'mapping') this.#newline();
    for (const [index, item] of value.entries()) {
      if (place === 'sequence' && index === 0) this.#write(' ');
      else this.#write(' '.repeat(inner));
      this.#write('-');
      this.node(item, inner, 'sequence');
    }
  }

  #flow(text: string, place: string): void {
    this.#write(place === 'root' ? text : ` ${text}`);
    this.#newline();
  }

  #key(key: string): void {
    const analysis = analyze(key);
    if (isAmbiguous(key) || analysis.multiline || !analysis.singleQuoted) this.#doubleQuoted(key, 0, false);
    else if (analysis.plain && key !== '') this.#write(key);
    else if (key === '') this.#write('""');
    else this.#write(`'${key.replaceAll("'", "''")}'`);
  }

  #scalar(value: Json | undefined, indent: number): void {
    if (typeof value !== 'string') return this.#write(value === undefined ? 'null' : String(value));
    const analysis = analyze(value);
    if (analysis.multiline) {
      if (analysis.block) this.#literal(value, indent);
      else this.#doubleQuoted(value, indent, true);
    } else if (isAmbiguous(value) || value === '') this.#doubleQuoted(value, indent, true);
    else if (analysis.plain) this.#folded(value, indent, 0);
    else if (analysis.singleQuoted) {
      this.#write("'");
      this.#folded(value.replaceAll("'", "''"), indent, 1);
      this.#write("'");
    } else this.#doubleQuoted(value, indent, true);
  }

  /** Breaks at single spaces once the line is longer than it should be. */
  #folded(text: string, indent: number, edge: 0 | 1): void {
    for (let index = 0; index < text.length; index++) {
      const character = text[index]!;
      const inside = edge === 0 || (index > 0 && index < text.length - 1);
      const single = character === ' ' && text[index - 1] !== ' ' && text[index + 1] !== ' ';
      if (single && inside && this.#column > BEST_WIDTH) this.#break(indent);
      else this.#write(character);
    }
  }

  #doubleQuoted(text: string, indent: number, allowBreaks: boolean): void {
    this.#write('"');
    const characters = [...text];
    let afterSpace = false;
    for (const [index, character] of characters.entries()) {
      const isSpace = character === ' ';
      if (
        isSpace &&
        allowBreaks &&
        !afterSpace &&
        this.#column > BEST_WIDTH &&
        index > 0 &&
        index < characters.length - 1
      ) {
        this.#break(indent);
        if (characters[index + 1] === ' ') this.#write('\\');
      } else this.#write(escapeCharacter(character));
      afterSpace = isSpace;
    }
    this.#write('"');
  }

  #literal(text: string, indent: number): void {
    const hint = /^[ \n]/.test(text) ? String(INDENT) : '';
    const chomp = text.endsWith('\n') ? (text === '\n' || text.endsWith('\n\n') ? '+' : '') : '-';
    this.#write(`|${hint}${chomp}`);
    const lines = text.split('\n');
    if (text.endsWith('\n')) lines.pop();
    for (const line of lines) {
      this.#newline();
      if (line !== '') this.#write(' '.repeat(indent) + line);
    }
  }

  #break(indent: number): void {
    this.#newline();
    this.#write(' '.repeat(indent));
  }

  #write(text: string): void {
    this.text += text;
    this.#column += text.length;
  }

  #newline(): void {
    this.text += '\n';
    this.#column = 0;
  }
}

/** True if a plain scalar would not be read back as text. */
function isAmbiguous(text: string): boolean {
  return isNoText(text) || OLD_BOOLEAN.test(text) || BASE_60.test(text);
}

/** True if a plain scalar is something else than text to every go-yaml. */
export function isNoText(text: string): boolean {
  const number = text.replaceAll('_', '');
  return (
    BOOLEAN.test(text) ||
    NULL.test(text) ||
    (/^[-+.0-9]/.test(text) && (INTEGER.test(number) || FLOAT.test(number))) ||
    SPECIAL_FLOAT.test(text) ||
    TIMESTAMP.test(text)
  );
}

interface Analysis {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly singleQuoted: boolean;
  readonly block: boolean;
}

/** What forms a scalar may take. Models go-yaml's yaml_emitter_analyze_scalar. */
export function analyze(text: string): Analysis {
  const special = /[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd]|\ufeff/u.test(text);
  const multiline = text.includes('\n');
  const spaceBreak = / \n/.test(text);
  const breakSpace = /\n /.test(text);
  const trailingSpace = text.endsWith(' ');
  const edges = /^[ \n]/.test(text) || /[ \n]$/.test(text);
  const indicators =
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    /^[?:-]([ \n]|$)/.test(text) ||
    /^(---|\.\.\.)/.test(text) ||
    /:([ \n]|$)/.test(text.slice(1)) ||
    /[ \n]#/.test(text);
  return {
    multiline,
    plain: !edges && !breakSpace && !spaceBreak && !special && !multiline && !indicators,
    singleQuoted: !breakSpace && !spaceBreak && !special,
    block: !trailingSpace && !spaceBreak && !special,
  };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

/** A character as it stands between double quotes. */
export function escapeCharacter(character: string): string {
  const escaped = ESCAPES[character];
  if (escaped !== undefined) return escaped;
  const code = character.codePointAt(0)!;
  const isPrintable = code >= 0x20 && code <= 0xffff && code !== 0x7f && code !== 0xfeff;
  if (isPrintable && !(code >= 0x80 && code < 0xa0)) return character;
  const [letter, digits] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return `\\${letter}${code.toString(16).padStart(digits, '0').toUpperCase()}`;
}

/** Order of keys: digits count as numbers, letters come after what is none. Models go-yaml's keyList. */
function compareKeys(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let index = 0; index < left.length && index < right.length; index++) {
    const x = left[index]!;
    const y = right[index]!;
    if (x === y) continue;
    const xLetter = /\p{L}/u.test(x);
    const yLetter = /\p{L}/u.test(y);
    if (xLetter && yLetter) return x < y ? -1 : 1;
    if (xLetter || yLetter) {
      const digitsBefore = index > 0 && /\d/.test(left[index - 1]!);
      return (digitsBefore ? xLetter : yLetter) ? -1 : 1;
    }
    const xNumber = /^\d+/.exec(left.slice(index).join(''))?.[0];
    const yNumber = /^\d+/.exec(right.slice(index).join(''))?.[0];
    if (xNumber !== undefined && yNumber !== undefined && Number(xNumber) !== Number(yNumber)) {
      return Number(xNumber) - Number(yNumber);
    }
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}
