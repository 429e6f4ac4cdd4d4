import type { Program } from '../../../../cel/compile.ts';
import { ExpressionError } from '../../../../cel/errors.ts';

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
  variables: Readonly<Record<string, unknown>>,
  failurePolicy: string,
): Promise<boolean> {
  const errors: string[] = [];
  for (const { program } of conditions) {
    try {
      if ((await program.evaluate(variables)) === false) return false;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      errors.push(`expression '${program.expression}' resulted in error: ${error.message}`);
    }
  }
  if (errors.length === 0) return true;
  if (failurePolicy === 'Ignore') return false;
  throw new ExpressionError(errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`);
}
