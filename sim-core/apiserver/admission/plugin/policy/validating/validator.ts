import type { Activation } from '../../../../cel/admission.ts';
import { activationOf, withVariables } from '../../../../cel/admission.ts';
import { Budget, OutOfBudget } from '../../../../cel/budget.ts';
import type { Program } from '../../../../cel/compile.ts';
import { CompilationError, ExpressionError } from '../../../../cel/errors.ts';
import type { Variables } from '../../../../cel/interpreter.ts';
import { conditionsHold } from '../generic/match-conditions.ts';
import type { CompiledPolicy } from './compiled-policy.ts';

/** What one validation has against a request. */
interface Denial {
  readonly message: string;
  /** The Status reason; "" for the default. */
  readonly reason: string;
  readonly expressionIndex: number;
}

export interface ValidationResult {
  readonly denials: readonly Denial[];
  /** Values of audit annotations, by key. */
  readonly annotations: Readonly<Record<string, string>>;
  /** What went wrong with audit annotations; denies under the failure policy Fail. */
  readonly annotationErrors: readonly string[];
}

const MAX_MESSAGE = 5 * 1024;
const NOTHING: ValidationResult = { denials: [], annotations: {}, annotationErrors: [] };

/**
 * Evaluates a policy for one request and one parameter object.
 * Models policy/validating/validator.go Validate.
 */
export async function validateWith(
  policy: CompiledPolicy | CompilationError,
  failurePolicy: string,
  activation: Activation,
): Promise<ValidationResult> {
  const failed = (message: string): ValidationResult =>
    failurePolicy === 'Ignore'
      ? NOTHING
      : { ...NOTHING, denials: [{ message, reason: '', expressionIndex: 0 }] };
  if (policy instanceof CompilationError) return failed(policy.message);
  const base = activationOf(activation);
  try {
    if (!(await conditionsHold(policy.conditions, base, failurePolicy))) return NOTHING;
  } catch (error) {
    if (error instanceof ExpressionError) return failed(error.message);
    throw error;
  }
  try {
    const budget = Budget.ofValidations();
    const variables = await withVariables(base, policy.variables, budget);
    const denials = await denialsOf(policy, failurePolicy, variables, budget);
    return { denials, ...(await annotationsOf(policy, failurePolicy, variables)) };
  } catch (error) {
    if (error instanceof OutOfBudget) return failed(error.message);
    throw error;
  }
}

async function denialsOf(
  policy: CompiledPolicy,
  failurePolicy: string,
  variables: Variables,
  budget: Budget,
): Promise<readonly Denial[]> {
  const denials: Denial[] = [];
  for (const [expressionIndex, { validation, program, message }] of policy.validations.entries()) {
    try {
      if ((await budget.evaluate(program, variables)) === true) continue;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      if (failurePolicy !== 'Ignore') denials.push({ message: error.message, reason: '', expressionIndex });
      continue;
    }
    const own = message === undefined ? '' : await messageOf(message, variables, budget);
    denials.push({
      message:
        own || (validation.message ?? '').trim() || `failed expression: ${validation.expression.trim()}`,
      reason: validation.reason ?? 'Invalid',
      expressionIndex,
    });
  }
  return denials;
}

/** What a messageExpression came to; "" for what is no good message. */
async function messageOf(message: Program, variables: Variables, budget: Budget): Promise<string> {
  try {
    const value = await budget.evaluate(message, variables);
    const text = typeof value === 'string' ? value.trim() : '';
    return text.length > MAX_MESSAGE || text.includes('\n') ? '' : text;
  } catch (error) {
    if (error instanceof ExpressionError) return '';
    throw error;
  }
}

async function annotationsOf(
  policy: CompiledPolicy,
  failurePolicy: string,
  variables: Variables,
): Promise<Pick<ValidationResult, 'annotations' | 'annotationErrors'>> {
  const annotations: Record<string, string> = {};
  const annotationErrors: string[] = [];
  const budget = Budget.ofValidations();
  for (const { annotation, program } of policy.annotations) {
    try {
      const value = await budget.evaluate(program, variables);
      if (typeof value === 'string' && value.trim() !== '') annotations[annotation.key] = value.trim();
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      if (failurePolicy === 'Ignore') continue;
      annotationErrors.push(error.message);
    }
  }
  return { annotations, annotationErrors };
}
