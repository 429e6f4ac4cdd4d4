import type { Environment } from '@marcbachmann/cel-js';
import { CompilationError, compilationError, ExpressionError, expressionError } from './errors.ts';
import { Budget, instrument, mentions } from './instrument.ts';

/** An expression that can be evaluated. */
export interface Program {
  readonly expression: string;
  /** What it evaluates to, as far as is known: "bool", "list<dyn>", "dyn". */
  readonly type: string;
  /** True if the expression speaks of a variable. */
  mentions(variable: string): boolean;
  /**
   * Evaluates it; a promise where it asks the authorizer. Throws or rejects with an ExpressionError.
   * Variables that JSON knows must have gone through celValue.
   */
  evaluate(variables: Readonly<Record<string, unknown>>): unknown;
}

/**
 * Checks an expression. `types` are what it may evaluate to. Throws a CompilationError with upstream's
 * words. Models pkg/admission/plugin/cel/compile.go CompileCELExpression.
 */
export function compile(environment: Environment, expression: string, types: readonly string[]): Program {
  const budget = new Budget();
  let parsed: ReturnType<Environment['parse']>;
  try {
    parsed = environment.parse(expression);
  } catch (error) {
    throw failed(error, expression);
  }
  instrument(parsed.ast, budget);
  const { valid, type = 'dyn', error } = parsed.check();
  if (!valid) throw failed(error, expression);
  if (!fits(type, parsed.ast.op, types)) {
    throw new CompilationError(
      types.length === 1 ? `must evaluate to ${types[0]!}` : `must evaluate to one of [${types.join(' ')}]`,
    );
  }
  return {
    expression,
    type,
    mentions: (variable) => mentions(parsed.ast, variable),
    evaluate: (variables) => {
      budget.reset();
      try {
        const result: unknown = parsed(variables);
        return result instanceof Promise ? result.catch(rethrow) : result;
      } catch (error) {
        return rethrow(error);
      }
    },
  };
}

const failed = (error: unknown, expression: string) =>
  new CompilationError(`compilation failed: ${compilationError(error, expression).message}`);

function rethrow(error: unknown): never {
  throw error instanceof ExpressionError ? error : expressionError(error);
}

/** What is not known might fit, unless it is a plain field: those upstream refuses. */
function fits(type: string, operator: string, types: readonly string[]): boolean {
  if (types.length === 0 || types.includes(type)) return true;
  return type === 'dyn' && !['.', '[]', 'id'].includes(operator);
}
