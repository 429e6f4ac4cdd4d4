import { PatternError } from '../util/regexp.ts';
import type { CheckedExpr } from './checker/checker.ts';
import type { Type } from './checker/types.ts';
import { unwrapOptional } from './checker/types.ts';
import type { Expr, ExprOf } from './common/ast.ts';
import type { CostTracker } from './cost-tracker.ts';
import { ExpressionError } from './errors.ts';
import type { Implementation } from './library/declarations.ts';
import { IMPLEMENTATIONS } from './library/declarations.ts';
import { CelFunctionError } from './library/functions.ts';
import { CelEntries, CelMap, CelOptional, CelType, CelUint, textOf, typeNameOf } from './values.ts';

/** The values of variables by their names. */
export type Variables = Readonly<Record<string, unknown>>;

/** An answer that has to be waited for; the evaluation is done again once it is there. */
class Pending extends Error {
  override readonly name = 'Pending';
  readonly answer: Promise<unknown>;
  constructor(answer: Promise<unknown>) {
    super('pending');
    this.answer = answer;
  }
}

export interface Evaluation {
  readonly value: unknown;
  readonly cost: number;
}

/** Names of types that are values. */
const TYPES: Readonly<Record<string, CelType>> = Object.fromEntries(
  'bool bytes double int list map null_type string type uint google.protobuf.Timestamp google.protobuf.Duration'
    .split(' ')
    .map((name) => [name, new CelType(name)]),
);

/**
 * What a checked expression comes to, and what that cost. A promise where a function has to wait. Throws or
 * rejects with an ExpressionError. Models cel-go interpreter/interpretable.go.
 */
export function evaluate(
  checked: CheckedExpr,
  variables: Variables,
  tracker: () => CostTracker,
): Evaluation | Promise<Evaluation> {
  const answers = new Map<string, unknown>();
  const attempt = (): Evaluation | Promise<Evaluation> => {
    const cost = tracker();
    try {
      const value = new Interpreter(checked, variables, cost, answers).run();
      return { value, cost: cost.spent };
    } catch (error) {
      if (error instanceof Pending) return error.answer.then(attempt);
      throw error;
    }
  };
  return attempt();
}

/** What a loop has so far; a failure is told when it is looked at. */
type Accumulated = { readonly value: unknown } | { readonly failure: ExpressionError };

class Interpreter {
  readonly #checked: CheckedExpr;
  readonly #variables: Variables;
  readonly #cost: CostTracker;
  readonly #answers: Map<string, unknown>;
  readonly #scopes: (readonly [name: string, read: () => unknown])[] = [];
  #asked = 0;

  constructor(checked: CheckedExpr, variables: Variables, cost: CostTracker, answers: Map<string, unknown>) {
    this.#checked = checked;
    this.#variables = variables;
    this.#cost = cost;
    this.#answers = answers;
  }

  run(): unknown {
    return this.#evaluate(this.#checked.expr);
  }

  #evaluate(expr: Expr): unknown {
    switch (expr.kind) {
      case 'literal':
        return expr.constant.type === 'uint' ? new CelUint(expr.constant.value) : expr.constant.value;
      case 'ident':
        this.#cost.spend(1);
        return this.#read(expr.name.replace(/^\./, ''));
      case 'select':
        return this.#select(expr);
      case 'call':
        return this.#call(expr);
      case 'list':
        return this.#list(expr);
      case 'map':
        return this.#map(expr);
      case 'struct':
        return this.#struct(expr);
      case 'comprehension':
        return this.#comprehension(expr);
      case 'error':
        throw new ExpressionError('no such overload');
    }
  }

  #read(name: string): unknown {
    const scope = this.#scopes.findLast(([known]) => known === name);
    if (scope !== undefined) return scope[1]();
    if (Object.hasOwn(this.#variables, name)) {
      const value = this.#variables[name];
      if (value !== undefined) return value;
    }
    const type = TYPES[name];
    if (type !== undefined) return type;
    throw new ExpressionError(`no such attribute(s): ${name}`);
  }

  #select(expr: ExprOf<'select'>): unknown {
    const reference = this.#checked.references.get(expr);
    if (reference?.kind === 'variable') {
      this.#cost.spend(1);
      return this.#read(reference.name);
    }
    const { operand, field, testOnly } = expr;
    const target = this.#evaluate(operand);
    if (testOnly) return this.#has(target, field);
    this.#cost.spend(1);
    if (target instanceof CelOptional) {
      return target.isNone ? target : optionalOf(lookUp(target.value, field));
    }
    return found(lookUp(target, field), field);
  }

  #has(target: unknown, field: string): boolean {
    if (target instanceof CelOptional) return !target.isNone && this.#has(target.value, field);
    return lookUp(target, field) !== undefined;
  }

  #call(expr: ExprOf<'call'>): unknown {
    const { args } = expr;
    const [first, second, third] = args as [Expr, Expr, Expr];
    switch (expr.name) {
      case '_&&_':
        return this.#logical(first, second, false);
      case '_||_':
        return this.#logical(first, second, true);
      case '_?:_':
      case '_?_:_': {
        const condition = this.#evaluate(first);
        if (typeof condition !== 'boolean') throw new ExpressionError('no such overload');
        return this.#evaluate(condition ? second : third);
      }
      case '@not_strictly_false':
        return this.#notFalse(first);
      case '_?._':
      case '_[?_]': {
        const target = this.#evaluate(first);
        const key = this.#evaluate(second);
        this.#cost.spend(1);
        const inner = target instanceof CelOptional ? target.value : target;
        return inner === undefined ? CelOptional.NONE : optionalOf(lookUp(inner, key));
      }
      case '_[_]': {
        const target = this.#evaluate(first);
        const key = this.#evaluate(second);
        this.#cost.spend(1);
        if (target instanceof CelOptional) {
          return target.isNone ? target : optionalOf(lookUp(target.value, key));
        }
        return found(lookUp(target, key), key, target);
      }
      case 'or':
      case 'orValue':
        if (expr.target !== undefined) {
          const target = this.#evaluate(expr.target);
          if (!(target instanceof CelOptional)) throw new ExpressionError('no such overload');
          if (target.isNone) return this.#evaluate(first);
          return expr.name === 'or' ? target : target.value;
        }
    }
    return this.#function(expr);
  }

  /** One side that decides is enough, whatever the other side comes to. */
  #logical(left: Expr, right: Expr, decides: boolean): boolean {
    let failure: ExpressionError | undefined;
    for (const side of [left, right]) {
      try {
        const value = this.#evaluate(side);
        if (value === decides) return decides;
        if (typeof value !== 'boolean') failure ??= new ExpressionError('no such overload');
      } catch (error) {
        if (!(error instanceof ExpressionError) || error.isFinal) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return !decides;
  }

  #notFalse(expr: Expr): boolean {
    let value: unknown;
    try {
      value = this.#evaluate(expr);
    } catch (error) {
      if (!(error instanceof ExpressionError) || error.isFinal) throw error;
    }
    this.#cost.spend(1);
    return value !== false;
  }

  #function(expr: ExprOf<'call'>): unknown {
    const reference = this.#checked.references.get(expr);
    const isNamespaced = reference?.kind === 'function' && reference.isNamespaced;
    const name = reference?.kind === 'function' ? reference.name : expr.name;
    const isMember = expr.target !== undefined && !isNamespaced;
    const nodes = isMember ? [expr.target!, ...expr.args] : expr.args;
    const values = nodes.map((node) => this.#evaluate(node));
    const implementation = (IMPLEMENTATIONS.get(name) ?? []).find(
      (candidate) => candidate.isMember === isMember && accepts(candidate, values),
    );
    if (implementation === undefined) {
      throw new ExpressionError(/^[_!@-]/.test(name) ? 'no such overload' : `no such overload: ${name}`);
    }
    const value = this.#run(implementation, values);
    this.#cost.call(name, values, value, implementation);
    return value;
  }

  #run({ run }: Implementation, values: readonly unknown[]): unknown {
    let value: unknown;
    try {
      value = run(...values);
    } catch (error) {
      if (error instanceof CelFunctionError || error instanceof PatternError) {
        throw new ExpressionError(error.message);
      }
      throw error;
    }
    if (!(value instanceof Promise)) return value;
    // The same questions come in the same order when it is done again.
    const key = String(this.#asked++);
    if (this.#answers.has(key)) return this.#answers.get(key);
    throw new Pending(value.then((answer) => this.#answers.set(key, answer)));
  }

  #list({ elements, optionals }: ExprOf<'list'>): unknown[] {
    const list: unknown[] = [];
    elements.forEach((element, index) => {
      const value = this.#evaluate(element);
      if (!optionals.has(index)) list.push(value);
      else if (!(value instanceof CelOptional)) {
        throw new ExpressionError(
          `cannot initialize optional list element from non-optional value ${textOf(value)}`,
        );
      } else if (!value.isNone) list.push(value.value);
    });
    if (!elements.every(({ kind }) => kind === 'literal')) this.#cost.spend(10);
    return list;
  }

  #map({ entries }: ExprOf<'map'>): CelEntries {
    const map = new CelEntries();
    for (const { key: keyNode, value: valueNode, optional } of entries) {
      const key = this.#evaluate(keyNode);
      const value = this.#present(this.#evaluate(valueNode), optional, key);
      if (value === undefined) continue;
      map.set(key, value);
    }
    const isConstant = entries.every(({ key, value }) => key.kind === 'literal' && value.kind === 'literal');
    if (!isConstant) this.#cost.spend(30);
    return map;
  }

  #struct({ fields }: ExprOf<'struct'>): CelEntries {
    const object = new CelEntries();
    for (const { field, value: node, optional } of fields) {
      const value = this.#present(this.#evaluate(node), optional, field);
      if (value !== undefined) object.set(field, value);
    }
    this.#cost.spend(40);
    return object;
  }

  /** undefined for one that is left out. */
  #present(value: unknown, isOptional: boolean, key: unknown): unknown {
    if (!isOptional) return value;
    if (!(value instanceof CelOptional)) {
      throw new ExpressionError(
        `cannot initialize optional entry '${textOf(key)}' from non-optional value ${textOf(value)}`,
      );
    }
    return value.value;
  }

  #comprehension(expr: ExprOf<'comprehension'>): unknown {
    const { range, variable, variable2, accumulator, init, condition, step, result } = expr;
    const over = this.#evaluate(range);
    let accumulated: Accumulated = { value: this.#evaluate(init) };
    const outer = this.#scopes.length;
    this.#scopes.push([
      accumulator,
      () => {
        if ('failure' in accumulated) throw accumulated.failure;
        return accumulated.value;
      },
    ]);
    const inner = this.#scopes.length;
    try {
      for (const [first, second] of itemsOf(over, variable2 !== undefined)) {
        this.#scopes.length = inner;
        this.#scopes.push([variable, () => first]);
        if (variable2 !== undefined) this.#scopes.push([variable2, () => second]);
        if (this.#attempt(condition) === false) break;
        try {
          accumulated = { value: this.#evaluate(step) };
        } catch (error) {
          if (!(error instanceof ExpressionError) || error.isFinal) throw error;
          accumulated = { failure: error };
        }
      }
      this.#scopes.length = inner;
      return this.#evaluate(result);
    } finally {
      this.#scopes.length = outer;
    }
  }

  /** A failure is no value. */
  #attempt(expr: Expr): unknown {
    try {
      return this.#evaluate(expr);
    } catch (error) {
      if (!(error instanceof ExpressionError) || error.isFinal) throw error;
      return undefined;
    }
  }
}

const optionalOf = (value: unknown) => (value === undefined ? CelOptional.NONE : new CelOptional(value));

/** What is there under a key or an index; undefined if nothing is. Throws an ExpressionError for no index. */
function lookUp(target: unknown, key: unknown): unknown {
  if (target instanceof CelMap) return target.get(key);
  if (Array.isArray(target)) {
    const index = key instanceof CelUint ? key.value : key;
    if (typeof index === 'bigint') return index < 0n ? undefined : target[Number(index)];
    if (typeof index === 'number') {
      const fault = Number.isInteger(index)
        ? `unsupported index: ${index}`
        : `unsupported index value ${index} in list`;
      throw new ExpressionError(fault);
    }
    throw new ExpressionError(`unsupported index type '${typeNameOf(key)}' in list`);
  }
  if (typeof target === 'object' && target !== null && typeof key === 'string' && 'fieldOf' in target) {
    return (target as { fieldOf(field: string): unknown }).fieldOf(key);
  }
  return undefined;
}

/** The value that was looked up. */
function found(value: unknown, key: unknown, target?: unknown): unknown {
  if (value !== undefined) return value;
  throw new ExpressionError(
    Array.isArray(target) ? `index out of bounds: ${textOf(key)}` : `no such key: ${textOf(key)}`,
  );
}

function* itemsOf(range: unknown, isPair: boolean): Iterable<readonly [first: unknown, second: unknown]> {
  if (Array.isArray(range)) {
    for (const [index, item] of range.entries()) yield isPair ? [BigInt(index), item] : [item, undefined];
  } else if (range instanceof CelMap) {
    for (const key of range.keys()) yield [key, isPair ? range.get(key) : undefined];
  } else {
    throw new ExpressionError(`got '${goTypeOf(range)}', expected iterable type`);
  }
}

/** The type of cel-go's that holds a value: types.Int. */
function goTypeOf(value: unknown): string {
  const name = typeNameOf(value).replace(/^.*\.|_type$/g, '');
  return `types.${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

const accepts = ({ params }: Implementation, values: readonly unknown[]) =>
  params.length === values.length && params.every((param, index) => fits(param, values[index]));

/** Models cel-go common/types IsAssignableRuntimeType: of lists and maps the first items count. */
function fits(type: Type, value: unknown): boolean {
  switch (type.kind) {
    case 'dyn':
    case 'param':
      return true;
    case 'list':
      return Array.isArray(value) && (value.length === 0 || fits(type.params[0]!, value[0]));
    case 'map':
      if (!(value instanceof CelMap)) return false;
      for (const key of value.keys())
        return fits(type.params[0]!, key) && fits(type.params[1]!, value.get(key));
      return true;
    case 'opaque': {
      const inner = unwrapOptional(type);
      if (inner === undefined) return typeNameOf(value) === type.name;
      return value instanceof CelOptional && (value.isNone || fits(inner, value.value));
    }
    case 'object':
      return typeNameOf(value) === type.name;
    case 'null':
      return value === null;
    case 'timestamp':
      return typeNameOf(value) === 'google.protobuf.Timestamp';
    case 'duration':
      return typeNameOf(value) === 'google.protobuf.Duration';
    default:
      return typeNameOf(value) === type.kind;
  }
}
