import type { CelFunction } from './functions.ts';
import { CelFunctionError } from './functions.ts';

type Comparable = bigint | number | string | boolean | Date;

const same = (a: unknown, b: unknown): boolean => {
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
    if (Array.isArray(a) && Array.isArray(b)) {
      return a.length === b.length && a.every((item, index) => same(item, b[index]));
    }
    const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => same(left[key], right[key]));
  }
  // Numbers of different types are compared by value.
  return a === b || (isNumber(a) && isNumber(b) && Number(a) === Number(b));
};
const isNumber = (value: unknown) => typeof value === 'bigint' || typeof value === 'number';

function extreme(name: string, better: (a: Comparable, b: Comparable) => boolean) {
  return (list: readonly Comparable[]) => {
    if (list.length === 0) throw new CelFunctionError(`${name} called on empty list`);
    return list.reduce((best, item) => (better(item, best) ? item : best));
  };
}

function sum(list: readonly (bigint | number)[]): bigint | number {
  if (list.length === 0) return 0n;
  return list.reduce((total, item) =>
    typeof total === 'bigint' && typeof item === 'bigint' ? total + item : Number(total) + Number(item),
  );
}

function flatten(list: readonly unknown[], depth: bigint): unknown[] {
  return list.flatMap((item) => (Array.isArray(item) && depth > 0n ? flatten(item, depth - 1n) : [item]));
}

const includes = (list: readonly unknown[], item: unknown) => list.some((other) => same(other, item));
const containsAll = (list: readonly unknown[], others: readonly unknown[]) =>
  others.every((item) => includes(list, item));

/** Kubernetes' lists library, and cel-go's lists and sets. Models pkg/cel/library/lists.go. */
export const LISTS: readonly CelFunction[] = [
  [
    'list.isSorted(): bool',
    (list: readonly Comparable[]) => list.every((item, index) => index === 0 || list[index - 1]! <= item),
  ],
  ['list.sum(): dyn', sum],
  ['list.min(): dyn', extreme('min', (a, b) => a < b)],
  ['list.max(): dyn', extreme('max', (a, b) => a > b)],
  [
    'list.indexOf(dyn): int',
    (list: readonly unknown[], item: unknown) => BigInt(list.findIndex((other) => same(other, item))),
  ],
  [
    'list.lastIndexOf(dyn): int',
    (list: readonly unknown[], item: unknown) => BigInt(list.findLastIndex((other) => same(other, item))),
  ],
  [
    'list.distinct(): list',
    (list: readonly unknown[]) =>
      list.filter((item, at) => list.findIndex((other) => same(other, item)) === at),
  ],
  ['list.reverse(): list', (list: readonly unknown[]) => [...list].reverse()],
  ['list.flatten(): list', (list: readonly unknown[]) => flatten(list, 1n)],
  ['list.flatten(int): list', flatten],
  [
    'list.slice(int, int): list',
    (list: readonly unknown[], start: bigint, end: bigint) => {
      if (start < 0n || end > BigInt(list.length) || start > end) {
        throw new CelFunctionError(
          `cannot slice(${start}, ${end}), invalid range for list of length ${list.length}`,
        );
      }
      return list.slice(Number(start), Number(end));
    },
  ],
  [
    'list.sort(): list',
    (list: readonly Comparable[]) => [...list].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
  ],
  [
    'Sets.contains(list, list): bool',
    (_: unknown, list: readonly unknown[], others: readonly unknown[]) => containsAll(list, others),
  ],
  [
    'Sets.equivalent(list, list): bool',
    (_: unknown, a: readonly unknown[], b: readonly unknown[]) => containsAll(a, b) && containsAll(b, a),
  ],
  [
    'Sets.intersects(list, list): bool',
    (_: unknown, a: readonly unknown[], b: readonly unknown[]) => a.some((item) => includes(b, item)),
  ],
];
