import type { Json } from '../../apimachinery/object.ts';
import { NAMED_ANY, type NamedAny, NAMED_SCALARS } from '../../apimachinery/schema/named-types.ts';
import type { ObjectSchema, Scalar, TypeSchema } from '../../apimachinery/schema/schema.ts';

/** Where a value stands, "Deployment.spec.replicas", and the place of its type: "io.k8s.api.apps.v1.DeploymentSpec.replicas". */
interface Place {
  readonly value: string;
  readonly type: string;
}

/** How version 2 of OpenAPI calls scalars; all others are texts, and whatever is no list and no map may be a text. */
const PRIMITIVES: Partial<Readonly<Record<Scalar, string>>> = {
  int32: 'integer',
  int64: 'integer',
  double: 'number',
  boolean: 'boolean',
};

/**
 * What is wrong with an object by its type in OpenAPI v2; `name` is what it is called in errors: its kind.
 * Models k8s.io/kube-openapi/pkg/util/proto/validation.
 */
export function validateModel(value: Json, schema: ObjectSchema, name: string): Error[] {
  return objectErrors(value, schema, name);
}

function objectErrors(value: Json, schema: ObjectSchema, place: string): Error[] {
  if (schema.fields.size === 0) return anyObjectErrors(value, { value: place, type: schema.name });
  if (!isMap(value)) return [wrongType(value, 'map', { value: place, type: schema.name })];
  const errors: Error[] = [];
  for (const [key, inner] of entriesOf(value)) {
    if (inner === null) continue;
    const field = schema.fields.get(key);
    if (field === undefined) {
      errors.push(invalid(place, `unknown field ${JSON.stringify(key)} in ${schema.name}`));
      continue;
    }
    const any = NAMED_ANY.get(`${schema.name}.${key}`);
    const inside = { value: `${place}.${key}`, type: `${schema.name}.${key}` };
    errors.push(...valueErrors(inner, field.type, inside, any));
  }
  for (const { name, required } of schema.fields.values()) {
    if (required && (value[name] ?? null) === null)
      errors.push(invalid(place, `missing required field ${JSON.stringify(name)} in ${schema.name}`));
  }
  return errors;
}

/** `any` is the type of what is of any shape. */
function valueErrors(value: Json, type: TypeSchema, place: Place, any: NamedAny | undefined): Error[] {
  switch (type.type) {
    case 'object':
      return objectErrors(value, type.schema, place.value);
    case 'array':
      if (!Array.isArray(value)) return [wrongType(value, 'array', place)];
      return value.flatMap((item, index) => {
        const inner = { ...place, value: `${place.value}[${index}]` };
        if (item === null) return [invalid(place.value, `unknown object type "nil" in ${inner.value}`)];
        return valueErrors(item, type.items, inner, any);
      });
    case 'map':
      if (!isMap(value)) return [wrongType(value, 'map', place)];
      return entriesOf(value).flatMap(([key, item]) => {
        const inner = { ...place, value: `${place.value}.${key}` };
        if (item === null) return [new Error(`unknown object type "nil" in ${inner.value}`)];
        return valueErrors(item, type.values, inner, any);
      });
    case 'scalar':
      if (type.scalar !== 'any') return primitiveErrors(value, type.scalar, place);
      if (any?.isObject === false) return [];
      return anyObjectErrors(value, { ...place, type: any?.name ?? place.type });
  }
}

function anyObjectErrors(value: Json, place: Place): Error[] {
  return isMap(value) ? [] : [wrongType(value, 'map', place)];
}

function primitiveErrors(value: Json, scalar: Scalar, place: Place): Error[] {
  const expected = PRIMITIVES[scalar] ?? 'string';
  const actual = typeOf(value);
  const isNumber = (name: string) => name === 'integer' || name === 'number';
  const suits =
    expected === 'string'
      ? actual !== 'array' && actual !== 'map'
      : expected === actual || (isNumber(expected) && isNumber(actual));
  return suits ? [] : [wrongType(value, expected, { ...place, type: NAMED_SCALARS[scalar] ?? place.type })];
}

const isMap = (value: Json): value is Record<string, Json> => typeOf(value) === 'map';

/** Sorted, as Go's validation goes through a map. */
function entriesOf(map: Readonly<Record<string, Json>>): (readonly [string, Json])[] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}

function typeOf(value: Json): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'array' : 'map';
  return typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
}

function wrongType(value: Json, expected: string, { value: place, type }: Place): Error {
  const [got, wanted] = [typeOf(value), expected].map((name) => JSON.stringify(name));
  return invalid(place, `invalid type for ${type}: got ${got}, expected ${wanted}`);
}

function invalid(place: string, message: string): Error {
  return new Error(`ValidationError(${place}): ${message}`);
}
