import { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import { PatternError } from '../util/regexp.ts';
import { CelFunctionError } from './library/functions.ts';

/** An expression that is no expression, or whose types do not fit; the message is cel-go's. */
export class CompilationError extends Error {
  override readonly name = 'CompilationError';
}

/** An expression that came to no value; the message is cel-go's. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

type Wording = readonly [pattern: RegExp, text: (...groups: string[]) => string];

/** Operators keep their signs: only what follows "applied to" or "type" are types. */
const goTypes = (text: string) =>
  text
    .replace(/(?<!_)</g, '(')
    .replace(/(?<!_)>/g, ')')
    .replaceAll('null_type', 'null');

const SCALARS = ['bool', 'bytes', 'double', 'int', 'string', 'uint'];
/** Where cel-go prints a type as protobuf does. */
const protoType = (type: string) => (SCALARS.includes(type) ? `primitive:${type.toUpperCase()}` : type);

/** What may follow where an expression ends too early: the tokens that begin one. */
const TOKENS =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const PARSING: readonly Wording[] = [
  [/^Unexpected token: EOF$/, () => `mismatched input '<EOF>' expecting ${TOKENS}`],
];

/** What cel-js says, and what cel-go says of the same. The types are as both write them. */
const CHECKING: readonly Wording[] = [
  [/^Unknown variable: (.*)$/, (name) => `undeclared reference to '${name}' (in container '')`],
  [/^No such key: (.*)$/, (field) => `undefined field '${field}'`],
  [
    /^no such overload: (.+) (==|!=|<=|>=|<|>|\+|-|\*|\/|%|in) (.+)$/,
    (left, operator, right) =>
      `found no matching overload for '${operator === 'in' ? '@in' : `_${operator}_`}' applied to '(${left}, ${right})'`,
  ],
  [
    /^no such overload: ([!-])(.+)$/,
    (operator, type) => `found no matching overload for '${operator}_' applied to '(${type})'`,
  ],
  [
    /^found no matching overload for '([\w.<>, ]+)\.(\w+)\((.*)\)'$/,
    (receiver, name, values) =>
      `found no matching overload for '${name}' applied to '${receiver}.(${values})'`,
  ],
  [
    /^found no matching overload for '(\w+)\((.*)\)'$/,
    (name, values) => `found no matching overload for '${name}' applied to '(${values})'`,
  ],
  [
    /^Logical operator requires bool operands, got '(.*)'$/,
    (type) => `expected type 'bool' but found '${type}'`,
  ],
  [
    /^Ternary branches must have the same type, got '(.*)' and '(.*)'$/,
    (left, right) => `found no matching overload for '_?_:_' applied to '(bool, ${left}, ${right})'`,
  ],
  [/^Cannot index type '(.*)'$/, (type) => `type '${protoType(type)}' does not support field selection`],
];
const RUNNING: readonly Wording[] = [
  [/^No such key: index out of bounds, index (-?\d+) .*$/, (index) => `index out of bounds: ${index}`],
  [/^No such key: (.*)$/, (key) => `no such key: ${key}`],
  [/^no such overload: .*$|^found no matching overload .*$/, () => 'no such overload'],
  [/^Invalid regular expression: (.*)$/, (pattern) => `error parsing regexp: ${pattern}`],
];

function reworded(summary: string, table: readonly Wording[]): string {
  for (const [pattern, text] of table) {
    const match = pattern.exec(summary);
    if (match !== null) return text(...match.slice(1));
  }
  return summary;
}

/** A complaint of cel-js's parser or type checker, in cel-go's form. */
export function compilationError(error: unknown, expression: string): CompilationError {
  if (error instanceof ParseError) {
    return new CompilationError(
      located(`Syntax error: ${reworded(error.summary, PARSING)}`, expression, error.range?.start ?? 0),
    );
  }
  if (error instanceof CelTypeError) {
    return new CompilationError(
      located(
        goTypes(reworded(error.summary, CHECKING)),
        expression,
        positionOf(error.node as ASTNode | undefined, error.range?.start ?? 0),
      ),
    );
  }
  throw error;
}

/** What went wrong while an expression ran, in cel-go's words. */
export function expressionError(error: unknown): ExpressionError {
  if (error instanceof CelFunctionError || error instanceof PatternError)
    return new ExpressionError(error.message);
  if (error instanceof EvaluationError) {
    const { cause } = error;
    if (cause instanceof CelFunctionError) return new ExpressionError(cause.message);
    return new ExpressionError(goTypes(reworded(error.summary, RUNNING)));
  }
  if (error instanceof ExpressionError) return error;
  throw error;
}

/** cel-go points at an operator, at the dot of a selection, at the parenthesis of a call. */
function positionOf(node: ASTNode | undefined, start: number): number {
  if (node?.args === undefined) return node?.op === '.' ? start - 1 : start;
  const { input } = node;
  switch (node.op) {
    case '.':
      return input.lastIndexOf('.', start);
    case 'call':
    case 'rcall':
      return Math.max(input.indexOf('(', start), start);
    default: {
      const [left] = Array.isArray(node.args) ? (node.args as unknown[]) : [];
      const end = (left as ASTNode | undefined)?.end;
      if (end === undefined || !isOperator(node.op)) return start;
      return end + /^[\s)]*/.exec(input.slice(end))![0].length;
    }
  }
}

const isOperator = (operator: string) => /^(==|!=|<=|>=|<|>|\+|-|\*|\/|%|in|&&|\|\|)$/.test(operator);

/** "ERROR: <input>:1:6: …" with the line and a mark below it. Models cel-go common/error.go. */
function located(message: string, expression: string, position: number): string {
  const before = expression.slice(0, position).split('\n');
  const line = expression.split('\n')[before.length - 1] ?? '';
  const column = before.at(-1)!.length;
  return `ERROR: <input>:${before.length}:${column + 1}: ${message}\n | ${line.replaceAll('\t', ' ')}\n | ${'.'.repeat(column)}^`;
}
