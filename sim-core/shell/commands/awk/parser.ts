import { AwkSyntaxError } from './lexer.ts';
import { Expressions } from './expressions.ts';
import { Scope } from './scope.ts';
import type { Expression, Program, Redirection, Rule, Statement } from './syntax.ts';
import { GivenUp, type Report, Tokens } from './tokens.ts';

/**
 * Reads a program; `report` is told what is wrong with it, and then the result is undefined.
 * Models mawk/parse.y.
 */
export function parseProgram(text: string, report: Report): Program | undefined {
  return new Parser(text, report).program();
}

/** Reads rules, functions and statements. */
class Parser {
  readonly #tokens: Tokens;
  readonly #report: Report;
  readonly #scope = new Scope();
  readonly #expressions: Expressions;
  #place: 'main' | 'begin' | 'end' | 'function' = 'main';
  #loops = 0;

  constructor(text: string, report: Report) {
    this.#report = report;
    this.#tokens = new Tokens(text, report);
    this.#expressions = new Expressions(this.#tokens, this.#scope);
  }

  program(): Program | undefined {
    const begin: Statement[] = [];
    const rules: Rule[] = [];
    const end: Statement[] = [];
    try {
      this.#tokens.advance();
      while (this.#tokens.current.kind === 'newline') this.#tokens.advance();
      while (!this.#tokens.isEnd()) {
        try {
          this.#item(begin, rules, end);
        } catch (error) {
          this.#recover(error);
          this.#scope.enter([]);
          this.#place = 'main';
          while (!this.#tokens.isWord('{') && !this.#tokens.isEnd()) this.#tokens.advance();
        }
      }
      if (this.#tokens.errors > 0) return undefined;
      this.#scope.resolve(this.#tokens.current.line);
      return { begin, rules, end, globals: this.#scope.globals };
    } catch (error) {
      if (error instanceof AwkSyntaxError) this.#report(error.message, error.line);
      else if (!(error instanceof GivenUp)) throw error;
      return undefined;
    }
  }

  #recover(error: unknown): void {
    this.#tokens.recover(error);
    this.#expressions.isPrinting = false;
  }

  #item(begin: Statement[], rules: Rule[], end: Statement[]): void {
    if (this.#tokens.accept('function')) return this.#function();
    if (this.#tokens.isWord('BEGIN') || this.#tokens.isWord('END')) {
      const isBegin = this.#tokens.advance().text === 'BEGIN';
      this.#place = isBegin ? 'begin' : 'end';
      (isBegin ? begin : end).push(this.#block());
      this.#place = 'main';
      return;
    }
    const patterns: Expression[] = [];
    if (!this.#tokens.isWord('{')) {
      patterns.push(this.#expressions.expression());
      if (this.#tokens.accept(',')) patterns.push(this.#expressions.expression());
    }
    if (this.#tokens.isWord('{')) rules.push({ patterns, body: this.#block() });
    else {
      this.#separator();
      rules.push({ patterns, body: undefined });
    }
  }

  #function(): void {
    const { kind, text, line } = this.#tokens.current;
    if (kind !== 'name' && kind !== 'function') this.#tokens.fail();
    const callee = this.#scope.function(text);
    if (callee.body !== undefined) this.#tokens.say(new AwkSyntaxError(`redefinition of ${text}`, line));
    this.#tokens.advance();
    this.#tokens.expect('(');
    const names: string[] = [];
    while (!this.#tokens.isWord(')')) {
      if (names.length > 0) this.#tokens.expect(',');
      if (this.#tokens.current.kind !== 'name') this.#tokens.fail();
      const name = this.#tokens.advance().text;
      if (names.includes(name)) this.#tokens.mistake(`${name} is duplicated in argument list`);
      if (name === text) this.#tokens.mistake('function parameter cannot be the function');
      names.push(name);
    }
    this.#tokens.advance();
    this.#tokens.skipNewlines();
    callee.parameters = this.#scope.enter(names);
    this.#place = 'function';
    callee.body = this.#block();
    this.#place = 'main';
    this.#scope.enter([]);
  }

  #block(): Statement {
    this.#tokens.expect('{');
    const body: Statement[] = [];
    while (!this.#tokens.isWord('}')) {
      try {
        body.push(this.#statement());
      } catch (error) {
        this.#recover(error);
        while (!this.#isSeparator() && !this.#tokens.isEnd()) this.#tokens.advance();
        this.#tokens.recovered();
        if (this.#isSeparator()) this.#tokens.advance();
      }
    }
    this.#tokens.advance();
    return { kind: 'block', body };
  }

  #isSeparator(): boolean {
    return this.#tokens.current.kind === 'newline' || this.#tokens.isWord(';');
  }

  #separator(): void {
    if (!this.#isSeparator()) this.#tokens.fail();
    this.#tokens.advance();
  }

  /** A statement that ends with a separator. */
  #ended(statement: Statement): Statement {
    this.#separator();
    return statement;
  }

  #statement(): Statement {
    if (this.#isSeparator()) return this.#ended({ kind: 'block', body: [] });
    const { kind, text } = this.#tokens.current;
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
        this.#tokens.advance();
        if (this.#loops === 0) this.#tokens.mistake(`${text} statement outside of loop`);
        return this.#ended({ kind: text });
      case 'next':
      case 'nextfile':
        this.#tokens.advance();
        if (this.#place !== 'main') this.#tokens.mistake(`improper use of ${text}`);
        return this.#ended({ kind: text });
      case 'exit':
      case 'return': {
        this.#tokens.advance();
        const value = this.#isSeparator() ? undefined : this.#expressions.expression();
        if (text === 'return' && this.#place !== 'function')
          this.#tokens.mistake('return outside function body');
        return this.#ended({ kind: text, value });
      }
      case 'delete': {
        this.#tokens.advance();
        const array = this.#expressions.arrayName();
        const indices = this.#tokens.isWord('[') ? this.#expressions.indices() : undefined;
        return this.#ended({ kind: 'delete', array, indices });
      }
      default:
        return this.#simple();
    }
  }

  #simple(): Statement {
    return this.#ended({ kind: 'expression', expression: this.#expressions.expression() });
  }

  #condition(): Expression {
    this.#tokens.expect('(');
    const condition = this.#expressions.expression();
    this.#tokens.expect(')');
    return condition;
  }

  #if(): Statement {
    this.#tokens.advance();
    const condition = this.#condition();
    this.#tokens.skipNewlines();
    const yes = this.#statement();
    if (!this.#tokens.accept('else')) return { kind: 'if', condition, yes, no: undefined };
    this.#tokens.skipNewlines();
    return { kind: 'if', condition, yes, no: this.#statement() };
  }

  #body(): Statement {
    this.#tokens.skipNewlines();
    this.#loops++;
    try {
      return this.#statement();
    } finally {
      this.#loops--;
    }
  }

  #loop(keyword: 'while' | 'do' | 'for'): Statement {
    this.#tokens.advance();
    if (keyword === 'for') return this.#for();
    const none = { first: undefined, step: undefined };
    if (keyword === 'while') {
      const condition = this.#condition();
      return { kind: 'loop', ...none, condition, body: this.#body(), isDo: false };
    }
    const body = this.#body();
    this.#tokens.expect('while');
    return this.#ended({ kind: 'loop', ...none, condition: this.#condition(), body, isDo: true });
  }

  #for(): Statement {
    this.#tokens.expect('(');
    const first = this.#tokens.isWord(';') ? undefined : this.#expressions.expression();
    if (first?.kind === 'in' && !this.#expressions.isGrouped(first) && this.#tokens.isWord(')')) {
      const [target] = first.indices;
      if (first.indices.length > 1 || target?.kind !== 'variable') this.#tokens.fail();
      this.#tokens.advance();
      return { kind: 'forIn', target, array: first.array, body: this.#body() };
    }
    this.#tokens.expect(';');
    const condition = this.#tokens.isWord(';') ? undefined : this.#expressions.expression();
    this.#tokens.expect(';');
    const step = this.#tokens.isWord(')') ? undefined : this.#expressions.expression();
    this.#tokens.expect(')');
    return { kind: 'loop', first, condition, step, body: this.#body(), isDo: false };
  }

  #print(kind: 'print' | 'printf'): Statement {
    this.#tokens.advance();
    this.#expressions.isPrinting = true;
    let args: readonly Expression[] = [];
    if (this.#tokens.isWord('(') && this.#tokens.isBefore(/[ \t]*\)/y)) {
      this.#tokens.advance();
      this.#tokens.advance();
    } else if (!this.#isSeparator() && this.#redirection() === undefined) {
      const first = this.#expressions.expression(true);
      args = first.kind === 'list' ? first.items : [first];
      while (first.kind !== 'list' && this.#tokens.accept(','))
        args = [...args, this.#expressions.expression()];
    }
    this.#expressions.isPrinting = false;
    const redirection = this.#redirection();
    if (redirection !== undefined) this.#tokens.advance();
    const destination = redirection === undefined ? undefined : this.#expressions.expression();
    this.#separator();
    if (kind === 'printf' && args.length === 0) this.#tokens.mistake('no arguments in call to printf');
    return { kind, args, redirection, destination };
  }

  #redirection(): Redirection | undefined {
    const { kind, text } = this.#tokens.current;
    return kind === 'word' && (text === '>' || text === '>>' || text === '|') ? text : undefined;
  }
}
