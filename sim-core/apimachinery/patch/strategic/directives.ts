import { goTypeName, goValue } from '../../go-values.ts';
import type { Json, JsonObject } from '../../object.ts';

export const PATCH = '$patch';
export const RETAIN_KEYS = '$retainKeys';
const DELETE_FROM_PRIMITIVE_LIST = '$deleteFromPrimitiveList';
const SET_ELEMENT_ORDER = '$setElementOrder';

/** "$setElementOrder/containers". */
export const setElementOrderKey = (field: string) => `${SET_ELEMENT_ORDER}/${field}`;
/** "$deleteFromPrimitiveList/finalizers". */
export const deleteFromPrimitiveListKey = (field: string) => `${DELETE_FROM_PRIMITIVE_LIST}/${field}`;
export const isSetElementOrder = (key: string) => key.startsWith(SET_ELEMENT_ORDER);
export const isDeleteFromPrimitiveList = (key: string) => key.startsWith(DELETE_FROM_PRIMITIVE_LIST);

/** Upstream's fixed complaints about the form of a patch. */
export const BAD_FORMAT = {
  primitiveList: 'invalid patch format of primitive list',
  retainKeys: 'invalid patch format of retainKeys',
  setElementOrder: 'invalid patch format of setElementOrder list',
  listOfLists: 'lists of lists are not supported',
} as const;

/**
 * A strategic merge patch that cannot be made or applied; the message is upstream's.
 * Models k8s.io/apimachinery/pkg/util/mergepatch/errors.go.
 */
export class StrategicPatchError extends Error {
  override readonly name = 'StrategicPatchError';

  /** The code that an apiserver answers with: 400 and 422 for malformed patches, 500 for others. */
  get code(): 400 | 422 | 500 {
    if (this.message === BAD_FORMAT.listOfLists) return 422;
    return (Object.values(BAD_FORMAT) as string[]).includes(this.message) ? 400 : 500;
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The field that a directive such as "$setElementOrder/containers" is about. */
export function fieldOfDirective(key: string): string {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? key : key.slice(0, slash);
  if (slash < 0 || (prefix !== SET_ELEMENT_ORDER && prefix !== DELETE_FROM_PRIMITIVE_LIST)) {
    throw new StrategicPatchError(
      isSetElementOrder(key) ? BAD_FORMAT.setElementOrder : BAD_FORMAT.primitiveList,
    );
  }
  return key.slice(slash + 1);
}

/** The value of a list item's merge key. */
export function mergeKeyOf(item: Json, mergeKey: string): Json {
  if (!isObject(item)) throw badType('map[string]interface {}', item);
  const value = Object.hasOwn(item, mergeKey) ? item[mergeKey] : undefined;
  if (value === undefined) {
    throw new StrategicPatchError(`map: ${goValue(item)} does not contain declared merge key: ${mergeKey}`);
  }
  return value;
}

export function badType(expected: string, actual: Json): StrategicPatchError {
  const type = actual === null ? '%!s(<nil>)' : goTypeName(actual);
  return new StrategicPatchError(`expected a ${expected}, but received a ${type}`);
}

/** What the items of lists are: all of one kind, or the lists cannot merge. */
export function elementKind(...lists: readonly (readonly Json[])[]): 'map' | 'scalar' {
  let kind: string | undefined;
  for (const item of lists.flat()) {
    const type = goTypeName(item);
    if (type === '[]interface {}') throw new StrategicPatchError(BAD_FORMAT.listOfLists);
    if (kind !== undefined && kind !== type) {
      throw new StrategicPatchError(
        `list element types are not identical: ${goValue(lists.map((list) => [...list]))}`,
      );
    }
    kind = type;
  }
  if (kind === undefined) throw new StrategicPatchError('no elements in any of the given slices');
  return kind === 'map[string]interface {}' ? 'map' : 'scalar';
}
