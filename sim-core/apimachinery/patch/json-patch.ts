import { deepCopy, deepEqual, setField } from '../copy.ts';
import { goQuote } from '../go-format.ts';
import type { Json } from '../object.ts';

/** A patch that does not apply; the message is that of upstream's library. */
export class JsonPatchError extends Error {
  override readonly name = 'JsonPatchError';
}

/** One operation of RFC 6902 as a client sends it; fields may be missing. */
export interface JsonPatchOperation {
  readonly op?: Json;
  readonly path?: Json;
  readonly from?: Json;
  readonly value?: Json;
}

type Container = Json[] | { [key: string]: Json };
const MISSING = 'missing value';

/**
 * Applies the operations in order to a copy of `document`. Throws a JsonPatchError.
 *
 * As upstream's library does it: indexes from the end are allowed (-1), "replace" of a field that is
 * missing adds it, "test" of a missing field against null succeeds. `copy` copies what comes from the patch.
 * Models github.com/evanphx/json-patch Patch.Apply.
 */
export function applyJsonPatch<T extends Json>(
  document: T,
  operations: readonly JsonPatchOperation[],
  copy: (value: Json) => Json = deepCopy,
): Json {
  // The holder lets the root be replaced like any other value.
  const holder = { root: copy(document) };
  for (const operation of operations) applyOperation(holder, operation, copy);
  return holder.root;
}

function applyOperation(
  holder: { root: Json },
  operation: JsonPatchOperation,
  copy: (value: Json) => Json,
): void {
  const { op } = operation;
  const valueOf = (from: JsonPatchOperation) => copy(from.value ?? null);
  switch (op) {
    case 'add': {
      const path = pathOf(operation, 'add operation failed to decode path');
      const place = find(holder.root, path);
      if (place === undefined) {
        throw new JsonPatchError(`add operation does not apply: doc is missing path: "${path}": ${MISSING}`);
      }
      add(place, valueOf(operation), `error in add for path: '${path}'`);
      return;
    }
    case 'remove': {
      const path = pathOf(operation, 'remove operation failed to decode path');
      const place = find(holder.root, path);
      if (place === undefined) {
        throw new JsonPatchError(
          `remove operation does not apply: doc is missing path: "${path}": ${MISSING}`,
        );
      }
      remove(place, `error in remove for path: '${path}'`);
      return;
    }
    case 'replace': {
      const path = pathOf(operation, 'replace operation failed to decode path');
      if (path === '') {
        // Upstream looks for an object or a list, finds none, and forgets to say so.
        if (typeof operation.value === 'object' && operation.value !== null)
          holder.root = copy(operation.value);
        return;
      }
      const place = find(holder.root, path);
      if (place === undefined) {
        throw new JsonPatchError(
          `replace operation does not apply: doc is missing path: ${path}: ${MISSING}`,
        );
      }
      if (Array.isArray(place.container)) {
        const index = indexIn(place.container, place.key);
        if (typeof index !== 'number') {
          throw new JsonPatchError(
            `replace operation does not apply: doc is missing key: ${path}: ${MISSING}`,
          );
        }
        place.container[index] = valueOf(operation);
      } else {
        setField(place.container, place.key, valueOf(operation));
      }
      return;
    }
    case 'move':
    case 'copy': {
      const from = textOf(
        operation.from,
        `${op} operation failed to decode from: operation, missing from field`,
      );
      const source = find(holder.root, from);
      if (source === undefined) {
        throw new JsonPatchError(
          `${op} operation does not apply: doc is missing from path: ${from}: ${MISSING}`,
        );
      }
      const where =
        op === 'move' ? `error in move for path: '${source.key}'` : `error in copy for from: '${from}'`;
      const value = get(source, where);
      if (op === 'move') remove(source, where);
      const path = pathOf(operation, `${op} operation failed to decode path`);
      const target = find(holder.root, path);
      if (target === undefined) {
        throw new JsonPatchError(
          `${op} operation does not apply: doc is missing destination path: ${path}: ${MISSING}`,
        );
      }
      add(
        target,
        copy(value ?? null),
        op === 'move' ? `error in move for path: '${path}'` : 'error while adding value during copy',
      );
      return;
    }
    case 'test':
      test(holder.root, operation);
      return;
    default:
      throw new JsonPatchError(`Unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`);
  }
}

function test(root: Json, operation: JsonPatchOperation): void {
  const path = pathOf(operation, 'test operation failed to decode path');
  const failed = () => new JsonPatchError(`testing value ${path} failed: test failed`);
  const expected = operation.value ?? null;
  if (path === '') {
    if (!deepEqual(root, expected)) throw failed();
    return;
  }
  const place = find(root, path);
  if (place === undefined) {
    throw new JsonPatchError(`test operation does not apply: is missing path: ${path}: ${MISSING}`);
  }
  if (!deepEqual(get(place, `error in test for path: '${path}'`) ?? null, expected)) throw failed();
}

interface Place {
  readonly container: Container;
  readonly key: string;
}

/** The container that the last part of a path stands in. */
function find(root: Json, path: string): Place | undefined {
  const parts = path.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (parts.length < 2) return undefined;
  let container = root;
  for (const part of parts.slice(1, -1)) {
    if (typeof container !== 'object' || container === null) return undefined;
    const index = Array.isArray(container) ? indexIn(container, part) : undefined;
    if (typeof index === 'string') return undefined;
    const next: Json | undefined = Array.isArray(container)
      ? container[index!]
      : Object.hasOwn(container, part)
        ? container[part]
        : undefined;
    if (next === undefined) return undefined;
    container = next;
  }
  return typeof container === 'object' && container !== null ? { container, key: parts.at(-1)! } : undefined;
}

/** The place in a list that `key` means, or why it means none. `length` is one more for an insertion. */
function indexIn(list: readonly Json[], key: string, length = list.length): number | string {
  if (!/^[+-]?\d+$/.test(key)) return `strconv.Atoi: parsing ${goQuote(key)}: invalid syntax`;
  const index = Number(key);
  if (index >= length || index < -length) {
    return `Unable to access invalid index: ${index}: invalid index referenced`;
  }
  return index < 0 ? index + length : index;
}

function get({ container, key }: Place, where: string): Json | undefined {
  if (!Array.isArray(container)) return Object.hasOwn(container, key) ? container[key] : undefined;
  const index = indexIn(container, key);
  if (typeof index === 'string') throw new JsonPatchError(`${where}: ${index}`);
  return container[index];
}

function add({ container, key }: Place, value: Json, where: string): void {
  if (!Array.isArray(container)) {
    setField(container, key, value);
    return;
  }
  if (key === '-') {
    container.push(value);
    return;
  }
  const index = indexIn(container, key, container.length + 1);
  if (typeof index === 'string') {
    const proper = index.startsWith('strconv') ? `value was not a proper array index: '${key}': ` : '';
    throw new JsonPatchError(`${where}: ${proper}${index}`);
  }
  container.splice(index, 0, value);
}

function remove({ container, key }: Place, where: string): void {
  if (Array.isArray(container)) {
    const index = indexIn(container, key);
    if (typeof index === 'string') throw new JsonPatchError(`${where}: ${index}`);
    container.splice(index, 1);
  } else if (Object.hasOwn(container, key)) {
    delete container[key];
  } else {
    throw new JsonPatchError(`${where}: Unable to remove nonexistent key: ${key}: ${MISSING}`);
  }
}

function textOf(value: Json | undefined, complaint: string): string {
  if (typeof value === 'string') return value;
  throw new JsonPatchError(`${complaint}: ${MISSING}`);
}
const pathOf = (operation: JsonPatchOperation, complaint: string) => textOf(operation.path, complaint);
