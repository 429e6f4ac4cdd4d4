import { AwkSyntaxError, BUILTINS, Lexer, type Token } from './lexer.ts';
import { patternProblem } from './patterns.ts';
import { Scope } from './scope.ts';
import type {
  Arithmetic,
  Comparison,
  Expression,
  Program,
  Redirection,
  Rule,
  Statement,
  Target,
  UserFunction,
} from './syntax.ts';

/** How many mistakes are told before a program is given up. */
const MOST_ERRORS = 5;
/** So many tokens must be understood after a mistake before the next one is told. */
const RECOVERY = 3;

/** There is no more to say of a program. */
class GivenUp extends Error {}

/** What binds two operands, the loosest first. */
const COMPARISONS = new Set(['<', '<=', '==', '!=', '>', '>=']);
const LEVELS = { conditional: 0, or: 1, and: 2, in: 3, match: 4, comparison: 5, concatenation: 6 } as const;
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=']);
/** What may begin the next operand of a concatenation. */
const OPERAND_STARTS = new Set(['number', 'string', 'regex', 'name', 'function', 'builtin']);
const OPERAND_WORDS = new Set(['$', '!', '(', '++', '--', 'getline']);
const MISSING_PARENTHESIS = new Set(['end of file', 'end of line', ';', '}']);
const MISSING_BRACE = new Set(['end of file', 'BEGIN', 'END']);

/**
 * Reads a program; `report` is told what is wrong with it, in mawk's words, and then the result is undefined.
 * Models mawk/parse.y.
 */
export function parseProgram(
  text: string,
  report: (message: string, line: number | undefined) => void,
): Program | undefined {
  return new Parser(text, report).program();
}

class Parser {
  readonly #lexer: Lexer;
  readonly #report: (message: string, line: number | undefined) => void;
  readonly #scope = new Scope();
  #token!: Token;
  #errors = 0;
  #sinceError = RECOVERY;
  #place: 'main' | 'begin' | 'end' | 'function' = 'main';
  #loops = 0;
  /** In the arguments of print, outside of parentheses, ">" and "|" say where it goes. */
  #isPrinting = false;
  /** The last expression that stood in parentheses: nothing can be assigned to it. */
  #grouped: Expression | undefined;

  constructor(text: string, report: (message: string, line: number | undefined) => void) {
    // A program without an end of line gets one.
    this.#lexer = new Lexer(text.endsWith('\n') ? text : `${text}\n`, (error) => this.#say(error));
    this.#report = report;
  }

  program(): Program | undefined {
    const begin: Statement[] = [];
    const rules: Rule[] = [];
    const end: Statement[] = [];
    try {
      this.#advance();
      while (this.#token.kind === 'newline') this.#advance();
      while (!this.#isEnd()) {
        try {
          this.#item(begin, rules, end);
        } catch (error) {
          this.#recover(error);
          this.#scope.enter([]);
          this.#place = 'main';
          while (!this.#isWord('{') && !this.#isEnd()) this.#advance();
        }
      }
      if (this.#errors === 0) this.#scope.resolve(this.#token.line);
    } catch (error) {
      if (error instanceof AwkSyntaxError) {
        this.#errors++;
        this.#report(error.message, error.line);
      } else if (!(error instanceof GivenUp)) throw error;
    }
    return this.#errors > 0 ? undefined : { begin, rules, end, globals: this.#scope.globals };
  }

  #say({ message, line, isFinal }: AwkSyntaxError): void {
    this.#report(message, line);
    if (++this.#errors >= MOST_ERRORS || isFinal) throw new GivenUp();
  }

  /** Tells a mistake, unless it comes of the one before. */
  #recover(error: unknown): void {
    if (!(error instanceof AwkSyntaxError)) throw error;
    if (this.#sinceError >= RECOVERY || error.isFinal) this.#say(error);
    this.#sinceError = 0;
    this.#isPrinting = false;
    if (this.#isEnd()) throw new GivenUp();
  }

  #advance(): Token {
    const token = this.#token;
    this.#sinceError++;
    this.#token = this.#lexer.next();
    return token;
  }

  #isWord(text: string): boolean {
    return this.#token.kind === 'word' && this.#token.text === text;
  }

  #isEnd(): boolean {
    return this.#token.kind === 'end';
  }

  #accept(text: string): boolean {
    if (!this.#isWord(text)) return false;
    this.#advance();
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) this.#fail();
  }

  #skipNewlines(): void {
    while (this.#token.kind === 'newline' && this.#token.text !== '}') this.#advance();
  }

  /** The token is none that can stand here. */
  #fail(): never {
    const { kind, text, line } = this.#token;
    if (kind === 'unexpected') {
      const shown = /[!-~]/.test(text)
        ? `'${text}'`
        : `0x${text.charCodeAt(0).toString(16).padStart(2, '0')}`;
      throw new AwkSyntaxError(`${line}: unexpected character ${shown}`, undefined);
    }
    const shown = kind === 'regex' ? `/${text}/` : text;
    if (this.#lexer.parentheses > 0 && MISSING_PARENTHESIS.has(text)) {
      this.#lexer.parentheses = 0;
      throw new AwkSyntaxError(`missing ) near ${shown}`, line);
    }
    if (this.#lexer.braces > 0 && MISSING_BRACE.has(text)) {
      this.#lexer.braces = 0;
      throw new AwkSyntaxError(`missing } near ${shown}`, line);
    }
    throw new AwkSyntaxError(`syntax error at or near ${shown}`, line);
  }

  /** Something means nothing though it is written well. */
  #mistake(message: string): void {
    this.#say(new AwkSyntaxError(message, this.#token.line));
  }

  #item(begin: Statement[], rules: Rule[], end: Statement[]): void {
    if (this.#accept('function')) return this.#function();
    if (this.#isWord('BEGIN') || this.#isWord('END')) {
      const isBegin = this.#advance().text === 'BEGIN';
      this.#place = isBegin ? 'begin' : 'end';
      (isBegin ? begin : end).push(this.#block());
      this.#place = 'main';
      return;
    }
    const patterns: Expression[] = [];
    if (!this.#isWord('{')) {
      patterns.push(this.#expression());
      if (this.#accept(',')) patterns.push(this.#expression());
    }
    if (this.#isWord('{')) rules.push({ patterns, body: this.#block() });
    else {
      this.#separator();
      rules.push({ patterns, body: undefined });
    }
  }

  #function(): void {
    const { kind, text, line } = this.#token;
    if (kind !== 'name' && kind !== 'function') this.#fail();
    const callee = this.#scope.function(text);
    if (callee.body !== undefined) this.#say(new AwkSyntaxError(`redefinition of ${text}`, line));
    this.#advance();
    this.#expect('(');
    const names: string[] = [];
    while (!this.#isWord(')')) {
      if (names.length > 0) this.#expect(',');
      if (this.#token.kind !== 'name') this.#fail();
      const name = this.#advance().text;
      if (names.includes(name)) this.#mistake(`${name} is duplicated in argument list`);
      if (name === text) this.#mistake('function parameter cannot be the function');
      names.push(name);
    }
    this.#advance();
    this.#skipNewlines();
    callee.parameters = this.#scope.enter(names);
    this.#place = 'function';
    callee.body = this.#block();
    this.#place = 'main';
    this.#scope.enter([]);
  }

  #block(): Statement {
    this.#expect('{');
    const body: Statement[] = [];
    while (!this.#isWord('}')) {
      try {
        body.push(this.#statement());
      } catch (error) {
        this.#recover(error);
        while (!this.#isSeparator() && !this.#isEnd()) this.#advance();
        this.#lexer.parentheses = 0;
        if (this.#isSeparator()) this.#advance();
        this.#sinceError = RECOVERY;
      }
    }
    this.#advance();
    return { kind: 'block', body };
  }

  #isSeparator(): boolean {
    return this.#token.kind === 'newline' || this.#isWord(';');
  }

  #separator(): void {
    if (!this.#isSeparator()) this.#fail();
    this.#advance();
  }

  /** A statement that ends with a separator. */
  #ended(statement: Statement): Statement {
    this.#separator();
    return statement;
  }

  #statement(): Statement {
    if (this.#isSeparator()) return this.#ended({ kind: 'block', body: [] });
    const { kind, text } = this.#token;
    if (kind !== 'word') return this.#simple();
    switch (text) {
      case '{':
        return this.#block();
      case 'if':
        return this.#if();
      case 'while':
      case 'do':
      case 'for':
        return this.#loop(text);
      case 'print':
      case 'printf':
        return this.#print(text);
      case 'break':
      case 'continue':
        this.#advance();
        if (this.#loops === 0) this.#mistake(`${text} statement outside of loop`);
        return this.#ended({ kind: text });
      case 'next':
      case 'nextfile':
        this.#advance();
        if (this.#place !== 'main') this.#mistake(`improper use of ${text}`);
        return this.#ended({ kind: text });
      case 'exit':
      case 'return': {
        this.#advance();
        const value = this.#isSeparator() ? undefined : this.#expression();
        if (text === 'return' && this.#place !== 'function') this.#mistake('return outside function body');
        return this.#ended({ kind: text, value });
      }
      case 'delete': {
        this.#advance();
        const array = this.#arrayName();
        const indices = this.#isWord('[') ? this.#indices() : undefined;
        return this.#ended({ kind: 'delete', array, indices });
      }
      default:
        return this.#simple();
    }
  }

  #simple(): Statement {
    return this.#ended({ kind: 'expression', expression: this.#expression() });
  }

  #condition(): Expression {
    this.#expect('(');
    const condition = this.#expression();
    this.#expect(')');
    return condition;
  }

  #if(): Statement {
    this.#advance();
    const condition = this.#condition();
    this.#skipNewlines();
    const yes = this.#statement();
    if (!this.#accept('else')) return { kind: 'if', condition, yes, no: undefined };
    this.#skipNewlines();
    return { kind: 'if', condition, yes, no: this.#statement() };
  }

  #body(): Statement {
    this.#skipNewlines();
    this.#loops++;
    try {
      return this.#statement();
    } finally {
      this.#loops--;
    }
  }

  #loop(keyword: 'while' | 'do' | 'for'): Statement {
    this.#advance();
    if (keyword === 'for') return this.#for();
    const none = { first: undefined, step: undefined };
    if (keyword === 'while') {
      const condition = this.#condition();
      return { kind: 'loop', ...none, condition, body: this.#body(), isDo: false };
    }
    const body = this.#body();
    this.#expect('while');
    return this.#ended({ kind: 'loop', ...none, condition: this.#condition(), body, isDo: true });
  }

  #for(): Statement {
    this.#expect('(');
    const first = this.#isWord(';') ? undefined : this.#expression();
    if (first?.kind === 'in' && first !== this.#grouped && this.#isWord(')')) {
      const [target] = first.indices;
      if (first.indices.length > 1 || target?.kind !== 'variable') this.#fail();
      this.#advance();
      return { kind: 'forIn', target, array: first.array, body: this.#body() };
    }
    this.#expect(';');
    const condition = this.#isWord(';') ? undefined : this.#expression();
    this.#expect(';');
    const step = this.#isWord(')') ? undefined : this.#expression();
    this.#expect(')');
    return { kind: 'loop', first, condition, step, body: this.#body(), isDo: false };
  }

  #print(kind: 'print' | 'printf'): Statement {
    this.#advance();
    this.#isPrinting = true;
    let args: readonly Expression[] = [];
    if (this.#isWord('(') && this.#lexer.isBefore(/[ \t]*\)/y)) {
      this.#advance();
      this.#advance();
    } else if (!this.#isSeparator() && this.#redirection() === undefined) {
      const first = this.#expression(true);
      args = first.kind === 'list' ? first.items : [first];
      while (first.kind !== 'list' && this.#accept(',')) args = [...args, this.#expression()];
    }
    this.#isPrinting = false;
    const redirection = this.#redirection();
    if (redirection !== undefined) this.#advance();
    const destination = redirection === undefined ? undefined : this.#expression();
    this.#separator();
    if (kind === 'printf' && args.length === 0) this.#mistake('no arguments in call to printf');
    return { kind, args, redirection, destination };
  }

  #redirection(): Redirection | undefined {
    const { kind, text } = this.#token;
    return kind === 'word' && (text === '>' || text === '>>' || text === '|') ? text : undefined;
  }

  #arrayName() {
    if (this.#token.kind !== 'name') this.#fail();
    const { text, line } = this.#advance();
    return this.#scope.array(text, line);
  }

  #indices(): Expression[] {
    this.#expect('[');
    const indices = this.#list(']');
    if (indices.length === 0) this.#fail();
    this.#advance();
    return indices;
  }

  /** What stands between parentheses or brackets, separated by commas; what closes them is still to come. */
  #list(close: string, item: () => Expression = () => this.#expression()): Expression[] {
    const isPrinting = this.#isPrinting;
    this.#isPrinting = false;
    const items: Expression[] = [];
    while (!this.#isWord(close)) {
      if (items.length > 0) this.#expect(',');
      items.push(item());
    }
    this.#isPrinting = isPrinting;
    return items;
  }

  /** `mayBeList`: it may be all that print is given, "(a, b)". */
  #expression(mayBeList = false): Expression {
    const expression = this.#binary(LEVELS.conditional);
    if (expression.kind === 'list' && !mayBeList) this.#fail();
    return expression;
  }

  /** Operators of this level and of those that bind closer. */
  #binary(level: number): Expression {
    let left = this.#concatenation();
    if (this.#isTarget(left) && this.#token.kind === 'word' && ASSIGNMENTS.has(this.#token.text)) {
      const operator = this.#advance().text.slice(0, -1) as Arithmetic | '';
      const value = this.#expression();
      left = { kind: 'assign', target: left, operator: operator === '' ? undefined : operator, value };
    }
    for (;;) {
      const next = this.#operation(left, level);
      if (next === undefined) return left;
      left = next;
    }
  }

  #isTarget(expression: Expression): expression is Target {
    const { kind } = expression;
    if (kind === 'field') return true;
    return (
      (kind === 'variable' || kind === 'element' || kind === 'fieldCount') && expression !== this.#grouped
    );
  }

  /** What `left` becomes with the operator that follows; undefined: none of this level does. */
  #operation(left: Expression, level: number): Expression | undefined {
    const { kind, text } = this.#token;
    if (kind !== 'word') return undefined;
    if (text === 'in' && level <= LEVELS.in) {
      this.#advance();
      const array = this.#arrayName();
      return { kind: 'in', indices: left.kind === 'list' ? left.items : [left], array };
    }
    if (left.kind === 'list') return undefined;
    if (text === '?' && level <= LEVELS.conditional) {
      this.#advance();
      const yes = this.#binary(LEVELS.conditional);
      this.#expect(':');
      return { kind: 'conditional', condition: left, yes, no: this.#binary(LEVELS.conditional) };
    }
    if (text === '||' && level <= LEVELS.or) {
      this.#advance();
      return { kind: 'logical', operator: text, left, right: this.#binary(LEVELS.and) };
    }
    if (text === '&&' && level <= LEVELS.and) {
      this.#advance();
      return { kind: 'logical', operator: text, left, right: this.#binary(LEVELS.in) };
    }
    if ((text === '~' || text === '!~') && level <= LEVELS.match) {
      this.#advance();
      return {
        kind: 'match',
        isNegated: text === '!~',
        text: left,
        pattern: this.#constantPattern(this.#binary(LEVELS.comparison)),
      };
    }
    const isComparison = COMPARISONS.has(text) && !(text === '>' && this.#isPrinting);
    if (!isComparison || level > LEVELS.comparison) return undefined;
    this.#advance();
    const right = this.#binary(LEVELS.concatenation);
    return { kind: 'comparison', operator: text as Comparison, left, right };
  }

  #concatenation(): Expression {
    let left = this.#sum();
    while (left.kind !== 'list' && this.#isOperand())
      left = { kind: 'concatenation', left, right: this.#sum() };
    return left;
  }

  #isOperand(): boolean {
    const { kind, text } = this.#token;
    return OPERAND_STARTS.has(kind) || (kind === 'word' && OPERAND_WORDS.has(text));
  }

  #sum(): Expression {
    let left = this.#product();
    while (this.#isWord('+') || this.#isWord('-')) {
      const operator = this.#advance().text as Arithmetic;
      left = { kind: 'arithmetic', operator, left, right: this.#product() };
    }
    return left;
  }

  #product(): Expression {
    let left = this.#unary();
    while (this.#isWord('*') || this.#isWord('/') || this.#isWord('%')) {
      const operator = this.#advance().text as Arithmetic;
      left = { kind: 'arithmetic', operator, left, right: this.#unary() };
    }
    return left;
  }

  #unary(): Expression {
    const { kind, text } = this.#token;
    if (kind === 'word' && (text === '!' || text === '-' || text === '+')) {
      this.#advance();
      return { kind: 'unary', operator: text, operand: this.#unary() };
    }
    let left = this.#power();
    while (this.#isWord('|') && !this.#isPrinting) {
      this.#advance();
      this.#expect('getline');
      left = { kind: 'getline', from: 'command', source: left, target: this.#optionalTarget() };
    }
    return left;
  }

  #power(): Expression {
    const left = this.#postfix();
    if (!this.#isWord('^')) return left;
    this.#advance();
    const { kind, text } = this.#token;
    const isSigned = kind === 'word' && (text === '-' || text === '+' || text === '!');
    return { kind: 'arithmetic', operator: '^', left, right: isSigned ? this.#unary() : this.#power() };
  }

  #postfix(): Expression {
    if (this.#isWord('++') || this.#isWord('--')) {
      const by = this.#advance().text === '++' ? 1 : -1;
      return { kind: 'increment', target: this.#target(), by, isPrefix: true };
    }
    const operand = this.#primary();
    if (!this.#isTarget(operand) || !(this.#isWord('++') || this.#isWord('--'))) return operand;
    const by = this.#advance().text === '++' ? 1 : -1;
    return { kind: 'increment', target: operand, by, isPrefix: false };
  }

  #target(): Target {
    const operand = this.#primary();
    if (!this.#isTarget(operand)) this.#fail();
    return operand;
  }

  #optionalTarget(): Target | undefined {
    return this.#token.kind === 'name' || this.#isWord('$') ? this.#target() : undefined;
  }

  #primary(): Expression {
    const { kind, text, line } = this.#token;
    switch (kind) {
      case 'number':
        this.#advance();
        return { kind: 'number', value: Number(text) };
      case 'string':
        this.#advance();
        return { kind: 'string', value: text };
      case 'regex':
        this.#checkPattern(text);
        this.#advance();
        return { kind: 'regex', text };
      case 'function':
        return this.#call(this.#scope.function(text));
      case 'builtin':
        return this.#builtin(text);
      case 'name':
        if (this.#scope.isFunction(text) && !this.#scope.isLocal(text))
          return this.#call(this.#scope.function(text));
        this.#advance();
        if (this.#isWord('[')) {
          const indices = this.#indices();
          return { kind: 'element', array: this.#scope.array(text, line), indices };
        }
        return this.#scalar(text, line);
      case 'word':
        break;
      default:
        this.#fail();
    }
    switch (text) {
      case '$': {
        this.#advance();
        const isSigned = this.#isWord('-') || this.#isWord('+') || this.#isWord('!');
        const isChanged = this.#isWord('++') || this.#isWord('--');
        return {
          kind: 'field',
          index: isSigned ? this.#unary() : isChanged ? this.#postfix() : this.#primary(),
        };
      }
      case '(': {
        this.#advance();
        const items = this.#list(')');
        if (items.length === 0) this.#fail();
        this.#advance();
        if (items.length > 1) return { kind: 'list', items };
        this.#grouped = items[0];
        return items[0]!;
      }
      case 'getline': {
        this.#advance();
        const target = this.#optionalTarget();
        if (!this.#accept('<')) return { kind: 'getline', from: 'input', source: undefined, target };
        return { kind: 'getline', from: 'file', source: this.#power(), target };
      }
      default:
        return this.#fail();
    }
  }

  /** A text that is used as a pattern is looked at as one. */
  #constantPattern(expression: Expression): Expression {
    if (expression.kind === 'string') this.#checkPattern(expression.value);
    return expression;
  }

  #checkPattern(pattern: string): void {
    const problem = patternProblem(pattern);
    if (problem !== undefined) this.#mistake(problem);
  }

  #scalar(name: string, line: number): Expression {
    const variable = this.#scope.scalar(name, line);
    return name === 'NF' && variable.slot === undefined
      ? { kind: 'fieldCount' }
      : { kind: 'variable', variable };
  }

  #call(callee: UserFunction): Expression {
    const { line } = this.#advance();
    this.#expect('(');
    const args = this.#list(')', () => this.#argument());
    this.#advance();
    this.#scope.call(callee, args, line);
    return { kind: 'call', callee, args };
  }

  /** A name by itself may be an array: what the function does with it tells. */
  #argument(): Expression {
    const { kind, text } = this.#token;
    if (kind !== 'name' || this.#scope.isFunction(text) || !this.#lexer.isBefore(/[ \t]*[,)]/y))
      return this.#expression();
    const { line } = this.#advance();
    return text === 'NF'
      ? this.#scalar(text, line)
      : { kind: 'variable', variable: this.#scope.variable(text) };
  }

  #builtin(name: string): Expression {
    this.#advance();
    if (name === 'length' && !this.#isWord('(')) return { kind: 'builtin', name, args: [] };
    this.#expect('(');
    const args = this.#builtinArguments(name);
    const [least, most] = BUILTINS.get(name)!;
    if (args.length < least || args.length > most)
      this.#mistake(`wrong number of arguments in call to ${name}`);
    this.#expect(')');
    return { kind: 'builtin', name, args };
  }

  /** Functions of which one argument is no plain value have a grammar of their own. */
  #builtinArguments(name: string): Expression[] {
    switch (name) {
      case 'length':
        return this.#isWord(')') ? [] : [this.#argument()];
      case 'match': {
        const text = this.#expression();
        this.#expect(',');
        return [text, this.#constantPattern(this.#expression())];
      }
      case 'sub':
      case 'gsub': {
        const pattern = this.#constantPattern(this.#expression());
        this.#expect(',');
        const replacement = this.#expression();
        if (!this.#accept(',')) return [pattern, replacement];
        if (this.#token.kind !== 'name' && !this.#isWord('$') && !this.#isWord('(')) this.#fail();
        return [pattern, replacement, this.#target()];
      }
      case 'split': {
        const text = this.#expression();
        this.#expect(',');
        const array: Expression = { kind: 'variable', variable: this.#arrayName() };
        return this.#accept(',') ? [text, array, this.#expression()] : [text, array];
      }
      default:
        return this.#list(')');
    }
  }
}
