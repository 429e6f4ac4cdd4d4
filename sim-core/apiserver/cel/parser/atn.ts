import type { TokenType } from './lexer.ts';

/** What kind of place a state is; error recovery differs by it. Models ANTLR's ATNState. */
type StateType = 'basic' | 'blockStart' | 'loopEntry' | 'loopBack' | 'ruleStop';

export interface State {
  readonly id: number;
  readonly type: StateType;
  /** True where a left-recursive rule decides whether to go on. */
  readonly isPrecedenceDecision: boolean;
  readonly transitions: Transition[];
}

/** Ways from one state to another. `precedence`: only where the rule was called with at most that. */
export type Transition =
  | { readonly kind: 'epsilon'; readonly to: State }
  | { readonly kind: 'precedence'; readonly precedence: number; readonly to: State }
  | { readonly kind: 'tokens'; readonly tokens: ReadonlySet<TokenType>; readonly to: State }
  | { readonly kind: 'rule'; readonly rule: Rule; readonly precedence: number; readonly to: State };

export interface Rule {
  readonly start: State;
  readonly stop: State;
}

interface Fragment {
  readonly start: State;
  readonly end: State;
}
type Build = () => Fragment;

/** A grammar as a network of states. Models the tool of ANTLR 4, its ParserATNFactory. */
export class Network {
  readonly #rules = new Map<string, Rule>();
  /** The states to which a rule returns, wherever it is called. */
  readonly #follow = new Map<State, State[]>();
  #count = 0;

  rule(name: string): Rule {
    let rule = this.#rules.get(name);
    if (rule === undefined) {
      rule = { start: this.#state(), stop: this.#state('ruleStop') };
      this.#rules.set(name, rule);
      this.#follow.set(rule.stop, []);
    }
    return rule;
  }

  define(name: string, body: Build): void {
    const { start, stop } = this.rule(name);
    const inner = body();
    link(start, inner.start);
    link(inner.end, stop);
  }

  /** Where a rule returns to, of all calls of it. */
  followOf(stop: State): readonly State[] {
    return this.#follow.get(stop)!;
  }

  token =
    (...tokens: TokenType[]): Build =>
    () => {
      const [start, end] = [this.#state(), this.#state()];
      start.transitions.push({ kind: 'tokens', tokens: new Set(tokens), to: end });
      return { start, end };
    };

  call =
    (name: string, precedence = 0): Build =>
    () => {
      const [start, end] = [this.#state(), this.#state()];
      const rule = this.rule(name);
      start.transitions.push({ kind: 'rule', rule, precedence, to: end });
      this.#follow.get(rule.stop)!.push(end);
      return { start, end };
    };

  /** Only where the rule was called with at most this precedence. */
  atMost =
    (precedence: number): Build =>
    () => {
      const [start, end] = [this.#state(), this.#state()];
      start.transitions.push({ kind: 'precedence', precedence, to: end });
      return { start, end };
    };

  sequence =
    (...parts: Build[]): Build =>
    () => {
      const built = parts.map((part) => part());
      built.slice(1).forEach((part, index) => link(built[index]!.end, part.start));
      return { start: built[0]!.start, end: built.at(-1)!.end };
    };

  either =
    (...parts: Build[]): Build =>
    () => {
      const [start, end] = [this.#state('blockStart'), this.#state()];
      for (const part of parts) {
        const built = part();
        link(start, built.start);
        link(built.end, end);
      }
      return { start, end };
    };

  optional =
    (part: Build): Build =>
    () => {
      const [start, end] = [this.#state('blockStart'), this.#state()];
      const built = part();
      link(start, built.start);
      link(built.end, end);
      link(start, end);
      return { start, end };
    };

  many =
    (part: Build, isPrecedenceDecision = false): Build =>
    () => {
      const [entry, back, end] = [
        this.#state('loopEntry', isPrecedenceDecision),
        this.#state('loopBack'),
        this.#state(),
      ];
      const built = part();
      link(entry, built.start);
      link(entry, end);
      link(built.end, back);
      link(back, entry);
      return { start: entry, end };
    };

  oneOrMore =
    (part: Build): Build =>
    () => {
      const [back, end] = [this.#state('loopBack'), this.#state()];
      const built = part();
      link(built.end, back);
      link(back, built.start);
      link(back, end);
      return { start: built.start, end };
    };

  #state(type: StateType = 'basic', isPrecedenceDecision = false): State {
    return { id: this.#count++, type, isPrecedenceDecision, transitions: [] };
  }
}

function link(from: State, to: State): void {
  from.transitions.push({ kind: 'epsilon', to });
}
