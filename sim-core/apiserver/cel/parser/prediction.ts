import type { TokenType } from './lexer.ts';
import type { Network, State } from './atn.ts';

/** Rule calls that are open, the innermost first. Equal stacks are one object. */
export interface Stack {
  readonly id: number;
  readonly returnTo: State;
  readonly parent: Stack | undefined;
}

/** One way in which the input may go on. */
interface Config {
  readonly state: State;
  readonly alternative: number;
  readonly stack: Stack | undefined;
  /** It left the rule in which the decision is. */
  readonly isOutside: boolean;
}

/** No alternative of a decision goes on with the input; what was read ends at `end`. */
export class NoViableAlternative extends Error {
  override readonly name = 'NoViableAlternative';
  readonly end: number;
  constructor(end: number) {
    super('no viable alternative');
    this.end = end;
  }
}

/** Chooses alternatives by looking ahead as far as need be. Models ANTLR's ParserATNSimulator. */
export class Prediction {
  readonly #network: Network;
  readonly #stacks = new Map<string, Stack>();

  constructor(network: Network) {
    this.#network = network;
  }

  /** The stack with one more open call. */
  push(parent: Stack | undefined, returnTo: State): Stack {
    const key = `${parent?.id ?? ''}:${returnTo.id}`;
    let stack = this.#stacks.get(key);
    if (stack === undefined) {
      stack = { id: this.#stacks.size, returnTo, parent };
      this.#stacks.set(key, stack);
    }
    return stack;
  }

  /**
   * The number of the transition to take at a decision, from 0. `typeAt` gives the type of the token that
   * many tokens ahead. Throws NoViableAlternative.
   */
  predict(
    decision: State,
    typeAt: (ahead: number) => TokenType,
    precedence: number,
    open: Stack | undefined,
  ): number {
    // First as if the rule could have been called from anywhere; who called it decides what that leaves open.
    return (
      this.#run(decision, typeAt, precedence, undefined, false) ??
      this.#run(decision, typeAt, precedence, open, true)!
    );
  }

  #run(
    decision: State,
    typeAt: (ahead: number) => TokenType,
    precedence: number,
    open: Stack | undefined,
    isFull: boolean,
  ): number | undefined {
    const closure = new Closure(this, this.#network, precedence, isFull);
    decision.transitions.forEach((transition, alternative) => {
      closure.add({ state: transition.to, alternative, stack: open, isOutside: false }, 0);
    });
    let configs = closure.take();
    if (decision.isPrecedenceDecision) configs = withoutSuppressed(configs);
    for (let ahead = 0; ; ahead++) {
      const type = typeAt(ahead);
      for (const config of configs) {
        for (const transition of config.state.transitions) {
          if (transition.kind === 'tokens' && transition.tokens.has(type)) {
            closure.add({ ...config, state: transition.to }, 1);
          }
        }
      }
      const reached = closure.take();
      if (reached.length === 0) {
        const finished = configs.filter(({ isOutside }) => isOutside).map(({ alternative }) => alternative);
        if (finished.length > 0) return Math.min(...finished);
        throw new NoViableAlternative(ahead);
      }
      const alternatives = new Set(reached.map(({ alternative }) => alternative));
      if (alternatives.size === 1 || type === 'EOF') return Math.min(...alternatives);
      if (isConflict(reached)) return isFull ? Math.min(...alternatives) : undefined;
      configs = reached;
    }
  }
}

/** All that is reached without reading a token. */
class Closure {
  readonly #prediction: Prediction;
  readonly #network: Network;
  readonly #precedence: number;
  readonly #isFull: boolean;
  #found = new Map<string, Config>();

  constructor(prediction: Prediction, network: Network, precedence: number, isFull: boolean) {
    this.#prediction = prediction;
    this.#network = network;
    this.#precedence = precedence;
    this.#isFull = isFull;
  }

  take(): Config[] {
    const found = [...this.#found.values()];
    this.#found = new Map();
    return found;
  }

  /** `depth`: how many calls deep, seen from the decision; precedence counts at 0. */
  add(config: Config, depth: number): void {
    const { state, alternative, stack, isOutside } = config;
    const key = `${state.id}:${alternative}:${stack?.id ?? ''}:${isOutside}`;
    if (this.#found.has(key)) return;
    this.#found.set(key, config);
    if (state.type === 'ruleStop') {
      if (stack !== undefined) {
        const isLeaving = isOutside || depth <= 0;
        this.add({ ...config, state: stack.returnTo, stack: stack.parent, isOutside: isLeaving }, depth - 1);
      } else if (!this.#isFull) {
        for (const follow of this.#network.followOf(state)) {
          this.add({ ...config, state: follow, isOutside: true }, depth - 1);
        }
      }
      return;
    }
    for (const transition of state.transitions) {
      if (transition.kind === 'epsilon') this.add({ ...config, state: transition.to }, depth);
      else if (transition.kind === 'precedence') {
        if (depth !== 0 || isOutside || transition.precedence >= this.#precedence) {
          this.add({ ...config, state: transition.to }, depth);
        }
      } else if (transition.kind === 'rule') {
        const inner = this.#prediction.push(stack, transition.to);
        this.add({ ...config, state: transition.rule.start, stack: inner }, depth + 1);
      }
    }
  }
}

/** Going on in a left-recursive rule comes before leaving it to go on in the same way. */
function withoutSuppressed(configs: readonly Config[]): Config[] {
  const going = new Set(
    configs
      .filter(({ alternative }) => alternative === 0)
      .map(({ state, stack }) => `${state.id}:${stack?.id ?? ''}`),
  );
  return configs.filter(
    ({ alternative, state, stack }) => alternative === 0 || !going.has(`${state.id}:${stack?.id ?? ''}`),
  );
}

/** True if more tokens tell no alternatives apart. */
function isConflict(configs: readonly Config[]): boolean {
  const byPlace = new Map<string, Set<number>>();
  for (const { state, stack, alternative } of configs) {
    const key = `${state.id}:${stack?.id ?? ''}`;
    byPlace.set(key, (byPlace.get(key) ?? new Set()).add(alternative));
  }
  return [...byPlace.values()].every((alternatives) => alternatives.size > 1);
}
