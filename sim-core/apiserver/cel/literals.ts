import { PatternError } from '../util/regexp.ts';
import type { CheckedExpr } from './checker/checker.ts';
import type { Expr, ExprOf } from './common/ast.ts';
import type { Issues } from './common/issues.ts';
import { IMPLEMENTATIONS } from './library/declarations.ts';
import { CelFunctionError } from './library/functions.ts';
import { CelUint } from './values.ts';

/** Functions of which a pattern is the last text. */
const PATTERNS: ReadonlySet<string> = new Set(['matches', 'find', 'findAll']);
const CONVERSIONS: ReadonlySet<string> = new Set(
  'bool bytes double duration dyn int string timestamp type uint'.split(' '),
);
const VALIDATED: ReadonlySet<string> = new Set(['duration', 'timestamp', 'matches']);

/**
 * What is wrong with the first argument that stands in the expression, as cel-go finds when it prepares a
 * program; undefined if nothing is. Models cel-go interpreter/decorators.go decOptimize, decRegexOptimizer.
 */
export function literalFault(checked: CheckedExpr): string | undefined {
  for (const { call } of literalCalls(checked.expr)) {
    const { name, target } = call;
    if (!(target === undefined ? CONVERSIONS : PATTERNS).has(name)) continue;
    const fault = faultOf(call);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Reports arguments that are no good. Models cel-go cel/validator.go. */
export function reportLiterals(checked: CheckedExpr, issues: Issues): void {
  for (const { call, argument } of literalCalls(checked.expr)) {
    if (!VALIDATED.has(call.name) || faultOf(call) === undefined) continue;
    issues.report(argument.offset, `invalid ${call.name} argument`);
  }
}

/** Calls whose first argument is a literal. */
function* literalCalls(
  expr: Expr,
): Iterable<{ readonly call: ExprOf<'call'>; readonly argument: ExprOf<'literal'> }> {
  const [argument] = expr.kind === 'call' ? expr.args : [];
  if (argument?.kind === 'literal') yield { call: expr as ExprOf<'call'>, argument };
  for (const inner of childrenOf(expr)) yield* literalCalls(inner);
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'select':
      return [expr.operand];
    case 'call':
      return expr.target === undefined ? expr.args : [expr.target, ...expr.args];
    case 'list':
      return expr.elements;
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return expr.fields.map(({ value }) => value);
    case 'comprehension':
      return [expr.range, expr.init, expr.condition, expr.step, expr.result];
    default:
      return [];
  }
}

/** Runs a function on its literal, patterns on no text. */
function faultOf({ name, target, args }: ExprOf<'call'>): string | undefined {
  const { constant } = args[0] as ExprOf<'literal'>;
  const value = constant.type === 'uint' ? new CelUint(constant.value) : constant.value;
  const values = target === undefined ? [value] : ['', value];
  const implementation = IMPLEMENTATIONS.get(name)?.find(
    ({ params, isMember }) =>
      isMember === (target !== undefined) &&
      params.length === values.length &&
      ['dyn', 'param', constant.type].includes(params.at(-1)!.kind),
  );
  try {
    implementation?.run(...values);
    return undefined;
  } catch (error) {
    if (error instanceof CelFunctionError || error instanceof PatternError) {
      return error.message.replace(/^Illegal regex: /, '');
    }
    throw error;
  }
}
