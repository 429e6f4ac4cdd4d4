/** A piece of a word: text as it stands, or a variable whose value takes its place. */
type WordPart =
  | { readonly type: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly type: 'variable'; readonly name: string; readonly quoted: boolean };
export type Word = readonly WordPart[];

/** `A=1 B=2 name arg …`: any of the parts may be missing. */
export interface SimpleCommand {
  readonly assignments: readonly { readonly name: string; readonly value: Word }[];
  readonly words: readonly Word[];
  /** How it hangs on the command before it. */
  readonly operator: ';' | '&&' | '||';
}

/**
 * What a line is. "plain": simple commands joined by `;`, `&&` and `||`, with quotes, comments and
 * variables; "grammar": it needs the full shell; "incomplete": more lines belong to it.
 */
export type ParsedLine =
  | { readonly kind: 'plain'; readonly commands: readonly SimpleCommand[] }
  | { readonly kind: 'grammar' }
  | { readonly kind: 'incomplete'; readonly missing: string };

const OPENING_WORDS = new Set(['if', 'for', 'while', 'until', 'case', 'select', '{']);
const CLOSING_WORDS = new Set(['fi', 'done', 'esac', '}']);
const OTHER_RESERVED_WORDS = new Set(['then', 'else', 'elif', 'do', 'in', 'function', 'time', '!', '[[']);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=/;
const BRACE_EXPANSION = /\{[^{}]*(,|\.\.)[^{}]*\}/;

/** Reads one command line. `text` may span lines where quotes, a here-document or a loop do. */
export function parseLine(text: string): ParsedLine {
  return new LineParser(text).parse();
}

class LineParser {
  readonly #text: string;
  readonly #commands: SimpleCommand[] = [];
  readonly #hereDocuments: { readonly delimiter: string; readonly stripTabs: boolean }[] = [];
  #position = 0;
  #grammar = false;
  #depth = 0;
  #missing: string | undefined;
  #operator: SimpleCommand['operator'] = ';';
  #words: Word[] = [];
  #word: WordPart[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): ParsedLine {
    while (this.#position < this.#text.length && this.#missing === undefined) this.#next();
    this.#endCommand(';');
    const dangling = this.#operator !== ';';
    if (this.#missing !== undefined) return { kind: 'incomplete', missing: this.#missing };
    if (this.#hereDocuments.length > 0) {
      return { kind: 'incomplete', missing: this.#hereDocuments[0]!.delimiter };
    }
    if (this.#depth > 0 || dangling) return { kind: 'incomplete', missing: '' };
    return this.#grammar ? { kind: 'grammar' } : { kind: 'plain', commands: this.#commands };
  }

  #next(): void {
    const text = this.#text;
    const character = text[this.#position]!;
    const following = text[this.#position + 1];
    switch (character) {
      case ' ':
      case '\t':
        this.#endWord();
        this.#position++;
        return;
      case '\n':
        this.#position++;
        if (this.#hasWords()) this.#endCommand(';');
        this.#readHereDocuments();
        return;
      case '#':
        if (this.#word === undefined) {
          const end = text.indexOf('\n', this.#position);
          this.#position = end < 0 ? text.length : end;
          return;
        }
        this.#append(character, false);
        return;
      case '\\':
        if (following === undefined) this.#missing = '\\';
        else if (following !== '\n') this.#appendText(following, true);
        this.#position += 2;
        return;
      case "'":
        this.#singleQuoted();
        return;
      case '"':
        this.#doubleQuoted();
        return;
      case '$':
        this.#dollar(false);
        return;
      case '`':
        this.#backquoted();
        return;
      case ';':
        if (following === ';') {
          this.#grammar = true;
          this.#position++;
        }
        this.#position++;
        this.#endCommand(';');
        return;
      case '&':
      case '|':
        if (following === character) {
          this.#position += 2;
          this.#endCommand(character === '&' ? '&&' : '||');
          return;
        }
        this.#grammar = true;
        this.#position++;
        this.#endCommand(';');
        if (character === '|' && this.#rest().trim() === '') this.#depth++;
        return;
      case '<':
      case '>':
        this.#redirection();
        return;
      case '(':
      case ')':
        this.#grammar = true;
        this.#position++;
        this.#depth += character === '(' ? 1 : -1;
        this.#endCommand(';');
        return;
      default:
        this.#append(character, false);
    }
  }

  #append(text: string, quoted: boolean): void {
    this.#appendText(text, quoted);
    this.#position += text.length;
  }

  #appendText(text: string, quoted: boolean): void {
    this.#word ??= [];
    const last = this.#word.at(-1);
    if (last?.type === 'text' && last.quoted === quoted) {
      this.#word[this.#word.length - 1] = { ...last, text: last.text + text };
    } else {
      this.#word.push({ type: 'text', text, quoted });
    }
  }

  #rest(): string {
    return this.#text.slice(this.#position);
  }

  #singleQuoted(): void {
    const end = this.#text.indexOf("'", this.#position + 1);
    if (end < 0) {
      this.#missing = "'";
      return;
    }
    this.#appendText(this.#text.slice(this.#position + 1, end), true);
    this.#position = end + 1;
  }

  #doubleQuoted(): void {
    this.#appendText('', true);
    this.#position++;
    while (this.#position < this.#text.length) {
      const character = this.#text[this.#position]!;
      const following = this.#text[this.#position + 1];
      if (character === '"') {
        this.#position++;
        return;
      }
      if (character === '\\' && following !== undefined && '$`"\\\n'.includes(following)) {
        if (following !== '\n') this.#appendText(following, true);
        this.#position += 2;
      } else if (character === '$') {
        this.#dollar(true);
        if (this.#missing !== undefined) return;
      } else if (character === '`') {
        this.#backquoted();
        if (this.#missing !== undefined) return;
      } else {
        this.#append(character, true);
      }
    }
    this.#missing = '"';
  }

  #dollar(quoted: boolean): void {
    const rest = this.#text.slice(this.#position + 1);
    const name = NAME.exec(rest)?.[0] ?? (rest[0] === '?' ? '?' : undefined);
    const braced = /^\{([A-Za-z_][A-Za-z0-9_]*|\?)\}/.exec(rest);
    if (name !== undefined || braced !== null) {
      (this.#word ??= []).push({ type: 'variable', name: braced?.[1] ?? name!, quoted });
      this.#position += 1 + (braced?.[0].length ?? name!.length);
      return;
    }
    if (rest[0] === '(') {
      this.#grammar = true;
      this.#position += 2;
      this.#skipSubstitution();
      return;
    }
    if (rest[0] === '{' || /^[$!@*#0-9-]/.test(rest) || (!quoted && (rest[0] === "'" || rest[0] === '"'))) {
      this.#grammar = true;
    }
    this.#append('$', quoted);
  }

  /** Leaves what stands between `$(` and its `)` to the full shell. */
  #skipSubstitution(): void {
    let depth = 1;
    let quote = '';
    for (; this.#position < this.#text.length; this.#position++) {
      const character = this.#text[this.#position]!;
      if (quote !== '') {
        if (character === '\\' && quote === '"') this.#position++;
        else if (character === quote) quote = '';
      } else if (character === '\\') this.#position++;
      else if (character === "'" || character === '"') quote = character;
      else if (character === '(') depth++;
      else if (character === ')' && --depth === 0) {
        this.#position++;
        this.#appendText('', false);
        return;
      }
    }
    this.#missing = ')';
  }

  #backquoted(): void {
    this.#grammar = true;
    const end = this.#text.indexOf('`', this.#position + 1);
    if (end < 0) {
      this.#missing = '`';
      return;
    }
    this.#appendText('', false);
    this.#position = end + 1;
  }

  #redirection(): void {
    this.#grammar = true;
    this.#endWord();
    const here = /^<<(-?)[ \t]*(?:'([^']*)'|"([^"]*)"|\\?([^\s;&|<>()]+))/.exec(this.#rest());
    if (here !== null && !this.#rest().startsWith('<<<')) {
      this.#hereDocuments.push({
        delimiter: here[2] ?? here[3] ?? here[4]!,
        stripTabs: here[1] === '-',
      });
      this.#position += here[0].length;
      return;
    }
    const operator = /^(<<<|<>|<&|>>|>&|>\||<|>)&?/.exec(this.#rest())![0];
    this.#position += operator.length;
  }

  #readHereDocuments(): void {
    while (this.#hereDocuments.length > 0) {
      const { delimiter, stripTabs } = this.#hereDocuments[0]!;
      for (;;) {
        if (this.#position >= this.#text.length) return;
        const end = this.#text.indexOf('\n', this.#position);
        const stop = end < 0 ? this.#text.length : end;
        const line = this.#text.slice(this.#position, stop);
        this.#position = Math.min(stop + 1, this.#text.length);
        if ((stripTabs ? line.replace(/^\t+/, '') : line) === delimiter) break;
      }
      this.#hereDocuments.shift();
    }
  }

  #hasWords(): boolean {
    return this.#words.length > 0 || this.#word !== undefined;
  }

  #endWord(): void {
    if (this.#word === undefined) return;
    if (!this.#grammar && BRACE_EXPANSION.test(unquotedText(this.#word))) this.#grammar = true;
    this.#words.push(this.#word);
    this.#word = undefined;
  }

  #endCommand(operator: SimpleCommand['operator']): void {
    this.#endWord();
    const words = this.#words;
    this.#words = [];
    if (words.length === 0) {
      if (operator !== ';') this.#grammar = true;
      return;
    }
    this.#reservedWords(words);
    this.#commands.push({ ...withAssignments(words), operator: this.#operator });
    this.#operator = operator;
  }

  /** Counts what opens and closes a compound command; "do if x" opens one inside another. */
  #reservedWords(words: readonly Word[]): void {
    for (const word of words) {
      const literal = word.length === 1 && word[0]!.type === 'text' && !word[0]!.quoted ? word[0]!.text : '';
      if (OPENING_WORDS.has(literal)) this.#depth++;
      else if (CLOSING_WORDS.has(literal)) this.#depth--;
      else if (!OTHER_RESERVED_WORDS.has(literal)) return;
      this.#grammar = true;
      if (literal === 'for' || literal === 'case' || literal === 'select') return;
    }
  }
}

function unquotedText(word: Word): string {
  return word.map((part) => (part.type === 'text' && !part.quoted ? part.text : '\0')).join('');
}

function withAssignments(words: readonly Word[]): Pick<SimpleCommand, 'assignments' | 'words'> {
  const assignments: { name: string; value: Word }[] = [];
  let index = 0;
  for (; index < words.length; index++) {
    const [first, ...more] = words[index]!;
    const match = first?.type === 'text' && !first.quoted ? ASSIGNMENT.exec(first.text) : null;
    if (match === null || first?.type !== 'text') break;
    const text = first.text.slice(match[0].length);
    assignments.push({ name: match[1]!, value: text === '' ? more : [{ ...first, text }, ...more] });
  }
  return { assignments, words: words.slice(index) };
}
