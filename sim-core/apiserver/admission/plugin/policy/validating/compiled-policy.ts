import { PolicyCompiler } from '../../../../cel/admission.ts';
import type { Program } from '../../../../cel/compile.ts';
import { CompilationError } from '../../../../cel/errors.ts';
import type {
  AuditAnnotation,
  Policy,
  Validation,
  ValidatingPolicySpec,
} from '../../../../registry/admissionregistration/types.ts';
import type { CompiledCondition } from '../generic/match-conditions.ts';

/** A policy whose expressions are ready. */
export interface CompiledPolicy {
  readonly conditions: readonly CompiledCondition[];
  readonly variables: PolicyCompiler['variables'];
  readonly validations: readonly {
    readonly validation: Validation;
    readonly program: Program;
    readonly message: Program | undefined;
  }[];
  readonly annotations: readonly { readonly annotation: AuditAnnotation; readonly program: Program }[];
}

/** Compiles a policy; undefined and the complaint if it does not compile (others may have written it). */
export function compilePolicy({ spec }: Policy<ValidatingPolicySpec>): CompiledPolicy | CompilationError {
  const compiler = new PolicyCompiler(spec);
  try {
    for (const { name, expression } of spec.variables ?? []) compiler.variable(name, expression);
    return {
      conditions: (spec.matchConditions ?? []).map(({ name, expression }) => ({
        name,
        program: compiler.matchCondition(expression.trim()),
      })),
      variables: compiler.variables,
      validations: (spec.validations ?? []).map((validation) => ({
        validation,
        program: compiler.validation(validation.expression),
        message: validation.messageExpression ? compiler.message(validation.messageExpression) : undefined,
      })),
      annotations: (spec.auditAnnotations ?? []).map((annotation) => ({
        annotation,
        program: compiler.annotation(annotation.valueExpression.trim()),
      })),
    };
  } catch (error) {
    if (error instanceof CompilationError) return error;
    throw error;
  }
}
