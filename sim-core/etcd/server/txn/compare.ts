import type { Compare, KeyValue } from '../../clientv3/client.ts';
import { compareBytes } from '../../clientv3/bytes.ts';
import type { ReadView } from '../../mvcc/kvstore-txn.ts';
import { NO_LEASE } from '../../mvcc/revision.ts';
import { storeEnd } from './range.ts';

/** What a comparison sees of a key that is not there. */
const ABSENT: KeyValue = {
  key: '',
  value: '',
  createRevision: 0,
  modRevision: 0,
  version: 0,
  lease: NO_LEASE,
};

/** Below 0, 0 or above 0 as the key's property is below, equal to or above the operand. */
const TARGETS: Readonly<Record<Compare['target'], (kv: KeyValue, operand: string | number) => number>> = {
  value: (kv, operand) => compareBytes(kv.value, String(operand)),
  version: (kv, operand) => kv.version - Number(operand),
  create: (kv, operand) => kv.createRevision - Number(operand),
  mod: (kv, operand) => kv.modRevision - Number(operand),
  lease: (kv, operand) => compareBigints(BigInt(kv.lease), BigInt(operand)),
};

const RESULTS: Readonly<Record<Compare['result'], (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
};

/**
 * True if all conditions hold. A condition on a range must hold for each of its keys; where there is
 * no key, one on the value fails and any other sees zero. Models server/etcdserver/txn/txn.go applyCompares.
 */
export function holds(view: ReadView, compares: readonly Compare[]): boolean {
  return compares.every((compare) => {
    const { kvs } = view.range(compare.key, storeEnd(compare.rangeEnd));
    if (kvs.length === 0) return compare.target !== 'value' && holdsFor(ABSENT, compare);
    return kvs.every((kv) => holdsFor(kv, compare));
  });
}

function holdsFor(kv: KeyValue, { target, result, operand }: Compare): boolean {
  return RESULTS[result](TARGETS[target](kv, operand));
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
