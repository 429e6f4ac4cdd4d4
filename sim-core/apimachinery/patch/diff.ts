import { createPatch } from 'rfc6902';
import type { Json } from '../object.ts';
import type { PatchOperation } from '../trace.ts';

/** The operations that make `after` of `before`, in the order of the fields. */
export function diff(before: unknown, after: unknown): PatchOperation[] {
  return createPatch(before, after).flatMap((operation): PatchOperation[] => {
    switch (operation.op) {
      case 'add':
      case 'replace':
        return [{ op: operation.op, path: operation.path, value: operation.value as Json }];
      case 'remove':
        return [{ op: 'remove', path: operation.path }];
      default:
        throw new Error(`a difference has an operation ${operation.op}`);
    }
  });
}
