import type { Issues } from '../common/issues.ts';
import type { Rule, State, Transition } from './atn.ts';
import { celGrammar } from './grammar.ts';
import type { Token, TokenType } from './lexer.ts';
import { escapeWhitespace, TOKEN_TYPES } from './lexer.ts';
import type { Stack } from './prediction.ts';
import { NoViableAlternative, Prediction } from './prediction.ts';

const MAX_REPORTS = 100;
const MAX_RECOVERIES = 30;

/**
 * Reports what is wrong with tokens that are no expression: where, what was expected, and, after going on as
 * well as can be, what else is wrong. Models the parser that ANTLR 4 generates and its DefaultErrorStrategy.
 */
export function reportSyntaxErrors(expression: string, tokens: readonly Token[], issues: Issues): void {
  new Recognizer(expression, tokens, issues).run();
}

/** The input does not fit; reported by the rule in which it happened. */
class Mismatch extends Error {
  override readonly name = 'Mismatch';
  readonly at: Token;
  constructor(message: string, at: Token) {
    super(message);
    this.at = at;
  }
}
/** Nothing more is reported. */
class Stop extends Error {
  override readonly name = 'Stop';
}

/** What may come: token types, and whether the rule may end. */
interface Lookahead {
  readonly types: Set<TokenType>;
  readonly mayEnd: boolean;
}

class Recognizer {
  readonly #expression: string;
  readonly #tokens: readonly Token[];
  readonly #issues: Issues;
  readonly #network = celGrammar();
  readonly #prediction = new Prediction(this.#network);
  readonly #lookaheads = new Map<State, Lookahead>();
  #open: Stack | undefined;
  #state: State = this.#network.rule('start').start;
  #next = 0;
  #isRecovering = false;
  #recoveries = 0;
  #reports = 0;
  #lastErrorAt = -1;
  #lastErrorStates = new Set<State>();

  constructor(expression: string, tokens: readonly Token[], issues: Issues) {
    this.#expression = expression;
    this.#tokens = tokens;
    this.#issues = issues;
  }

  run(): void {
    try {
      this.#rule(this.#network.rule('start'), 0);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
  }

  #ahead(count = 0): Token {
    return this.#tokens[Math.min(this.#next + count, this.#tokens.length - 1)]!;
  }

  #consume(): void {
    if (this.#ahead().type !== 'EOF') this.#next++;
  }

  #rule({ start, stop }: Rule, precedence: number): void {
    try {
      for (let state = start; state !== stop;) {
        this.#state = state;
        state = this.#visit(state, precedence);
      }
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      this.#report(error.at, error.message);
      this.#recover();
    }
  }

  /** The state after this one. */
  #visit(state: State, precedence: number): State {
    let transition = state.transitions[0]!;
    if (state.transitions.length > 1) {
      this.#synchronize(state);
      transition = state.transitions[this.#decide(state, precedence)]!;
    } else if (state.type === 'loopBack') {
      this.#synchronize(state);
    }
    switch (transition.kind) {
      case 'tokens':
        this.#match(transition);
        break;
      case 'rule': {
        const open = this.#open;
        this.#open = this.#prediction.push(open, transition.to);
        this.#rule(transition.rule, transition.precedence);
        this.#open = open;
        break;
      }
    }
    return transition.to;
  }

  #decide(state: State, precedence: number): number {
    try {
      return this.#prediction.predict(state, (ahead) => this.#ahead(ahead).type, precedence, this.#open);
    } catch (error) {
      if (!(error instanceof NoViableAlternative)) throw error;
      const first = this.#ahead();
      const last = this.#ahead(error.end);
      const read =
        first.type === 'EOF'
          ? '<EOF>'
          : this.#expression.slice(
              first.offset,
              last.type === 'EOF' ? undefined : last.offset + last.text.length,
            );
      const message = `no viable alternative at input '${escapeWhitespace(read)}'`;
      throw new Mismatch(
        // A word of the language in place of a name is told as it always was.
        message.replace(
          /no viable alternative at input '.(true|false|null)'/,
          "mismatched input '$1' expecting IDENTIFIER",
        ),
        last,
      );
    }
  }

  #match({ tokens, to }: Extract<Transition, { kind: 'tokens' }>): void {
    if (tokens.has(this.#ahead().type)) {
      this.#matched();
      this.#consume();
      return;
    }
    this.#attempt();
    if (this.#deleteOne()) {
      this.#consume();
      return;
    }
    if (this.#expected(to).has(this.#ahead().type)) {
      const missing = listed(this.#expected(this.#state));
      this.#report(this.#ahead(), `missing ${missing} at ${shown(this.#ahead())}`);
      return;
    }
    throw this.#mismatch();
  }

  #mismatch(): Mismatch {
    const expected = listed(this.#expected(this.#state));
    return new Mismatch(`mismatched input ${shown(this.#ahead())} expecting ${expected}`, this.#ahead());
  }

  #matched(): void {
    this.#isRecovering = false;
    this.#lastErrorStates = new Set();
    this.#lastErrorAt = -1;
  }

  /** Leaves out one token if the one after it is what was wanted. */
  #deleteOne(): boolean {
    if (!this.#expected(this.#state).has(this.#ahead(1).type)) return false;
    this.#reportUnwanted();
    this.#consume();
    this.#matched();
    return true;
  }

  #reportUnwanted(): void {
    const expected = listed(this.#expected(this.#state));
    this.#report(this.#ahead(), `extraneous input ${shown(this.#ahead())} expecting ${expected}`);
  }

  #synchronize(state: State): void {
    if (this.#isRecovering) return;
    const { types, mayEnd } = this.#lookahead(state);
    if (mayEnd || types.has(this.#ahead().type)) return;
    if (state.type === 'loopBack') {
      this.#reportUnwanted();
      this.#consumeUntil(new Set([...this.#expected(state), ...this.#recoverySet()]));
    } else if (!this.#deleteOne()) {
      throw this.#mismatch();
    }
  }

  #recover(): void {
    this.#attempt();
    if (this.#lastErrorAt === this.#next && this.#lastErrorStates.has(this.#state)) this.#consume();
    this.#lastErrorAt = this.#next;
    this.#lastErrorStates.add(this.#state);
    this.#consumeUntil(this.#recoverySet());
  }

  #attempt(): void {
    if (this.#recoveries++ < MAX_RECOVERIES) return;
    this.#tell(this.#ahead().offset, `error recovery attempt limit exceeded: ${MAX_RECOVERIES}`);
    throw new Stop();
  }

  #consumeUntil(types: ReadonlySet<TokenType>): void {
    while (this.#ahead().type !== 'EOF' && !types.has(this.#ahead().type)) this.#consume();
  }

  /** What may follow any of the open rules. */
  #recoverySet(): Set<TokenType> {
    const types = new Set<TokenType>();
    for (let open = this.#open; open !== undefined; open = open.parent) {
      for (const type of this.#lookahead(open.returnTo).types) types.add(type);
    }
    return types;
  }

  #expected(state: State): Set<TokenType> {
    let { types, mayEnd } = this.#lookahead(state);
    const all = new Set(types);
    for (let open = this.#open; mayEnd && open !== undefined; open = open.parent) {
      ({ types, mayEnd } = this.#lookahead(open.returnTo));
      for (const type of types) all.add(type);
    }
    if (mayEnd) all.add('EOF');
    return all;
  }

  /** The tokens that may come next within the rule. Models LL1Analyzer.Look. */
  #lookahead(state: State): Lookahead {
    const known = this.#lookaheads.get(state);
    if (known !== undefined) return known;
    const types = new Set<TokenType>();
    const seen = new Set<string>();
    let mayEnd = false;
    const look = (at: State, calls: readonly State[]) => {
      const key = `${at.id}/${calls.map(({ id }) => id).join()}`;
      if (seen.has(key)) return;
      seen.add(key);
      if (at.type === 'ruleStop') {
        if (calls.length === 0) mayEnd = true;
        else look(calls[0]!, calls.slice(1));
        return;
      }
      for (const transition of at.transitions) {
        if (transition.kind === 'tokens') for (const type of transition.tokens) types.add(type);
        else if (transition.kind === 'rule') look(transition.rule.start, [transition.to, ...calls]);
        else look(transition.to, calls);
      }
    };
    look(state, []);
    const found = { types, mayEnd };
    this.#lookaheads.set(state, found);
    return found;
  }

  /** One report until a token fits again. */
  #report({ offset }: Token, message: string): void {
    if (this.#isRecovering) return;
    this.#isRecovering = true;
    this.#tell(offset, message);
  }

  #tell(offset: number, message: string): void {
    if (this.#reports++ >= MAX_REPORTS) {
      this.#issues.report(offset, `Syntax error: More than ${MAX_REPORTS} syntax errors`);
      throw new Stop();
    }
    this.#issues.report(offset, `Syntax error: ${message}`);
  }
}

const shown = ({ text }: Token) => `'${escapeWhitespace(text)}'`;

function listed(types: ReadonlySet<TokenType>): string {
  const names = TOKEN_TYPES.filter((type) => types.has(type)).map((type) =>
    type === 'EOF' ? '<EOF>' : type,
  );
  return names.length === 1 ? names[0]! : `{${names.join(', ')}}`;
}
