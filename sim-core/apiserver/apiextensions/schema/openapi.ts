import type { GroupVersionKind, Json, JsonObject } from '../../../apimachinery/object.ts';
import { V2, V3 } from '../../endpoints/openapi/dialect.ts';
import type { JSONSchemaProps } from '../types.ts';

const API_VERSION_TEXT =
  'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources';
const KIND_TEXT =
  'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds';
const METADATA_TEXT =
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
const LIST_METADATA_TEXT =
  'Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds';
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const PRESERVES = 'x-kubernetes-preserve-unknown-fields';

const TYPE_META: JsonObject = {
  apiVersion: { type: 'string', description: API_VERSION_TEXT },
  kind: { type: 'string', description: KIND_TEXT },
};

/** The descriptions of the fields that every resource has. */
export const OWN_FIELDS: ReadonlyMap<string, string> = new Map([
  ['apiVersion', API_VERSION_TEXT],
  ['kind', KIND_TEXT],
  ['metadata', METADATA_TEXT],
]);

/** What is published of a kind of a CustomResourceDefinition. */
export interface PublishedKind extends GroupVersionKind {
  readonly plural: string;
  readonly listKind: string;
  /** The type's name in OpenAPI: "io.example.v1.Widget". */
  readonly name: string;
  readonly schema: JSONSchemaProps;
  /** False: fields that the schema does not know are kept. */
  readonly prunes: boolean;
}

/**
 * The types of a kind and its list by name, with the fields that every resource has.
 * Models pkg/controller/openapi/builder.
 */
export function openAPIOf(kind: PublishedKind, version: 2 | 3): Readonly<Record<string, JsonObject>> {
  const { name, group, plural, listKind } = kind;
  const dialect = version === 2 ? V2 : V3;
  const list: JsonObject = {
    description: `${listKind} is a list of ${kind.kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      ...TYPE_META,
      items: {
        description: `List of ${plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        type: 'array',
        items: dialect.refer(name, '', false),
      },
      metadata: dialect.refer(`${META}.ListMeta`, LIST_METADATA_TEXT, false),
    },
    'x-kubernetes-group-version-kind': [{ group, version: kind.version, kind: listKind }],
  };
  return { [name]: objectSchema(kind, version), [`${name}List`]: list };
}

function objectSchema({ group, version: apiVersion, kind, schema, prunes }: PublishedKind, version: 2 | 3) {
  const own: JsonObject = { 'x-kubernetes-group-version-kind': [{ group, version: apiVersion, kind }] };
  const given = schema as unknown as JsonObject;
  // A client of version 2 would take other fields for unknown ones.
  if (version === 2 && (!prunes || given[PRESERVES] === true)) return { type: 'object', ...own };
  const published = version === 2 ? withoutUnsupported(given) : given;
  const metadata = (version === 2 ? V2 : V3).refer(`${META}.ObjectMeta`, METADATA_TEXT, false);
  const properties = published['properties'] as JsonObject | undefined;
  return { ...published, type: 'object', properties: { ...properties, ...TYPE_META, metadata }, ...own };
}

/** What OpenAPI 2 cannot say is left out. Models controller/openapi/v2 ToStructuralOpenAPIV2. */
function withoutUnsupported(schema: JsonObject): JsonObject {
  const { allOf: _all, oneOf: _one, anyOf: _any, not: _not, nullable, ...result } = schema;
  if (nullable === true || result[PRESERVES] === true) {
    delete result['items'];
    delete result['properties'];
  }
  const { items, properties, additionalProperties, required } = result;
  const isUntyped =
    nullable === true ||
    (result['type'] === 'array' && items === undefined) ||
    (result['type'] === 'object' && result[PRESERVES] === true);
  if (isUntyped) delete result['type'];
  if (isSchema(items)) result['items'] = withoutUnsupported(items);
  if (isSchema(properties)) {
    result['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, field]) => [name, withoutUnsupported(field as JsonObject)]),
    );
    if (Array.isArray(required)) {
      result['required'] = required.filter((name) => !isNullable(properties[String(name)]));
    }
  }
  if (isSchema(additionalProperties)) {
    result['additionalProperties'] = withoutUnsupported(additionalProperties);
    if (isNullable(additionalProperties)) delete result['required'];
  }
  return result;
}

const isSchema = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNullable = (value: Json | undefined) => isSchema(value) && value['nullable'] === true;
