import type { Program } from '../../../../cel/compile.ts';
import { Budget, OutOfBudget } from '../../../../cel/budget.ts';
import { ExpressionError } from '../../../../cel/errors.ts';
import type { Variables } from '../../../../cel/interpreter.ts';

/** A condition under which a policy or a webhook is asked at all. */
export interface CompiledCondition {
  readonly name: string;
  readonly program: Program;
}

/**
 * True if all conditions hold. One that is false settles it, whatever others come to; else errors are thrown
 * (an ExpressionError) where the failure policy is Fail, and make it false where it is Ignore.
 *
 * Models pkg/admission/plugin/webhook/matchconditions/matcher.go.
 */
export async function conditionsHold(
  conditions: readonly CompiledCondition[],
  variables: Variables,
  failurePolicy: string,
): Promise<boolean> {
  const errors: string[] = [];
  const budget = Budget.ofMatchConditions();
  for (const { program } of conditions) {
    try {
      if ((await budget.evaluate(program, variables)) === false) return false;
    } catch (error) {
      if (error instanceof OutOfBudget) {
        if (failurePolicy === 'Ignore') return false;
        throw new ExpressionError(error.message);
      }
      if (!(error instanceof ExpressionError)) throw error;
      errors.push(error.message);
    }
  }
  if (errors.length === 0) return true;
  if (failurePolicy === 'Ignore') return false;
  throw new ExpressionError(errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`);
}
