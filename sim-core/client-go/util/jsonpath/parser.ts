import { unquote } from './unquote.ts';

/** A piece of a template: text between braces, or what stands in braces. Models client-go/util/jsonpath Node. */
export type JsonPathNode =
  | { readonly type: 'list'; readonly nodes: readonly JsonPathNode[] }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'slice'; readonly start?: number; readonly end?: SliceEnd; readonly step?: number }
  | {
      readonly type: 'filter';
      readonly left: readonly JsonPathNode[];
      readonly operator: string;
      readonly right: readonly JsonPathNode[];
    }
  | { readonly type: 'literal'; readonly value: number | boolean }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | { readonly type: 'union'; readonly members: readonly (readonly JsonPathNode[])[] }
  /** "range", "end", and what is no word of the language. */
  | { readonly type: 'identifier'; readonly name: string };

/** `derived`: the end of "[3]", which was not written. */
interface SliceEnd {
  readonly value: number;
  readonly derived: boolean;
}

/** A template that is none, or that does not fit; the message is client-go's. */
export class JsonPathError extends Error {}

/**
 * Parses a kubectl template such as `{range .items[*]}{.metadata.name}{"\n"}{end}`; throws a
 * {@link JsonPathError}. Words are checked only when the template is executed.
 * Models client-go/util/jsonpath Parser.
 */
export function parseJsonPath(template: string): readonly JsonPathNode[] {
  return new Parser(template).parse();
}

/**
 * What people write for --sort-by and custom columns, as a template: "x.y", ".x.y", "{.x.y}".
 * Models kubectl get RelaxedJSONPathExpression.
 */
export function relaxedJsonPath(expression: string): string {
  if (expression === '') return expression;
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(expression);
  if (match === null) {
    throw new JsonPathError(
      `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    );
  }
  return `{.${match[1] ?? match[2]}}`;
}

const TERMINATORS = /[\s.,[\]$@{}]/;
const DICTIONARY_KEY = /^'([^']*)'$/;
const SLICE = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;
const COMPARISON = /^([^!<>=]+)([!<>=]+)(.+?)$/s;

class Parser {
  readonly #input: string;
  #at = 0;

  constructor(input: string) {
    this.#input = input;
  }

  parse(): JsonPathNode[] {
    const nodes: JsonPathNode[] = [];
    while (this.#at < this.#input.length) {
      const open = this.#input.indexOf('{', this.#at);
      const end = open < 0 ? this.#input.length : open;
      if (end > this.#at) nodes.push({ type: 'text', text: this.#input.slice(this.#at, end) });
      this.#at = end;
      if (open < 0) break;
      this.#at++;
      nodes.push({ type: 'list', nodes: this.#action() });
    }
    return nodes;
  }

  /** What stands in braces, up to the closing one. */
  #action(): JsonPathNode[] {
    const nodes: JsonPathNode[] = [];
    for (;;) {
      const rest = this.#input.slice(this.#at);
      const [character = '\n'] = rest;
      if (character === '}') {
        this.#at++;
        return nodes;
      }
      if (rest.startsWith('[?(')) nodes.push(this.#filter());
      else if (rest.startsWith('..')) nodes.push(...this.#recursive(nodes));
      else if (/[\r\n]/.test(character)) throw new JsonPathError('unclosed action');
      else if (/[ @$]/.test(character)) this.#at++;
      else if (character === '[') nodes.push(...this.#brackets());
      else if (character === '"' || character === "'") nodes.push(this.#quoted(character));
      else if (character === '.') {
        this.#at++;
        nodes.push(this.#field());
      } else if (/[-+\d]/.test(character)) nodes.push(this.#number());
      else if (/[\p{L}\d_]/u.test(character)) nodes.push(this.#identifier());
      else {
        const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
        throw new JsonPathError(`unrecognized character in action: U+${code} '${character}'`);
      }
    }
  }

  #recursive(before: readonly JsonPathNode[]): JsonPathNode[] {
    if (before.at(-1)?.type === 'recursive') throw new JsonPathError('invalid multiple recursive descent');
    this.#at += 2;
    const named = /[\p{L}\d_]/u.test(this.#input[this.#at] ?? '');
    return [{ type: 'recursive' }, ...(named ? [this.#field()] : [])];
  }

  /** A name up to something that ends it; a backslash takes what follows into the name. */
  #field(): JsonPathNode {
    const start = this.#at;
    while (this.#at < this.#input.length) {
      const character = this.#input[this.#at]!;
      if (character === '\\') this.#at++;
      else if (TERMINATORS.test(character)) break;
      this.#at++;
    }
    const name = this.#input.slice(start, this.#at);
    return name === '*' ? { type: 'wildcard' } : { type: 'field', name: name.replaceAll('\\', '') };
  }

  #identifier(): JsonPathNode {
    const start = this.#at;
    while (this.#at < this.#input.length && !TERMINATORS.test(this.#input[this.#at]!)) this.#at++;
    const name = this.#input.slice(start, this.#at);
    return name === 'true' || name === 'false'
      ? { type: 'literal', value: name === 'true' }
      : { type: 'identifier', name };
  }

  #number(): JsonPathNode {
    const [text] = /^[-+]?[\d.]*/.exec(this.#input.slice(this.#at))!;
    this.#at += text.length;
    const value = /\d/.test(text) ? Number(text) : NaN;
    if (Number.isNaN(value)) throw new JsonPathError(`cannot parse number ${text}`);
    return { type: 'literal', value };
  }

  #quoted(quote: string): JsonPathNode {
    const start = this.#at++;
    for (;;) {
      const character = this.#input[this.#at++];
      if (character === undefined || character === '\n')
        throw new JsonPathError('unterminated quoted string');
      if (character === quote && this.#input[this.#at - 2] !== '\\') break;
    }
    const literal = this.#input.slice(start, this.#at);
    const text = unquote(literal);
    if (text === undefined) throw new JsonPathError(`unquote string ${literal} error invalid syntax`);
    return { type: 'text', text };
  }

  #brackets(): readonly JsonPathNode[] {
    const close = /[\]\n]/.exec(this.#input.slice(this.#at));
    if (close === null || close[0] === '\n') throw new JsonPathError('unterminated array');
    const inner = this.#input.slice(this.#at + 1, this.#at + close.index);
    this.#at += close.index + 1;
    const text = inner === '*' ? ':' : inner;
    const members = text.split(',');
    if (members.length > 1)
      return [
        {
          type: 'union',
          members: members.map((member) => action(`[${member.replace(/^ +| +$/g, '')}]`)),
        },
      ];
    const key = DICTIONARY_KEY.exec(text);
    return key === null ? [sliceOf(text)] : action(`.${key[1]}`);
  }

  #filter(): JsonPathNode {
    this.#at += '[?('.length;
    const start = this.#at;
    // A quote that is open hides parentheses; the first one decides which quote it is.
    let quote: string | undefined;
    let closed = false;
    for (;;) {
      const character = this.#input[this.#at++];
      if (character === undefined || character === '\n') throw new JsonPathError('unterminated filter');
      if (character === '"' || character === "'") {
        if (quote === undefined) quote = character;
        else if (character === quote && this.#input[this.#at - 2] !== '\\') closed = true;
      } else if (character === ')' && (quote !== undefined) === closed) break;
    }
    if (this.#input[this.#at++] !== ']') throw new JsonPathError('unclosed array expect ]');
    const text = this.#input.slice(start, this.#at - 2);
    const comparison = COMPARISON.exec(text);
    if (comparison === null) return { type: 'filter', left: action(text), operator: 'exists', right: [] };
    const [, left = '', operator = '', right = ''] = comparison;
    return { type: 'filter', left: action(left), operator, right: action(right) };
  }
}

/** The nodes of `text` as if it stood in braces. */
function action(text: string): readonly JsonPathNode[] {
  const [first] = parseJsonPath(`{${text}}`);
  return first?.type === 'list' ? first.nodes : [];
}

function sliceOf(text: string): JsonPathNode {
  const match = SLICE.exec(text);
  if (match === null) throw new JsonPathError(`invalid array index ${text}`);
  const number = (piece: string) => {
    const value = Number(piece);
    if (Number.isNaN(value)) throw new JsonPathError(`array index ${piece} is not a number`);
    return value;
  };
  const [, first = '', second = '', third = ''] = match;
  const start = first === '' ? undefined : number(first);
  let end: SliceEnd | undefined;
  if (second === '') end = { value: (start ?? 0) + 1, derived: true };
  else if (second !== ':') end = { value: number(second.slice(1)), derived: false };
  return {
    type: 'slice',
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(third.length > 1 && { step: number(third.slice(1)) }),
  };
}
