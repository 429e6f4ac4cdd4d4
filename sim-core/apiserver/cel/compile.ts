import type { CheckedExpr, Declarations } from './checker/checker.ts';
import { check } from './checker/checker.ts';
import type { CostEstimator } from './checker/cost.ts';
import { estimateCost } from './checker/cost.ts';
import type { Type } from './checker/types.ts';
import { Issues } from './common/issues.ts';
import { CostTracker, PER_CALL_LIMIT } from './cost-tracker.ts';
import { CompilationError } from './errors.ts';
import type { Evaluation, Variables } from './interpreter.ts';
import { evaluate } from './interpreter.ts';
import { literalFault, reportLiterals } from './literals.ts';
import { parse } from './parser/parser.ts';

/** An expression that can be evaluated. */
export interface Program {
  readonly expression: string;
  /** What it evaluates to, as far as is known. */
  readonly type: Type;
  /** True if the expression speaks of a variable. */
  mentions(variable: string): boolean;
  /** Why it cannot be run, if an argument that stands in it is no good. */
  readonly fault: string | undefined;
  /** The most that an evaluation costs, whatever the values. */
  maxCost(estimator: CostEstimator): bigint;
  /**
   * Evaluates it; a promise where it asks the authorizer. Throws or rejects with an ExpressionError.
   * Variables that JSON knows must have gone through celValue.
   */
  evaluate(variables: Variables): Evaluation | Promise<Evaluation>;
}

/** Checks an expression. Throws a CompilationError with cel-go's words. Models cel-go cel/env.go Compile. */
export function compile(declarations: Declarations, expression: string): Program {
  const issues = new Issues(expression);
  const expr = parse(expression, issues, declarations.celGo);
  let checked: CheckedExpr | undefined;
  if (issues.isEmpty) {
    checked = check(expr, declarations, issues);
    if (issues.isEmpty && declarations.celGo !== '0.16') reportLiterals(checked, issues);
  }
  if (checked === undefined || !issues.isEmpty) {
    throw new CompilationError(`compilation failed: ${issues.toString()}`);
  }
  return programOf(expression, checked);
}

function programOf(expression: string, checked: CheckedExpr): Program {
  const mentioned = new Set<string>();
  for (const reference of checked.references.values()) {
    if (reference.kind === 'variable') mentioned.add(reference.name);
  }
  return {
    expression,
    type: checked.type,
    get fault() {
      return literalFault(checked);
    },
    mentions: (variable) => mentioned.has(variable),
    maxCost: (estimator) => estimateCost(checked, estimator).max,
    evaluate: (variables) => evaluate(checked, variables, () => new CostTracker(PER_CALL_LIMIT)),
  };
}
