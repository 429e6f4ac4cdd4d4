import { describe, expect, test } from 'vitest';
import type { Operation, Transaction } from '../clientv3/client.ts';
import { checkIntervals, checkTxnRequest } from './kv-validation.ts';

const put = (key: string): Operation => ({ type: 'put', key, value: '' });
const del = (key: string, rangeEnd?: string): Operation =>
  rangeEnd === undefined ? { type: 'delete', key } : { type: 'delete', key, rangeEnd };
const get = (key: string): Operation => ({ type: 'range', key });
const nested = (success: Operation[], failure: Operation[] = []): Operation => ({
  type: 'txn',
  compare: [],
  success,
  failure,
});

describe('checkIntervals', () => {
  test.each<[string, Operation[]]>([
    ['two keys', [put('a'), put('b')]],
    ['a key that is read twice', [get('a'), get('a'), put('a')]],
    ['two deletions of a key', [del('a'), del('a')]],
    ['a put beside a deleted range', [put('c'), del('a', 'c')]],
    ['a key in both branches of a nested transaction', [nested([put('a')], [put('a')])]],
    ['a deletion and a put in different branches', [nested([del('a')], [put('b')])]],
  ])('allows %s', (_name, operations) => {
    expect(() => checkIntervals(operations)).not.toThrow();
  });

  test.each<[string, Operation[]]>([
    ['a key that is put twice', [put('a'), put('a')]],
    ['a key that is put and deleted', [put('a'), del('a')]],
    ['a put within a deleted range', [del('a', 'c'), put('b')]],
    ['a put that a nested transaction repeats', [put('a'), nested([put('a')])]],
    ['two nested transactions that put a key', [nested([put('a')]), nested([], [put('a')])]],
    ['a put that a nested transaction deletes', [put('a'), nested([], [del('a', 'b')])]],
    ['a nested put within a deleted range', [del('a', 'c'), nested([nested([put('b')])])]],
    ['a mistake within one branch', [nested([], [put('a'), put('a')])]],
  ])('refuses %s', (_name, operations) => {
    expect(() => checkIntervals(operations)).toThrow('etcdserver: duplicate key given in txn request');
  });
});

describe('checkTxnRequest', () => {
  const txn = (changes: Partial<Transaction>): Transaction => ({
    compare: [],
    success: [],
    failure: [],
    ...changes,
  });
  const compare = { target: 'version', result: '=', operand: 0 } as const;
  test.each<[string, Transaction, string]>([
    [
      'too many operations',
      txn({ success: [get('a'), get('b'), get('c')] }),
      'etcdserver: too many operations in txn request',
    ],
    [
      'too many together with those around',
      txn({ failure: [nested([get('a'), get('b')])] }),
      'etcdserver: too many operations in txn request',
    ],
    [
      'a condition without a key',
      txn({ compare: [{ key: '', ...compare }] }),
      'etcdserver: key is not provided',
    ],
    ['a read without a key', txn({ success: [get('')] }), 'etcdserver: key is not provided'],
    ['a deletion without a key', txn({ failure: [nested([del('')])] }), 'etcdserver: key is not provided'],
    [
      'a value where the old one stays',
      txn({ success: [{ type: 'put', key: 'a', value: 'v', ignoreValue: true }] }),
      'etcdserver: value is provided',
    ],
    [
      'a lease where the old one stays',
      txn({ success: [{ type: 'put', key: 'a', value: '', lease: '1', ignoreLease: true }] }),
      'etcdserver: lease is provided',
    ],
  ])('refuses %s', (_name, request, message) => {
    expect(() => checkTxnRequest(request, 2)).toThrow(message);
  });
});
