import type { Expr, ExprOf } from '../common/ast.ts';
import { ACCUMULATOR } from '../parser/macros.ts';
import type { CheckedExpr } from './checker.ts';
import type { Overload } from './declarations.ts';
import type { Estimate } from './estimate.ts';
import { byFactor, fixed, MAX, NONE, plus, times, union, UNKNOWN } from './estimate.ts';
import type { Type } from './types.ts';

export const STRING_TRAVERSAL = 0.1;
export const REGEX_LENGTH = 0.25;
const SELECT = fixed(1);
const LIST = fixed(10);
const MAP = fixed(30);
const STRUCT = fixed(40);

/** A part of an expression whose size matters. */
export interface SizedNode {
  /** How it is reached from a variable: ["self", "items", "@items"]; "@keys" and "@values" for maps. */
  readonly path: readonly string[] | undefined;
  readonly type: Type;
  readonly expr: Expr | undefined;
  /** What the expression itself says about the size. */
  readonly computed: Estimate | undefined;
}

/** What a call costs, without its arguments, and how large what it gives is. */
export interface CallEstimate {
  readonly cost: Estimate;
  readonly size?: Estimate;
}

export interface CostEstimator {
  /** undefined if nothing is known. */
  sizeOf(node: SizedNode): Estimate | undefined;
  /** undefined for CEL's own functions. `target` is undefined where the call has none. */
  callCost(
    name: string,
    overload: Overload,
    target: SizedNode | undefined,
    args: readonly SizedNode[],
  ): CallEstimate | undefined;
}

/** What an evaluation costs, whatever the values. Models cel-go checker/cost.go Cost. */
export function estimateCost(checked: CheckedExpr, estimator: CostEstimator): Estimate {
  return new Coster(checked, estimator).of(checked.expr);
}

class Coster {
  readonly #checked: CheckedExpr;
  readonly #estimator: CostEstimator;
  readonly #paths = new Map<Expr, readonly string[]>();
  readonly #sizes = new Map<Expr, Estimate>();
  /** What loops run over, by their variables, the innermost last. */
  readonly #ranges: (readonly [variable: string, range: Expr, isKey: boolean])[] = [];

  constructor(checked: CheckedExpr, estimator: CostEstimator) {
    this.#checked = checked;
    this.#estimator = estimator;
  }

  of(expr: Expr): Estimate {
    switch (expr.kind) {
      case 'ident':
        return this.#ident(expr, expr.name);
      case 'select':
        return this.#select(expr);
      case 'call':
        return this.#call(expr);
      case 'list':
        return plus(...expr.elements.map((element) => this.of(element)), LIST);
      case 'map':
        return plus(...expr.entries.flatMap(({ key, value }) => [this.of(key), this.of(value)]), MAP);
      case 'struct':
        return plus(...expr.fields.map(({ value }) => this.of(value)), STRUCT);
      case 'comprehension':
        return this.#comprehension(expr);
      default:
        return NONE;
    }
  }

  #typeOf(expr: Expr): Type {
    return this.#checked.types.get(expr)!;
  }

  #ident(expr: Expr, name: string): Estimate {
    const loop = this.#ranges.findLast(([variable]) => variable === name);
    if (loop === undefined) this.#paths.set(expr, [name]);
    else {
      const [, range, isKey] = loop;
      const path = this.#paths.get(range) ?? [];
      const { kind } = this.#typeOf(range);
      if (kind === 'list') this.#paths.set(expr, [...path, isKey ? '@indices' : '@items']);
      else if (kind === 'map') this.#paths.set(expr, [...path, isKey ? '@keys' : '@values']);
    }
    return SELECT;
  }

  #select(expr: ExprOf<'select'>): Estimate {
    const reference = this.#checked.references.get(expr);
    if (reference?.kind === 'variable') return this.#ident(expr, reference.name);
    const operand = this.of(expr.operand);
    if (expr.testOnly) return operand;
    this.#paths.set(expr, [...(this.#paths.get(expr.operand) ?? []), expr.field]);
    const isPaid = ['map', 'object', 'param'].includes(this.#typeOf(expr.operand).kind);
    return isPaid ? plus(operand, SELECT) : operand;
  }

  #call(expr: ExprOf<'call'>): Estimate {
    const { args } = expr;
    const costs = args.map((argument) => this.of(argument));
    const nodes = args.map((argument) => this.#node(argument));
    const reference = this.#checked.references.get(expr);
    if (reference?.kind !== 'function') return NONE;
    let sum = NONE;
    let target: SizedNode | undefined;
    if (expr.target !== undefined && !reference.isNamespaced) {
      sum = this.of(expr.target);
      target = this.#node(expr.target);
    }
    let cost: Estimate = { min: MAX, max: 0n };
    let size: Estimate | undefined;
    for (const overload of reference.overloads) {
      const call = this.#overload(reference.name, overload, target, nodes, costs);
      cost = union(cost, call.cost);
      if (call.size !== undefined) size = size === undefined ? call.size : union(size, call.size);
      if (reference.name === '_[_]') {
        const { kind } = overload.params[0]!;
        const path = this.#paths.get(args[0]!) ?? [];
        if (kind === 'list') this.#paths.set(expr, [...path, '@items']);
        else if (kind === 'map') this.#paths.set(expr, [...path, '@values']);
      }
    }
    if (size !== undefined) this.#sizes.set(expr, size);
    return plus(sum, cost);
  }

  #comprehension(expr: ExprOf<'comprehension'>): Estimate {
    const { range, variable, variable2, init, condition, step, result } = expr;
    const before = plus(this.of(range), this.of(init));
    const isMap = this.#typeOf(range).kind === 'map';
    const outer = this.#ranges.length;
    this.#ranges.push([variable, range, isMap || variable2 !== undefined]);
    if (variable2 !== undefined) this.#ranges.push([variable2, range, false]);
    const once = plus(this.of(condition), this.of(step));
    this.#ranges.length = outer;
    const after = this.of(result);
    return plus(before, after, times(this.#sizeOf(this.#node(range)), once));
  }

  #node(expr: Expr): SizedNode {
    const path = this.#paths.get(expr);
    return {
      path: path?.[0] === ACCUMULATOR ? undefined : path,
      type: this.#typeOf(expr),
      expr,
      computed: this.#sizes.get(expr) ?? literalSize(expr),
    };
  }

  #sizeOf(node: SizedNode): Estimate {
    return node.computed ?? this.#estimator.sizeOf(node) ?? (isScalar(node.type) ? fixed(1) : UNKNOWN);
  }

  #overload(
    name: string,
    overload: Overload,
    target: SizedNode | undefined,
    args: readonly SizedNode[],
    costs: readonly Estimate[],
  ): CallEstimate {
    const known = this.#estimator.callCost(name, overload, target, args);
    if (known !== undefined) return { ...known, cost: plus(known.cost, ...costs) };
    const size = (node: SizedNode | undefined) => (node === undefined ? UNKNOWN : this.#sizeOf(node));
    const traversed = (node: SizedNode | undefined) => byFactor(size(node), STRING_TRAVERSAL);
    const call = (cost: Estimate, result?: Estimate): CallEstimate => ({
      cost: plus(cost, ...costs),
      ...(result !== undefined && { size: result }),
    });
    const [first, second] = args;
    const of = overload.params[0]?.kind;
    switch (name) {
      case 'format':
        return call(traversed(target));
      case 'bytes': {
        if (of !== 'string') break;
        const { min, max } = size(first);
        return call(traversed(first), { min, max: BigInt.asUintN(64, max * 4n) });
      }
      case 'string': {
        if (of !== 'bytes') break;
        const { min, max } = size(first);
        return call(traversed(first), { min: min / 4n, max });
      }
      case 'startsWith':
      case 'endsWith':
        return call(traversed(first));
      case '@in':
        if (overload.params[1]!.kind !== 'list') break;
        return call(size(second));
      case 'matches':
        if (target === undefined) break;
        return call(
          times(
            byFactor(plus(size(target), fixed(1)), STRING_TRAVERSAL),
            byFactor(size(first), REGEX_LENGTH),
          ),
        );
      case 'contains':
        return call(times(traversed(target), traversed(first)));
      case '_&&_':
      case '_||_':
        return { cost: { min: costs[0]!.min, max: plus(costs[0]!, costs[1]!).max } };
      case '_?_:_':
        return {
          cost: plus(costs[0]!, union(costs[1]!, costs[2]!)),
          size: union(size(second), size(args[2])),
        };
      case '_+_': {
        if (of !== 'string' && of !== 'bytes' && of !== 'list') break;
        const joined = plus(size(first), size(second));
        return call(of === 'list' ? fixed(1) : byFactor(joined, STRING_TRAVERSAL), joined);
      }
      case '_<_':
      case '_<=_':
      case '_>_':
      case '_>=_':
        if (of !== 'string' && of !== 'bytes') break;
        return call(this.#comparison(first!, second!));
      case '_==_':
      case '_!=_':
        return call(this.#comparison(first!, second!));
    }
    return call(fixed(1));
  }

  /** As much as the shorter of both. */
  #comparison(left: SizedNode, right: SizedNode): Estimate {
    const [a, b] = [this.#sizeOf(left).max, this.#sizeOf(right).max];
    const max = a < b ? a : b;
    return byFactor({ min: max > 0n ? 1n : 0n, max }, STRING_TRAVERSAL);
  }
}

/** How large a value is that stands in the expression. */
function literalSize(expr: Expr): Estimate | undefined {
  switch (expr.kind) {
    case 'literal': {
      const { type, value } = expr.constant;
      if (type === 'string') return fixed([...value].length);
      return fixed(type === 'bytes' ? value.length : 1);
    }
    case 'list':
      return fixed(expr.elements.length);
    case 'map':
      return fixed(expr.entries.length);
    case 'struct':
      return NONE;
    default:
      return undefined;
  }
}

const SCALARS: ReadonlySet<string> = new Set(['bool', 'int', 'uint', 'double', 'timestamp', 'duration']);
const isScalar = ({ kind }: Type) => SCALARS.has(kind);
