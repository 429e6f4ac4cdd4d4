// Its index would bring along what applies patches, of which this has no use.
import { diffAny } from 'rfc6902/diff.js';
import { Pointer } from 'rfc6902/pointer.js';
import { deepEqual } from '../copy.ts';
import type { Json } from '../object.ts';
import type { PatchOperation } from '../trace.ts';

/** The operations that make `after` of `before`, in the order of the fields. */
export function diff(before: unknown, after: unknown): PatchOperation[] {
  return diffAt('', before, after);
}

/** What is equal is passed by at once: the library looks into lists that differ alone. */
function diffAt(path: string, before: unknown, after: unknown): PatchOperation[] {
  if (deepEqual(before, after)) return [];
  if (!isMap(before) || !isMap(after)) return operationsBetween(path, before, after);
  const operations: PatchOperation[] = [];
  const at = (key: string) => `${path}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`;
  for (const key in before) {
    if (!isPresent(after, key)) operations.push({ op: 'remove', path: at(key) });
  }
  for (const key in after) {
    if (!isPresent(before, key)) operations.push({ op: 'add', path: at(key), value: after[key] as Json });
  }
  for (const key in before) {
    if (isPresent(after, key)) operations.push(...diffAt(at(key), before[key], after[key]));
  }
  return operations;
}

function operationsBetween(path: string, before: unknown, after: unknown): PatchOperation[] {
  return diffAny(before, after, new Pointer()).map((operation): PatchOperation => {
    switch (operation.op) {
      case 'add':
      case 'replace':
        return { op: operation.op, path: path + operation.path, value: operation.value as Json };
      case 'remove':
        return { op: 'remove', path: path + operation.path };
      default:
        throw new Error(`a difference has an operation ${operation.op}`);
    }
  });
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isPresent = (map: Record<string, unknown>, key: string) =>
  Object.hasOwn(map, key) && map[key] !== undefined;
