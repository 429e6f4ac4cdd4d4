import type { Constant, Expr, FieldEntry, MapEntry } from '../common/ast.ts';
import type { CelGoVersion } from '../common/cel-go.ts';
import type { Issues } from '../common/issues.ts';
import type { Token, TokenType } from './lexer.ts';
import { tokenize } from './lexer.ts';
import { expandMacro, MacroError } from './macros.ts';
import { reportSyntaxErrors } from './syntax.ts';
import { unescapeBytes, unescapeText } from './unescape.ts';

const MAX_CODE_POINTS = 100_000;
const MAX_DEPTH = 250;

const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const RELATIONS: ReadonlySet<TokenType> = new Set(["'<'", "'<='", "'>='", "'>'", "'=='", "'!='", "'in'"]);
const PRODUCTS: ReadonlySet<TokenType> = new Set(["'*'", "'/'", "'%'"]);
const SUMS: ReadonlySet<TokenType> = new Set(["'+'", "'-'"]);

/** The tokens are no expression; why is found out by the grammar's own recognizer. */
class SyntaxFailure extends Error {
  override readonly name = 'SyntaxFailure';
}
/** There are too many nodes within each other; the message is cel-go's. */
class TooDeep extends Error {
  override readonly name = 'TooDeep';
}

/**
 * The tree of an expression with its macros expanded. What is wrong goes to `issues`; the tree is of use only
 * if nothing does. Models cel-go parser/parser.go.
 */
export function parse(expression: string, issues: Issues, celGo: CelGoVersion): Expr {
  const nothing: Expr = { kind: 'error', offset: 0 };
  const size = [...expression].length;
  if (size > MAX_CODE_POINTS) {
    issues.report(
      undefined,
      `expression code point size exceeds limit: size: ${size}, limit ${MAX_CODE_POINTS}`,
    );
    return nothing;
  }
  const tokens = tokenize(expression, issues);
  try {
    return new Parser(tokens, issues, celGo).parse();
  } catch (error) {
    if (error instanceof SyntaxFailure) reportSyntaxErrors(expression, tokens, issues);
    else if (error instanceof TooDeep) {
      issues.report(undefined, error.message);
    } else throw error;
    return nothing;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #issues: Issues;
  readonly #celGo: CelGoVersion;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], issues: Issues, celGo: CelGoVersion) {
    this.#celGo = celGo;
    this.#tokens = tokens;
    this.#issues = issues;
  }

  parse(): Expr {
    const result = this.#expression();
    this.#take('EOF');
    return result;
  }

  /** The operators of a chain stand within each other in the tree. */
  #limitChain(count: number): void {
    if (this.#depth + count > MAX_DEPTH) throw new TooDeep('max recursion depth exceeded');
  }

  get #token(): Token {
    return this.#tokens[this.#next]!;
  }

  #is(type: TokenType): boolean {
    return this.#token.type === type;
  }

  #take(type: TokenType): Token {
    const token = this.#token;
    if (token.type !== type) throw new SyntaxFailure(type);
    this.#next++;
    return token;
  }

  /** The token if it is of the type; it is taken. */
  #maybe(type: TokenType): Token | undefined {
    return this.#is(type) ? this.#take(type) : undefined;
  }

  #error(offset: number, message: string): Expr {
    this.#issues.report(offset, message);
    return { kind: 'error', offset };
  }

  #expression(): Expr {
    if (++this.#depth > MAX_DEPTH) throw new TooDeep(`expression recursion limit exceeded: ${MAX_DEPTH}`);
    const condition = this.#logical("'||'", '_||_', () =>
      this.#logical("'&&'", '_&&_', () => this.#relation()),
    );
    const question = this.#maybe("'?'");
    let result = condition;
    if (question !== undefined) {
      const yes = this.#logical("'||'", '_||_', () => this.#logical("'&&'", '_&&_', () => this.#relation()));
      this.#take("':'");
      result = this.#call(question.offset, '_?_:_', [condition, yes, this.#expression()]);
    }
    this.#depth--;
    return result;
  }

  /** Chains of && and || become balanced trees. Models parser/helper.go balancer. */
  #logical(sign: TokenType, name: string, operand: () => Expr): Expr {
    const terms = [operand()];
    const signs: number[] = [];
    while (this.#is(sign)) {
      signs.push(this.#take(sign).offset);
      terms.push(operand());
    }
    const balanced = (low: number, high: number): Expr => {
      const middle = Math.floor((low + high + 1) / 2);
      const left = middle === low ? terms[middle]! : balanced(low, middle - 1);
      const right = middle === high ? terms[middle + 1]! : balanced(middle + 1, high);
      return { kind: 'call', offset: signs[middle]!, name, args: [left, right] };
    };
    return signs.length === 0 ? terms[0]! : balanced(0, signs.length - 1);
  }

  #relation(): Expr {
    return this.#binary(RELATIONS, () =>
      this.#binary(SUMS, () => this.#binary(PRODUCTS, () => this.#unary())),
    );
  }

  #binary(signs: ReadonlySet<TokenType>, operand: () => Expr): Expr {
    let left = operand();
    for (let count = 1; signs.has(this.#token.type); count++) {
      this.#limitChain(count);
      const { text, offset } = this.#take(this.#token.type);
      left = this.#call(offset, text === 'in' ? '@in' : `_${text}_`, [left, operand()]);
    }
    return left;
  }

  #unary(): Expr {
    for (const sign of ["'!'", "'-'"] as const) {
      if (!this.#is(sign)) continue;
      // A minus before a number is part of it.
      const number = this.#tokens[this.#next + 1]!.type;
      if (sign === "'-'" && (number === 'NUM_INT' || number === 'NUM_FLOAT')) break;
      const first = this.#token;
      let count = 0;
      for (; this.#maybe(sign) !== undefined;) count++;
      const operand = this.#member();
      return count % 2 === 0 ? operand : this.#call(first.offset, sign === "'!'" ? '!_' : '-_', [operand]);
    }
    return this.#member();
  }

  #member(): Expr {
    let result = this.#primary();
    for (let count = 1; ; count++) {
      this.#limitChain(count);
      const dot = this.#maybe("'.'");
      if (dot !== undefined) {
        result = this.#selection(result, dot);
        continue;
      }
      const open = this.#maybe("'['");
      if (open === undefined) return result;
      const optional = this.#maybe("'?'") !== undefined;
      const index = this.#expression();
      this.#take("']'");
      result = this.#call(open.offset, optional ? '_[?_]' : '_[_]', [result, index]);
    }
  }

  #selection(operand: Expr, dot: Token): Expr {
    const optional = this.#maybe("'?'") !== undefined;
    const { text: field, offset } = this.#take('IDENTIFIER');
    if (optional) {
      const name: Expr = { kind: 'literal', offset, constant: { type: 'string', value: field } };
      return { kind: 'call', offset: dot.offset, name: '_?._', args: [operand, name] };
    }
    const open = this.#maybe("'('");
    if (open !== undefined) return this.#call(open.offset, field, this.#arguments(), operand);
    return { kind: 'select', offset: dot.offset, operand, field, testOnly: false };
  }

  #arguments(): Expr[] {
    const args: Expr[] = [];
    if (!this.#is("')'")) {
      do args.push(this.#expression());
      while (this.#maybe("','") !== undefined);
    }
    this.#take("')'");
    return args;
  }

  #call(offset: number, name: string, args: readonly Expr[], target?: Expr): Expr {
    try {
      const expanded = expandMacro(name, target, args, offset);
      if (expanded !== undefined) return expanded;
    } catch (error) {
      if (!(error instanceof MacroError)) throw error;
      const isAtCall = error.wasAtCall && this.#celGo === '0.16';
      return this.#error(isAtCall ? offset : error.offset, error.message);
    }
    return { kind: 'call', offset, name, args, ...(target !== undefined && { target }) };
  }

  #primary(): Expr {
    const token = this.#token;
    switch (token.type) {
      case "'('": {
        this.#next++;
        const inner = this.#expression();
        this.#take("')'");
        return inner;
      }
      case "'['":
        return this.#list();
      case "'{'":
        return this.#map();
      case "'.'":
      case 'IDENTIFIER':
        return this.#named();
      default:
        return this.#literal();
    }
  }

  /** A variable, a call of a function, or a message Type{field: value}. */
  #named(): Expr {
    const { offset } = this.#token;
    const leading = this.#maybe("'.'") === undefined ? '' : '.';
    const message = this.#messageType();
    if (message !== undefined) return this.#struct(leading + message);
    const { text, offset: at } = this.#take('IDENTIFIER');
    const open = this.#maybe("'('");
    const args = open === undefined ? [] : this.#arguments();
    if (RESERVED.has(text)) return this.#error(offset, `reserved identifier: ${text}`);
    if (open !== undefined) return this.#call(open.offset, leading + text, args);
    return { kind: 'ident', offset: at, name: leading + text };
  }

  /** "Object.spec" if that and a brace come next; they are taken but for the brace. */
  #messageType(): string | undefined {
    const from = this.#next;
    let name = '';
    for (let at = from; this.#tokens[at]!.type === 'IDENTIFIER'; at += 2) {
      name += (name === '' ? '' : '.') + this.#tokens[at]!.text;
      const after = this.#tokens[at + 1]!.type;
      if (after === "'{'") {
        this.#next = at + 1;
        return name;
      }
      if (after !== "'.'") break;
    }
    return undefined;
  }

  #struct(type: string): Expr {
    const { offset } = this.#take("'{'");
    const fields: FieldEntry[] = [];
    while (!this.#is("'}'")) {
      if (this.#is("','")) break;
      const optional = this.#maybe("'?'") !== undefined;
      const field = this.#take('IDENTIFIER').text;
      const colon = this.#take("':'").offset;
      fields.push({ offset: colon, field, value: this.#expression(), optional });
      if (this.#maybe("','") === undefined) break;
    }
    this.#closing("'}'", fields.length);
    return { kind: 'struct', offset, type, fields };
  }

  #list(): Expr {
    const { offset } = this.#take("'['");
    const elements: Expr[] = [];
    const optionals = new Set<number>();
    while (!this.#is("']'")) {
      if (this.#is("','")) break;
      if (this.#maybe("'?'") !== undefined) optionals.add(elements.length);
      elements.push(this.#expression());
      if (this.#maybe("','") === undefined) break;
    }
    this.#closing("']'", elements.length);
    return { kind: 'list', offset, elements, optionals };
  }

  #map(): Expr {
    const { offset } = this.#take("'{'");
    const entries: MapEntry[] = [];
    while (!this.#is("'}'")) {
      if (this.#is("','")) break;
      const optional = this.#maybe("'?'") !== undefined;
      const key = this.#expression();
      this.#take("':'");
      entries.push({ key, value: this.#expression(), optional });
      if (this.#maybe("','") === undefined) break;
    }
    this.#closing("'}'", entries.length);
    return { kind: 'map', offset, entries };
  }

  /** A comma alone is an empty list too: [,]. */
  #closing(type: TokenType, count: number): void {
    if (count === 0) this.#maybe("','");
    this.#take(type);
  }

  #literal(): Expr {
    const { offset } = this.#token;
    const minus = this.#maybe("'-'") === undefined ? '' : '-';
    const { type, text } = this.#token;
    const constant = this.#constant(type, minus, text);
    if (constant === undefined) throw new SyntaxFailure(type);
    this.#next++;
    return typeof constant === 'string'
      ? this.#error(offset, constant)
      : { kind: 'literal', offset, constant };
  }

  /** A text says why there is none. */
  #constant(type: TokenType, minus: string, text: string): Constant | string | undefined {
    switch (type) {
      case 'NUM_INT': {
        const value = BigInt(text) * (minus === '' ? 1n : -1n);
        return BigInt.asIntN(64, value) === value ? { type: 'int', value } : 'invalid int literal';
      }
      case 'NUM_FLOAT': {
        const value = Number(minus + text);
        return Number.isFinite(value) ? { type: 'double', value } : 'invalid double literal';
      }
    }
    if (minus !== '') return undefined;
    switch (type) {
      case 'NUM_UINT': {
        const value = BigInt(text.slice(0, -1));
        return BigInt.asUintN(64, value) === value ? { type: 'uint', value } : 'invalid uint literal';
      }
      case 'STRING': {
        const value = unescapeText(text);
        return value === undefined ? 'unable to unescape string' : { type: 'string', value };
      }
      case 'BYTES':
        return { type: 'bytes', value: unescapeBytes(text) };
      case "'true'":
      case "'false'":
        return { type: 'bool', value: type === "'true'" };
      case "'null'":
        return { type: 'null', value: null };
      default:
        return undefined;
    }
  }
}
