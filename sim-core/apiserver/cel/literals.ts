import { PatternError } from '../util/regexp.ts';
import type { CheckedExpr } from './checker/checker.ts';
import { TAKE_MIXED_LISTS } from './checker/checker.ts';
import type { Type } from './checker/types.ts';
import { formatType, sameType } from './checker/types.ts';
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
const HEX = [
  'int uint string bytes',
  'only integers, byte buffers, and strings can be formatted as hex',
] as const;
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

/** Reports arguments that are no good, and literals of mixed types. Models cel-go cel/validator.go. */
export function reportLiterals(checked: CheckedExpr, issues: Issues): void {
  for (const { call, argument } of literalCalls(checked.expr)) {
    if (!VALIDATED.has(call.name) || faultOf(call) === undefined) continue;
    issues.report(argument.offset, `invalid ${call.name} argument`);
  }
  for (const call of callsIn(checked.expr)) {
    if (call.name === 'format') reportFormat(call, checked, issues);
  }
  reportMixtures(checked.expr, checked.types, issues);
}

/** Elements of a list, or keys and values of a map, whose type is not that of the first one. */
function reportMixtures(expr: Expr, types: CheckedExpr['types'], issues: Issues): void {
  if (expr.kind === 'call' && TAKE_MIXED_LISTS.has(expr.name)) return;
  for (const inner of childrenOf(expr)) reportMixtures(inner, types, issues);
  const typeOf = (part: Expr, optional: boolean): Type => {
    const type = types.get(part)!;
    return optional ? (type.params[0] ?? type) : type;
  };
  const mixed = (part: Expr, first: Type, type: Type): boolean => {
    if (sameType(first, type)) return false;
    const [expected, found] = [first, type].map((shown) => formatType(shown, 'optional_type'));
    issues.report(part.offset, `expected type '${expected!}' but found '${found!}'`);
    return true;
  };
  if (expr.kind === 'list') {
    const elements = expr.elements.map((part, index) => typeOf(part, expr.optionals.has(index)));
    expr.elements.some((part, index) => mixed(part, elements[0]!, elements[index]!));
  } else if (expr.kind === 'map') {
    const values = expr.entries.map(({ value, optional }) => typeOf(value, optional));
    for (const [index, { key, value }] of expr.entries.entries()) {
      mixed(key, typeOf(expr.entries[0]!.key, false), typeOf(key, false));
      mixed(value, values[0]!, values[index]!);
    }
  }
}

/** What each clause of a format takes, and what is said of anything else. */
const CLAUSES: Readonly<Record<string, readonly [kinds: string, message: string]>> = {
  s: [
    'list map int uint double bool string timestamp bytes duration type null',
    'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  ],
  d: ['int uint', 'decimal clause can only be used on integers'],
  f: ['double string', 'fixed-point clause can only be used on doubles'],
  e: ['double string', 'scientific clause can only be used on doubles'],
  b: ['int uint bool', 'only integers and bools can be formatted as binary'],
  x: HEX,
  X: HEX,
  o: ['int uint', 'octal clause can only be used on integers'],
};

/** A format that stands in the expression, with the list of its arguments. Models ext/formatting.go stringFormatValidator. */
function reportFormat(
  { target, args, offset }: ExprOf<'call'>,
  { types }: CheckedExpr,
  issues: Issues,
): void {
  const [list] = args;
  if (target?.kind !== 'literal' || target.constant.type !== 'string' || list?.kind !== 'list') return;
  const clauses = [...target.constant.value.matchAll(/%(%|(?:\.\d+)?([^])|$)/g)].filter(
    ([, clause]) => clause !== '%',
  );
  for (const [index, [, clause, verb = '']] of clauses.entries()) {
    if (clause === '') return issues.report(offset, 'unexpected end of string');
    const argument = list.elements[index];
    if (argument === undefined) return issues.report(offset, `index ${index} out of range`);
    const known = CLAUSES[verb];
    if (known === undefined) {
      const fault = `unrecognized formatting clause "${verb}"`;
      return issues.report(offset, `could not parse formatting clause: ${fault}`);
    }
    const wrong = misfit(argument, known[0].split(' '), types, verb === 's');
    if (wrong !== undefined) {
      const given = types.get(wrong)!.name;
      return issues.report(wrong.offset, `error during formatting: ${known[1]}, was given ${given}`);
    }
  }
  if (list.elements.length > clauses.length) {
    const counts = `expected ${clauses.length}, got ${list.elements.length}`;
    issues.report(offset, `too many arguments supplied to string.format (${counts})`);
  }
}

/** What of an argument is of none of the kinds; `looksInside` lists and maps too. */
function misfit(
  expr: Expr,
  kinds: readonly string[],
  types: CheckedExpr['types'],
  looksInside: boolean,
): Expr | undefined {
  const { kind } = types.get(expr)!;
  if (kind !== 'dyn' && !kinds.includes(kind)) return expr;
  if (!looksInside || (expr.kind !== 'list' && expr.kind !== 'map')) return undefined;
  for (const inner of childrenOf(expr)) {
    const wrong = misfit(inner, kinds, types, true);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function* callsIn(expr: Expr): Iterable<ExprOf<'call'>> {
  if (expr.kind === 'call') yield expr;
  for (const inner of childrenOf(expr)) yield* callsIn(inner);
}

/** Calls whose first argument is a literal. */
function* literalCalls(
  expr: Expr,
): Iterable<{ readonly call: ExprOf<'call'>; readonly argument: ExprOf<'literal'> }> {
  for (const call of callsIn(expr)) {
    const [argument] = call.args;
    if (argument?.kind === 'literal') yield { call, argument };
  }
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
