import { goTypeName, goValue } from '../../../apimachinery/go-values.ts';
import { isFloat } from '../../../apimachinery/json/float-literals.ts';
import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import { isObject } from '../schema/traverse.ts';

/** A field that has not the type that its reader expects; the message is upstream's. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
}

const segments = (path: string) => path.replace(/^\./, '').split('.');

/** What stands at a simple path (".spec.size"). */
interface Found {
  readonly value: Json;
  readonly isFloat: boolean;
}

/** Undefined where there is nothing. Throws an AccessError. */
function valueAt(object: JsonObject, path: string): Found | undefined {
  const names = segments(path);
  let value: Json = object;
  let float = false;
  for (let index = 0; index < names.length; index++) {
    if (!isObject(value)) {
      throw new AccessError(
        `.${names.join('.')} accessor error: ${goValue(value)} is of the type ${goTypeName(value)}, expected map[string]interface{}`,
      );
    }
    if (!Object.hasOwn(value, names[index]!)) return undefined;
    float = isFloat(value, names[index]!);
    value = value[names[index]!]!;
  }
  return { value, isFloat: float };
}

/** Models unstructured.NestedInt64. */
export function nestedInteger(object: JsonObject, path: string): number | undefined {
  return nested(object, path, 'int64', (value): value is number => Number.isInteger(value));
}

/** Models unstructured.NestedString. */
export function nestedString(object: JsonObject, path: string): string | undefined {
  return nested(object, path, 'string', (value): value is string => typeof value === 'string');
}

function nested<T extends Json>(
  object: JsonObject,
  path: string,
  type: string,
  is: (value: Json) => value is T,
): T | undefined {
  const found = valueAt(object, path);
  if (found === undefined) return undefined;
  const { value } = found;
  if (!found.isFloat && is(value)) return value;
  throw new AccessError(
    `.${segments(path).join('.')} accessor error: ${goValue(value)} is of the type ${found.isFloat ? 'float64' : goTypeName(value)}, expected ${type}`,
  );
}

/** Sets the value at a simple path; objects on the way are made. Changes `object`. Models SetNestedField. */
export function setNested(object: JsonObject, path: string, value: Json): void {
  const names = segments(path);
  let inner = object;
  for (const name of names.slice(0, -1)) {
    const next = Object.hasOwn(inner, name) ? inner[name] : undefined;
    if (isObject(next)) inner = next;
    else inner = inner[name] = {};
  }
  inner[names.at(-1)!] = value;
}
