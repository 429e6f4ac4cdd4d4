import type { Node, Part, Redirect, Script, Word } from './syntax.ts';
import { SyntaxProblem } from './syntax.ts';

const RESERVED = new Set([
  'if', 'then', 'elif', 'else', 'fi', 'while', 'until', 'for', 'in', 'do', 'done', 'case', 'esac', '{', '}', '!',
]); // prettier-ignore
const NAME = /^[A-Za-z_]\w*$/;

/** Takes a script apart; throws a {@link SyntaxProblem} if it is none. The grammar is POSIX sh's. */
export function parseScript(text: string): Script {
  const parser = new Parser(text);
  const script = parser.script([]);
  parser.expectEnd();
  return script;
}

class Parser {
  readonly #text: string;
  #at = 0;
  /** Here-documents whose text begins after the present line. */
  #documents: { readonly end: string; readonly literal: boolean; fill(target: Word): void }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Commands up to one of `ends` (reserved words, ")" or ";;"), which stays. */
  script(ends: readonly string[]): Script {
    const items: { node: Node; operator: ';' | '&&' | '||'; background: boolean }[] = [];
    let operator: ';' | '&&' | '||' = ';';
    for (;;) {
      this.#skip(true);
      if (this.#at >= this.#text.length || ends.some((end) => this.#sees(end))) break;
      const node = this.#pipeline();
      this.#skip(false);
      let background = false;
      let next: ';' | '&&' | '||' = ';';
      if (this.#take('&&')) next = '&&';
      else if (this.#take('||')) next = '||';
      else if (this.#text.startsWith(';;', this.#at)) next = ';';
      else if (this.#take('&')) background = true;
      else if (!this.#take(';') && !this.#newline() && this.#at < this.#text.length) {
        if (!ends.some((end) => this.#sees(end))) this.#unexpected();
      }
      items.push({ node, operator, background });
      operator = next;
    }
    if (operator !== ';') this.#unexpected();
    return items;
  }

  expectEnd(): void {
    if (this.#at < this.#text.length) this.#unexpected();
  }

  #pipeline(): Node {
    this.#skip(false);
    let negated = false;
    while (this.#word('!')) {
      negated = !negated;
      this.#skip(false);
    }
    const parts = [this.#command()];
    for (;;) {
      this.#skip(false);
      if (this.#text[this.#at] !== '|' || this.#text[this.#at + 1] === '|') break;
      this.#at++;
      this.#skip(true);
      parts.push(this.#command());
    }
    return parts.length === 1 && !negated ? parts[0]! : { type: 'pipeline', parts, negated };
  }

  #command(): Node {
    this.#skip(false);
    const compound = this.#compound();
    if (compound === undefined) return this.#simple();
    const redirects: Redirect[] = [];
    for (;;) {
      this.#skip(false);
      const redirect = this.#redirect();
      if (redirect === undefined) break;
      redirects.push(redirect);
    }
    return { ...compound, redirects };
  }

  #compound(): Node | undefined {
    if (this.#take('(')) {
      const body = this.script([')']);
      this.#expect(')');
      return { type: 'group', body, subshell: true };
    }
    if (this.#word('{')) return { type: 'group', body: this.#until('}'), subshell: false };
    if (this.#word('if')) return this.#if();
    for (const keyword of ['while', 'until'] as const) {
      if (!this.#word(keyword)) continue;
      const condition = this.#until('do');
      return { type: 'loop', until: keyword === 'until', condition, body: this.#until('done') };
    }
    if (this.#word('for')) return this.#for();
    if (this.#word('case')) return this.#case();
    const definition = /^([A-Za-z_]\w*)[ \t]*\([ \t]*\)\s*/.exec(this.#text.slice(this.#at));
    if (definition === null || RESERVED.has(definition[1]!)) return undefined;
    this.#at += definition[0].length;
    return { type: 'function', name: definition[1]!, body: this.#command() };
  }

  #if(): Node {
    const clauses = [];
    let otherwise: Script | undefined;
    do {
      const condition = this.#until('then');
      clauses.push({ condition, body: this.script(['elif', 'else', 'fi']) });
    } while (this.#word('elif'));
    if (this.#word('else')) otherwise = this.script(['fi']);
    this.#expect('fi');
    return { type: 'if', clauses, otherwise };
  }

  #for(): Node {
    this.#skip(false);
    const name = /^\w+/.exec(this.#text.slice(this.#at))?.[0] ?? this.#unexpected();
    this.#at += name.length;
    this.#skip(true);
    let words: Word[] | undefined;
    if (this.#word('in')) {
      words = [];
      for (this.#skip(false); !/[;\n&]|^$/.test(this.#text[this.#at] ?? ''); this.#skip(false)) {
        words.push(this.#readWord() ?? this.#unexpected());
      }
    }
    if (this.#text[this.#at] === ';') this.#at++;
    this.#skip(true);
    this.#expect('do');
    return { type: 'for', name, words, body: this.#until('done') };
  }

  #case(): Node {
    this.#skip(false);
    const word = this.#readWord() ?? this.#unexpected();
    this.#skip(true);
    this.#expect('in');
    const arms = [];
    for (this.#skip(true); !this.#sees('esac'); this.#skip(true)) {
      this.#take('(');
      const patterns: Word[] = [];
      do {
        this.#skip(false);
        patterns.push(this.#readWord() ?? this.#unexpected());
        this.#skip(false);
      } while (this.#take('|'));
      this.#expect(')');
      arms.push({ patterns, body: this.script([';;', 'esac']) });
      this.#take(';;');
    }
    this.#expect('esac');
    return { type: 'case', word, arms };
  }

  #simple(): Node {
    const assignments: { name: string; value: Word }[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      this.#skip(false);
      const redirect = this.#redirect();
      if (redirect !== undefined) {
        redirects.push(redirect);
        continue;
      }
      const assignment = words.length === 0 ? /^([A-Za-z_]\w*)=/.exec(this.#text.slice(this.#at)) : null;
      if (assignment !== null) {
        this.#at += assignment[0].length;
        assignments.push({ name: assignment[1]!, value: this.#readWord() ?? [] });
        continue;
      }
      const word = this.#readWord();
      if (word === undefined) break;
      words.push(word);
    }
    if (words.length + assignments.length + redirects.length === 0) this.#unexpected();
    return { type: 'simple', assignments, words, ...(redirects.length > 0 && { redirects }) };
  }

  #redirect(): Redirect | undefined {
    const match = /^(\d?)(<<-?|>>|>&|<&|&>|<|>\|?)/.exec(this.#text.slice(this.#at));
    if (match === null) return undefined;
    const [all, digit, sign] = match as unknown as [string, string, string];
    this.#at += all.length;
    this.#skip(false);
    const target = this.#readWord() ?? this.#unexpected();
    const descriptor = digit === '' ? (sign.startsWith('<') ? 0 : 1) : Number(digit);
    if (sign.startsWith('<<')) {
      const document: Part[] = [];
      this.#documents.push({
        end: target.map((part) => (part.kind === 'text' ? part.text : '')).join(''),
        literal: target.some((part) => part.quoted),
        fill: (parts) => document.push(...parts),
      });
      return { descriptor, operator: '<<', target: document };
    }
    if (sign === '&>') return { descriptor: -1, operator: '>', target };
    if (sign === '<&') return { descriptor, operator: '>&', target };
    return { descriptor, operator: (sign === '>|' ? '>' : sign) as Redirect['operator'], target };
  }

  /** A word, or undefined if none begins here. */
  #readWord(): Word | undefined {
    const parts: Part[] = [];
    const start = this.#at;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || /[\s;&|<>()]/.test(character)) break;
      this.#piece(character, parts);
    }
    return this.#at === start ? undefined : parts;
  }

  #piece(character: string, parts: Part[]): void {
    if (character === "'") {
      const end = this.#text.indexOf("'", this.#at + 1);
      if (end < 0) throw new SyntaxProblem('syntax error: unterminated quoted string');
      parts.push({ kind: 'text', text: this.#text.slice(this.#at + 1, end), quoted: true });
      this.#at = end + 1;
    } else if (character === '"') {
      this.#at++;
      parts.push({ kind: 'text', text: '', quoted: true });
      while (this.#text[this.#at] !== '"') {
        if (this.#at >= this.#text.length)
          throw new SyntaxProblem('syntax error: unterminated quoted string');
        this.#inside(parts, '"');
      }
      this.#at++;
    } else if (character === '\\') {
      const next = this.#text[this.#at + 1] ?? '';
      if (next !== '\n') parts.push({ kind: 'text', text: next, quoted: true });
      this.#at += 2;
    } else if (character === '$' || character === '`') {
      this.#dollar(parts, false);
    } else {
      const plain = /^[^\s;&|<>()'"\\$`]+/.exec(this.#text.slice(this.#at))![0];
      parts.push({ kind: 'text', text: plain, quoted: false });
      this.#at += plain.length;
    }
  }

  /** One piece of text in double quotes or of a here-document. */
  #inside(parts: Part[], special: string): void {
    const character = this.#text[this.#at]!;
    if (character === '$' || character === '`') return this.#dollar(parts, true);
    if (character === '\\') {
      const next = this.#text[this.#at + 1] ?? '';
      this.#at += 2;
      if (next === '\n') return;
      const escapes = next === '$' || next === '`' || next === '\\' || next === special;
      parts.push({ kind: 'text', text: escapes ? next : `\\${next}`, quoted: true });
      return;
    }
    const plain = (special === '"' ? /^[^"$`\\]+/ : /^[^$`\\]+/).exec(this.#text.slice(this.#at))![0];
    parts.push({ kind: 'text', text: plain, quoted: true });
    this.#at += plain.length;
  }

  #dollar(parts: Part[], quoted: boolean): void {
    if (this.#take('`')) {
      const end = this.#text.indexOf('`', this.#at);
      if (end < 0) throw new SyntaxProblem('syntax error: EOF in backquote substitution');
      parts.push({ kind: 'command', script: parseScript(this.#text.slice(this.#at, end)), quoted });
      this.#at = end + 1;
      return;
    }
    this.#at++;
    if (this.#take('((')) {
      const end = this.#text.indexOf('))', this.#at);
      if (end < 0) throw new SyntaxProblem('syntax error: missing "))"');
      parts.push({ kind: 'arithmetic', text: documentOf(this.#text.slice(this.#at, end)), quoted });
      this.#at = end + 2;
      return;
    }
    if (this.#take('(')) {
      const script = this.script([')']);
      this.#expect(')');
      parts.push({ kind: 'command', script, quoted });
      return;
    }
    if (this.#take('{')) {
      const end = closingBrace(this.#text, this.#at);
      if (end < 0) throw new SyntaxProblem('syntax error: missing "}"');
      parts.push({ ...parameterOf(this.#text.slice(this.#at, end)), quoted });
      this.#at = end + 1;
      return;
    }
    const name = /^(?:[A-Za-z_]\w*|[0-9@*#?$!-])/.exec(this.#text.slice(this.#at))?.[0];
    if (name === undefined) {
      parts.push({ kind: 'text', text: '$', quoted });
      return;
    }
    this.#at += name.length;
    parts.push({ kind: 'parameter', name, operator: '', argument: [], quoted });
  }

  /** Spaces, comments and line continuations; with `lines` newlines too. */
  #skip(lines: boolean): void {
    for (;;) {
      const blank = /^(?:[ \t]|\\\n|#[^\n]*)+/.exec(this.#text.slice(this.#at));
      if (
        blank !== null &&
        (this.#at === 0 || !blank[0].startsWith('#') || /\s|[;&|(]/.test(this.#text[this.#at - 1]!))
      )
        this.#at += blank[0].length;
      else if (!lines || !this.#newline()) return;
    }
  }

  #newline(): boolean {
    if (this.#text[this.#at] !== '\n') return false;
    this.#at++;
    for (const { end, literal, fill } of this.#documents.splice(0)) {
      const lines: string[] = [];
      while (this.#at < this.#text.length) {
        const stop = this.#text.indexOf('\n', this.#at);
        const line = this.#text.slice(this.#at, stop < 0 ? undefined : stop);
        this.#at = stop < 0 ? this.#text.length : stop + 1;
        if (line.trim() === end) break;
        lines.push(`${line}\n`);
      }
      const text = lines.join('');
      fill(literal ? [{ kind: 'text', text, quoted: true }] : documentOf(text));
    }
    return true;
  }

  /** The text of a here-document in its parts. */
  document(): Word {
    const parts: Part[] = [];
    while (this.#at < this.#text.length) this.#inside(parts, '');
    return parts;
  }

  /** Text as a word, whatever stands in it: what `${name:-…}` and `${name%…}` take. */
  argument(): Word {
    const parts: Part[] = [];
    while (this.#at < this.#text.length) {
      const plain = /^[\s;&|<>()]+/.exec(this.#text.slice(this.#at))?.[0];
      if (plain === undefined) this.#piece(this.#text[this.#at]!, parts);
      else {
        parts.push({ kind: 'text', text: plain, quoted: false });
        this.#at += plain.length;
      }
    }
    return parts;
  }

  #sees(end: string): boolean {
    if (!this.#text.startsWith(end, this.#at)) return false;
    return /^\W/.test(end) && end !== '}'
      ? true
      : /^(?:[\s;&|<>()]|$)/.test(this.#text.slice(this.#at + end.length));
  }

  /** Takes a reserved word, if it stands here as a word. */
  #word(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    if (!/^(?:[\s;&|<>()]|$)/.test(this.#text.slice(this.#at + text.length, this.#at + text.length + 1)))
      return false;
    this.#at += text.length;
    return true;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #until(end: string): Script {
    const body = this.script([end]);
    this.#expect(end);
    return body;
  }

  #expect(text: string): void {
    this.#skip(true);
    if (!this.#take(text)) this.#unexpected(text);
  }

  #unexpected(expecting?: string): never {
    const rest = /^(?:;;|&&|\|\||[;&|()<>]|[^\s;&|()<>]+)/.exec(this.#text.slice(this.#at))?.[0];
    const what =
      rest === undefined ? (this.#at < this.#text.length ? 'newline' : 'end of file') : `"${rest}"`;
    throw new SyntaxProblem(
      `syntax error: unexpected ${what}${expecting === undefined ? '' : ` (expecting "${expecting}")`}`,
    );
  }
}

/** Text as between double quotes. */
function documentOf(text: string): Word {
  return new Parser(text).document();
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith('${', at)) depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

function parameterOf(text: string): Omit<Extract<Part, { kind: 'parameter' }>, 'quoted'> {
  if (/^#\w+$/.test(text))
    return { kind: 'parameter', name: text.slice(1), operator: 'length', argument: [] };
  const match = /^([A-Za-z_]\w*|[0-9]+|[@*#?$!])(?:(:?[-=+?]|%%?|##?)([\s\S]*))?$/.exec(text);
  if (match === null || (!NAME.test(match[1]!) && match[1]!.length === 0))
    throw new SyntaxProblem('syntax error: bad substitution');
  return {
    kind: 'parameter',
    name: match[1]!,
    operator: match[2] ?? '',
    argument: new Parser(match[3] ?? '').argument(),
  };
}
