import type { GroupVersionKind } from '../../../apimachinery/object.ts';
import type { FieldSchema, ObjectSchema, TypeSchema } from '../../../apimachinery/schema/schema.ts';
import { schemaOf } from '../../../apimachinery/schema/schema.ts';
import type { JSONSchemaProps } from '../types.ts';
import { additionalSchema } from './traverse.ts';

const META = schemaOf('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')!;
const STRING: TypeSchema = { type: 'scalar', scalar: 'string' };
/** Of what may be anything server-side apply learns the structure from the values. */
const DEDUCED: TypeSchema = {
  type: 'object',
  schema: {
    name: '',
    shortName: '',
    fields: new Map(),
    atomic: false,
    alwaysPresent: [],
    printed: [],
    preservesUnknown: true,
  },
};
const ANY: TypeSchema = { type: 'scalar', scalar: 'any' };

/** What the type of a custom resource is called: "com.example.v1.Widget". */
export function typeNameOf({ group, version, kind }: GroupVersionKind): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
}

/**
 * A structural schema as the type that patches and server-side apply know of built-in kinds: which lists
 * are maps and sets, which objects are atomic. `name` is that of {@link typeNameOf}.
 *
 * Models pkg/controller/openapi/builder with kube-openapi's schemaconv.
 */
export function objectType(name: string, schema: JSONSchemaProps): ObjectSchema {
  return embedded(name, schema);
}

function structure(name: string, schema: JSONSchemaProps): ObjectSchema {
  const required = schema.required ?? [];
  return {
    name,
    shortName: name.slice(name.lastIndexOf('.') + 1),
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    alwaysPresent: [],
    printed: [],
    preservesUnknown: schema['x-kubernetes-preserve-unknown-fields'] === true,
    fields: new Map(
      Object.keys(schema.properties ?? {})
        .sort()
        .map((field) => [field, fieldOf(name, field, schema.properties![field]!, required.includes(field))]),
    ),
  };
}

const plainField = (name: string, type: TypeSchema): FieldSchema => ({
  name,
  // Go holds these objects as maps: their keys stand in the order of the alphabet.
  place: 0,
  required: false,
  type,
  omitsZero: true,
});

function fieldOf(owner: string, name: string, schema: JSONSchemaProps, required: boolean): FieldSchema {
  const listType = schema['x-kubernetes-list-type'] ?? schema['x-kubernetes-map-type'];
  return {
    ...plainField(name, typeOf(`${owner}.${name}`, schema)),
    required,
    ...(listType !== undefined &&
      listType !== 'granular' && {
        merge: {
          patchStrategy: [],
          patchMergeKey: '',
          listType: listType as 'map' | 'set' | 'atomic',
          listMapKeys: schema['x-kubernetes-list-map-keys'] ?? [],
        },
      }),
    ...(schema.default !== undefined &&
      typeof schema.default !== 'object' && { keyDefault: String(schema.default) }),
  };
}

function typeOf(name: string, schema: JSONSchemaProps): TypeSchema {
  if (schema['x-kubernetes-int-or-string']) return { type: 'scalar', scalar: 'int-or-string' };
  switch (schema.type) {
    case 'string':
      return STRING;
    case 'integer':
      return { type: 'scalar', scalar: schema.format === 'int32' ? 'int32' : 'int64' };
    case 'number':
      return { type: 'scalar', scalar: 'double' };
    case 'boolean':
      return { type: 'scalar', scalar: 'boolean' };
    case 'array':
      return { type: 'array', items: schema.items === undefined ? ANY : typeOf(name, schema.items) };
    case 'object': {
      if (schema['x-kubernetes-embedded-resource'] === true) {
        return { type: 'object', schema: embedded(name, schema) };
      }
      if (schema.properties !== undefined) return { type: 'object', schema: structure(name, schema) };
      const values = additionalSchema(schema);
      if (values === undefined && schema['x-kubernetes-preserve-unknown-fields'] === true) return DEDUCED;
      return values === undefined ? ANY : { type: 'map', values: typeOf(name, values) };
    }
    default:
      return schema['x-kubernetes-preserve-unknown-fields'] === true ? DEDUCED : ANY;
  }
}

/** An object with a kind and metadata of its own. */
function embedded(name: string, schema: JSONSchemaProps): ObjectSchema {
  const type = structure(name, schema);
  const fields = new Map(type.fields);
  for (const own of ['apiVersion', 'kind']) fields.set(own, plainField(own, STRING));
  fields.set('metadata', plainField('metadata', { type: 'object', schema: META }));
  return { ...type, fields };
}
