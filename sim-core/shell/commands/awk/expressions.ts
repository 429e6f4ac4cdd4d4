import { BUILTINS } from './lexer.ts';
import { patternProblem } from './patterns.ts';
import type { Scope } from './scope.ts';
import type { Arithmetic, Comparison, Expression, Target, UserFunction, Variable } from './syntax.ts';
import type { Tokens } from './tokens.ts';

/** What binds two operands, the loosest first. */
const COMPARISONS = new Set(['<', '<=', '==', '!=', '>', '>=']);
const LEVELS = { conditional: 0, or: 1, and: 2, in: 3, match: 4, comparison: 5, concatenation: 6 } as const;
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=']);
/** What may begin the next operand of a concatenation. */
const OPERAND_STARTS = new Set(['number', 'string', 'regex', 'name', 'function', 'builtin']);
const OPERAND_WORDS = new Set(['$', '!', '(', '++', '--', 'getline']);

/** Reads expressions. */
export class Expressions {
  readonly #tokens: Tokens;
  readonly #scope: Scope;
  /** The last expression that stood in parentheses: nothing can be assigned to it. */
  #grouped: Expression | undefined;
  /** These are the arguments of print: outside of parentheses, ">" and "|" say where it goes. */
  isPrinting = false;

  constructor(tokens: Tokens, scope: Scope) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  /** Is it the one that stood in parentheses last? */
  isGrouped(expression: Expression): boolean {
    return expression === this.#grouped;
  }

  /** `mayBeList`: it may be all that print is given, "(a, b)". */
  expression(mayBeList = false): Expression {
    const expression = this.#binary(LEVELS.conditional);
    if (expression.kind === 'list' && !mayBeList) this.#tokens.fail();
    return expression;
  }

  arrayName(): Variable {
    if (this.#tokens.current.kind !== 'name') this.#tokens.fail();
    const { text, line } = this.#tokens.advance();
    return this.#scope.array(text, line);
  }

  indices(): Expression[] {
    this.#tokens.expect('[');
    const indices = this.#list(']');
    if (indices.length === 0) this.#tokens.fail();
    this.#tokens.advance();
    return indices;
  }

  /** What stands between parentheses or brackets, separated by commas; what closes them is still to come. */
  #list(close: string, item: () => Expression = () => this.expression()): Expression[] {
    const isPrinting = this.isPrinting;
    this.isPrinting = false;
    const items: Expression[] = [];
    while (!this.#tokens.isWord(close)) {
      if (items.length > 0) this.#tokens.expect(',');
      items.push(item());
    }
    this.isPrinting = isPrinting;
    return items;
  }

  /** Operators of this level and of those that bind closer. */
  #binary(level: number): Expression {
    let left = this.#concatenation();
    if (
      this.#isTarget(left) &&
      this.#tokens.current.kind === 'word' &&
      ASSIGNMENTS.has(this.#tokens.current.text)
    ) {
      const operator = this.#tokens.advance().text.slice(0, -1) as Arithmetic | '';
      const value = this.expression();
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
      (kind === 'variable' || kind === 'element' || kind === 'fieldCount') && !this.isGrouped(expression)
    );
  }

  /** What `left` becomes with the operator that follows; undefined: none of this level does. */
  #operation(left: Expression, level: number): Expression | undefined {
    const { kind, text } = this.#tokens.current;
    if (kind !== 'word') return undefined;
    if (text === 'in' && level <= LEVELS.in) {
      this.#tokens.advance();
      const array = this.arrayName();
      return { kind: 'in', indices: left.kind === 'list' ? left.items : [left], array };
    }
    if (left.kind === 'list') return undefined;
    if (text === '?' && level <= LEVELS.conditional) {
      this.#tokens.advance();
      const yes = this.#binary(LEVELS.conditional);
      this.#tokens.expect(':');
      return { kind: 'conditional', condition: left, yes, no: this.#binary(LEVELS.conditional) };
    }
    if (text === '||' && level <= LEVELS.or) {
      this.#tokens.advance();
      return { kind: 'logical', operator: text, left, right: this.#binary(LEVELS.and) };
    }
    if (text === '&&' && level <= LEVELS.and) {
      this.#tokens.advance();
      return { kind: 'logical', operator: text, left, right: this.#binary(LEVELS.in) };
    }
    if ((text === '~' || text === '!~') && level <= LEVELS.match) {
      this.#tokens.advance();
      return {
        kind: 'match',
        isNegated: text === '!~',
        text: left,
        pattern: this.#constantPattern(this.#binary(LEVELS.comparison)),
      };
    }
    const isComparison = COMPARISONS.has(text) && !(text === '>' && this.isPrinting);
    if (!isComparison || level > LEVELS.comparison) return undefined;
    this.#tokens.advance();
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
    const { kind, text } = this.#tokens.current;
    return OPERAND_STARTS.has(kind) || (kind === 'word' && OPERAND_WORDS.has(text));
  }

  #sum(): Expression {
    let left = this.#product();
    while (this.#tokens.isWord('+') || this.#tokens.isWord('-')) {
      const operator = this.#tokens.advance().text as Arithmetic;
      left = { kind: 'arithmetic', operator, left, right: this.#product() };
    }
    return left;
  }

  #product(): Expression {
    let left = this.#unary();
    while (this.#tokens.isWord('*') || this.#tokens.isWord('/') || this.#tokens.isWord('%')) {
      const operator = this.#tokens.advance().text as Arithmetic;
      left = { kind: 'arithmetic', operator, left, right: this.#unary() };
    }
    return left;
  }

  #unary(): Expression {
    const { kind, text } = this.#tokens.current;
    if (kind === 'word' && (text === '!' || text === '-' || text === '+')) {
      this.#tokens.advance();
      return { kind: 'unary', operator: text, operand: this.#unary() };
    }
    let left = this.#power();
    while (this.#tokens.isWord('|') && !this.isPrinting) {
      this.#tokens.advance();
      this.#tokens.expect('getline');
      left = { kind: 'getline', from: 'command', source: left, target: this.#optionalTarget() };
    }
    return left;
  }

  #power(): Expression {
    const left = this.#postfix();
    if (!this.#tokens.isWord('^')) return left;
    this.#tokens.advance();
    const { kind, text } = this.#tokens.current;
    const isSigned = kind === 'word' && (text === '-' || text === '+' || text === '!');
    return { kind: 'arithmetic', operator: '^', left, right: isSigned ? this.#unary() : this.#power() };
  }

  #postfix(): Expression {
    if (this.#tokens.isWord('++') || this.#tokens.isWord('--')) {
      const by = this.#tokens.advance().text === '++' ? 1 : -1;
      return { kind: 'increment', target: this.#target(), by, isPrefix: true };
    }
    const operand = this.#primary();
    if (!this.#isTarget(operand) || !(this.#tokens.isWord('++') || this.#tokens.isWord('--'))) return operand;
    const by = this.#tokens.advance().text === '++' ? 1 : -1;
    return { kind: 'increment', target: operand, by, isPrefix: false };
  }

  #target(): Target {
    const operand = this.#primary();
    if (!this.#isTarget(operand)) this.#tokens.fail();
    return operand;
  }

  #optionalTarget(): Target | undefined {
    return this.#tokens.current.kind === 'name' || this.#tokens.isWord('$') ? this.#target() : undefined;
  }

  #primary(): Expression {
    const { kind, text, line } = this.#tokens.current;
    switch (kind) {
      case 'number':
        this.#tokens.advance();
        return { kind: 'number', value: Number(text) };
      case 'string':
        this.#tokens.advance();
        return { kind: 'string', value: text };
      case 'regex':
        this.#checkPattern(text);
        this.#tokens.advance();
        return { kind: 'regex', text };
      case 'function':
        return this.#call(this.#scope.function(text));
      case 'builtin':
        return this.#builtin(text);
      case 'name':
        if (this.#scope.isFunction(text) && !this.#scope.isLocal(text))
          return this.#call(this.#scope.function(text));
        this.#tokens.advance();
        if (this.#tokens.isWord('[')) {
          const indices = this.indices();
          return { kind: 'element', array: this.#scope.array(text, line), indices };
        }
        return this.#scalar(text, line);
      case 'word':
        break;
      default:
        this.#tokens.fail();
    }
    switch (text) {
      case '$': {
        this.#tokens.advance();
        const isSigned = this.#tokens.isWord('-') || this.#tokens.isWord('+') || this.#tokens.isWord('!');
        const isChanged = this.#tokens.isWord('++') || this.#tokens.isWord('--');
        return {
          kind: 'field',
          index: isSigned ? this.#unary() : isChanged ? this.#postfix() : this.#primary(),
        };
      }
      case '(': {
        this.#tokens.advance();
        const items = this.#list(')');
        if (items.length === 0) this.#tokens.fail();
        this.#tokens.advance();
        if (items.length > 1) return { kind: 'list', items };
        this.#grouped = items[0];
        return items[0]!;
      }
      case 'getline': {
        this.#tokens.advance();
        const target = this.#optionalTarget();
        if (!this.#tokens.accept('<')) return { kind: 'getline', from: 'input', source: undefined, target };
        return { kind: 'getline', from: 'file', source: this.#power(), target };
      }
      default:
        return this.#tokens.fail();
    }
  }

  /** A text that is used as a pattern is looked at as one. */
  #constantPattern(expression: Expression): Expression {
    if (expression.kind === 'string') this.#checkPattern(expression.value);
    return expression;
  }

  #checkPattern(pattern: string): void {
    const problem = patternProblem(pattern);
    if (problem !== undefined) this.#tokens.mistake(problem);
  }

  #scalar(name: string, line: number): Expression {
    const variable = this.#scope.scalar(name, line);
    return name === 'NF' && variable.slot === undefined
      ? { kind: 'fieldCount' }
      : { kind: 'variable', variable };
  }

  #call(callee: UserFunction): Expression {
    const { line } = this.#tokens.advance();
    this.#tokens.expect('(');
    const args = this.#list(')', () => this.#argument());
    this.#tokens.advance();
    this.#scope.call(callee, args, line);
    return { kind: 'call', callee, args };
  }

  /** A name by itself may be an array: what the function does with it tells. */
  #argument(): Expression {
    const { kind, text } = this.#tokens.current;
    if (kind !== 'name' || this.#scope.isFunction(text) || !this.#tokens.isBefore(/[ \t]*[,)]/y))
      return this.expression();
    const { line } = this.#tokens.advance();
    return text === 'NF'
      ? this.#scalar(text, line)
      : { kind: 'variable', variable: this.#scope.variable(text) };
  }

  #builtin(name: string): Expression {
    this.#tokens.advance();
    if (name === 'length' && !this.#tokens.isWord('(')) return { kind: 'builtin', name, args: [] };
    this.#tokens.expect('(');
    const args = this.#builtinArguments(name);
    const [least, most] = BUILTINS.get(name)!;
    if (args.length < least || args.length > most)
      this.#tokens.mistake(`wrong number of arguments in call to ${name}`);
    this.#tokens.expect(')');
    return { kind: 'builtin', name, args };
  }

  /** Functions of which one argument is no plain value have a grammar of their own. */
  #builtinArguments(name: string): Expression[] {
    switch (name) {
      case 'length':
        return this.#tokens.isWord(')') ? [] : [this.#argument()];
      case 'match': {
        const text = this.expression();
        this.#tokens.expect(',');
        return [text, this.#constantPattern(this.expression())];
      }
      case 'sub':
      case 'gsub': {
        const pattern = this.#constantPattern(this.expression());
        this.#tokens.expect(',');
        const replacement = this.expression();
        if (!this.#tokens.accept(',')) return [pattern, replacement];
        if (this.#tokens.current.kind !== 'name' && !this.#tokens.isWord('$') && !this.#tokens.isWord('('))
          this.#tokens.fail();
        return [pattern, replacement, this.#target()];
      }
      case 'split': {
        const text = this.expression();
        this.#tokens.expect(',');
        const array: Expression = { kind: 'variable', variable: this.arrayName() };
        return this.#tokens.accept(',') ? [text, array, this.expression()] : [text, array];
      }
      default:
        return this.#list(')');
    }
  }
}
