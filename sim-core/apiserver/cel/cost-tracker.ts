import { REGEX_LENGTH, STRING_TRAVERSAL } from './checker/cost.ts';
import type { Overload } from './checker/declarations.ts';
import { ExpressionError } from './errors.ts';
import { CHECK_COST, NOMINAL } from './library/cost.ts';
import { CelMap, sizeOf } from './values.ts';

/** The most that one evaluation may cost. Models k8s.io/apiserver/pkg/apis/cel/config.go. */
export const PER_CALL_LIMIT = 1_000_000;

const size = (value: unknown) => sizeOf(value) ?? 1;
const traversal = (length: number) => Math.ceil(length * STRING_TRAVERSAL);

/** Counts what an evaluation costs, by the values it meets. Models cel-go interpreter/runtimecost.go. */
export class CostTracker {
  readonly #limit: number;
  #spent = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get spent(): number {
    return this.#spent;
  }

  /** Throws an ExpressionError that nothing in the expression can make good. */
  spend(cost: number): void {
    this.#spent += cost;
    if (this.#spent > this.#limit) {
      throw new ExpressionError('operation cancelled: actual cost limit exceeded', this.#spent);
    }
  }

  call(name: string, values: readonly unknown[], result: unknown, overload: Overload): void {
    this.spend(callCost(name, values, result, overload));
  }
}

/** Models k8s.io/apiserver/pkg/cel/library/cost.go CallCost as well. */
function callCost(name: string, values: readonly unknown[], result: unknown, { params }: Overload): number {
  if (NOMINAL.has(name)) return 1;
  const [first, second] = values;
  const of = params[0]?.kind;
  switch (name) {
    case 'check':
      return CHECK_COST;
    case 'fieldSelector':
    case 'labelSelector':
      return 10 + traversal(size(second)) + Math.ceil(Math.ceil(size(second) * 0.5) * 50);
    case 'isSorted':
    case 'sum':
    case 'max':
    case 'min':
    case 'indexOf':
    case 'lastIndexOf':
      return traversed(first);
    case 'url':
    case 'lowerAscii':
    case 'upperAscii':
    case 'substring':
    case 'trim':
    case 'jsonpatch.escapeKey':
    case 'cidr':
    case 'isIP':
    case 'isCIDR':
    case 'quantity':
    case 'isQuantity':
    case 'semver':
    case 'isSemver':
    case 'startsWith':
    case 'endsWith':
    case 'strings.quote':
    case 'format':
      return traversal(size(first));
    case 'ip':
      return of === 'string' ? traversal(size(first)) : 1;
    case 'replace':
    case 'split':
    case 'ip.isCanonical':
      return Math.ceil(size(first) * 2 * STRING_TRAVERSAL);
    case 'join':
      return Math.ceil(size(result) * 2 * STRING_TRAVERSAL);
    case 'find':
    case 'findAll':
    case 'matches':
      return traversal(1 + size(first)) * Math.ceil(size(second) * REGEX_LENGTH);
    case 'contains':
      return traversal(size(first)) * traversal(size(second));
    case 'containsIP':
    case 'containsCIDR': {
      const parsed = typeof second === 'string' ? traversal(size(second)) : 0;
      return 1 + parsed + (name === 'containsCIDR' ? 2 : 0);
    }
    case 'bytes':
    case 'string':
      return (name === 'bytes' ? of === 'string' : of === 'bytes') ? traversal(size(first)) : 1;
    case '@in':
      return Array.isArray(second) ? second.length : 1;
    case '_==_':
    case '_!=_':
      return traversal(Math.min(size(first), size(second)));
    case '_<_':
    case '_<=_':
    case '_>_':
    case '_>=_':
      return of === 'string' || of === 'bytes' ? traversal(Math.min(size(first), size(second))) : 1;
    case '_+_':
      return of === 'string' || of === 'bytes' ? traversal(size(first) + size(second)) : 1;
    default:
      return 1;
  }
}

/** The cost of looking at all of a value. */
function traversed(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array)
    return Math.floor(value.length * STRING_TRAVERSAL);
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + traversed(item), 0);
  if (!(value instanceof CelMap)) return 1;
  let sum = 0;
  for (const key of value.keys()) sum += traversed(key) + traversed(value.get(key));
  return sum;
}
