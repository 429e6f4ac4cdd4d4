import type { Program } from './compile.ts';
import { ExpressionError } from './errors.ts';
import type { Variables } from './interpreter.ts';

/** What the expressions of one binding may cost together, and what match conditions may. Models k8s.io/apiserver/pkg/apis/cel/config.go. */
const RUNTIME_BUDGET = 10_000_000;
const MATCH_CONDITIONS_BUDGET = 2_500_000;

/** There is nothing left to spend: no more expressions are run. */
export class OutOfBudget extends Error {
  override readonly name = 'OutOfBudget';
  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run');
  }
}

/** What several expressions may still spend together. Models pkg/admission/plugin/cel/activation.go Evaluate. */
export class Budget {
  #left: number;

  constructor(left: number) {
    this.#left = left;
  }

  static ofValidations = (): Budget => new Budget(RUNTIME_BUDGET);
  static ofMatchConditions = (): Budget => new Budget(MATCH_CONDITIONS_BUDGET);

  /** Rejects with an ExpressionError that names the expression, or with an OutOfBudget. */
  async evaluate(program: Program, variables: Variables): Promise<unknown> {
    try {
      return await this.value(program, variables);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      throw new ExpressionError(`expression '${program.expression}' resulted in error: ${error.message}`);
    }
  }

  /** The same, but the ExpressionError says only what went wrong. */
  async value(program: Program, variables: Variables): Promise<unknown> {
    try {
      const { value, cost } = await program.evaluate(variables);
      this.#spend(cost);
      return value;
    } catch (error) {
      if (error instanceof ExpressionError) this.#spend(error.overspent ?? 0);
      throw error;
    }
  }

  #spend(cost: number): void {
    if (cost > this.#left) throw new OutOfBudget();
    this.#left -= cost;
  }
}
