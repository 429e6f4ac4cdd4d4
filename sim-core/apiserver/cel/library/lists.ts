import { CelDuration, CelUint, compareValues, equalValues } from '../values.ts';
import type { CelFunction } from './functions.ts';
import { CelFunctionError } from './functions.ts';
import { STANDARD } from './standard.ts';

function compare(a: unknown, b: unknown): number {
  const order = compareValues(a, b);
  if (order === undefined) throw new CelFunctionError('no such overload');
  return order;
}

const isSorted = (list: readonly unknown[]) =>
  list.every((item, index) => index === 0 || compare(list[index - 1], item) <= 0);

function extreme(name: string, sign: 1 | -1) {
  return (list: readonly unknown[]) => {
    if (list.length === 0) throw new CelFunctionError(`${name} called on empty list`);
    return list.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best));
  };
}

const add = STANDARD.find(([name]) => name === '_+_')![2];
/** What the sum of no values of a type is. */
const ZEROS = { int: 0n, uint: new CelUint(0n), double: 0, duration: new CelDuration(0n) };

const indexOf = (list: readonly unknown[], item: unknown) =>
  BigInt(list.findIndex((other) => equalValues(other, item)));
const lastIndexOf = (list: readonly unknown[], item: unknown) =>
  BigInt(list.findLastIndex((other) => equalValues(other, item)));

function flatten(list: readonly unknown[], depth = 1n): unknown[] {
  if (depth < 0n) throw new CelFunctionError('level must be non-negative');
  return list.flatMap((item) => (Array.isArray(item) && depth > 0n ? flatten(item, depth - 1n) : [item]));
}

function slice(list: readonly unknown[], start: bigint, end: bigint): unknown[] {
  const fault =
    start < 0n || end < 0n
      ? 'negative indexes not supported'
      : start > end
        ? 'start index must be less than or equal to end index'
        : end > BigInt(list.length)
          ? `list is length ${list.length}`
          : undefined;
  if (fault !== undefined) throw new CelFunctionError(`cannot slice(${start}, ${end}), ${fault}`);
  return list.slice(Number(start), Number(end));
}

const distinct = (list: readonly unknown[]) =>
  list.filter((item, at) => list.findIndex((other) => equalValues(other, item)) === at);

const includes = (list: readonly unknown[], item: unknown) => list.some((other) => equalValues(other, item));
const containsAll = (list: readonly unknown[], others: readonly unknown[]) =>
  others.every((item) => includes(list, item));

const COMPARABLE = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];
const each = (result?: string) => COMPARABLE.map((type) => `list<${type}>.() ${result ?? type}`).join(' | ');

/** Models k8s.io/apiserver/pkg/cel/library/lists.go and cel-go ext/{lists,sets}.go. */
export const LISTS: readonly CelFunction[] = [
  ['isSorted', each('bool'), isSorted],
  ...Object.entries(ZEROS).map(([type, zero]): CelFunction => [
    'sum',
    `list<${type}>.() ${type}`,
    (list: readonly unknown[]) => list.reduce((total, item) => add(total, item), zero),
  ]),
  ['max', each(), extreme('max', 1)],
  ['min', each(), extreme('min', -1)],
  ['indexOf', 'list<A>.(A) int', indexOf],
  ['lastIndexOf', 'list<A>.(A) int', lastIndexOf],
  ['distinct', 'list<T>.() list<T>', distinct],
  ['reverse', 'list<T>.() list<T>', (list: readonly unknown[]) => list.toReversed()],
  ['flatten', 'list<list<T>>.() list<T> | list<dyn>.(int) list<dyn>', flatten],
  ['slice', 'list<T>.(int, int) list<T>', slice],
  [
    'sort',
    COMPARABLE.map((type) => `list<${type}>.() list<${type}>`).join(' | '),
    (list: readonly unknown[]) => list.toSorted(compare),
  ],
  [
    '@sortByAssociatedKeys',
    COMPARABLE.map((type) => `list<T>.(list<${type}>) list<T>`).join(' | '),
    (list: readonly unknown[], keys: readonly unknown[]) =>
      list
        .map((item, index) => [keys[index], item] as const)
        .toSorted(([a], [b]) => compare(a, b))
        .map(([, item]) => item),
  ],
  [
    'lists.range',
    '(int) list<int>',
    (count: bigint) => Array.from({ length: Math.max(Number(count), 0) }, (_, index) => BigInt(index)),
  ],
  ['sets.contains', '(list<T>, list<T>) bool', containsAll],
  [
    'sets.equivalent',
    '(list<T>, list<T>) bool',
    (a: readonly unknown[], b: readonly unknown[]) => containsAll(a, b) && containsAll(b, a),
  ],
  [
    'sets.intersects',
    '(list<T>, list<T>) bool',
    (a: readonly unknown[], b: readonly unknown[]) => a.some((item) => includes(b, item)),
  ],
];
