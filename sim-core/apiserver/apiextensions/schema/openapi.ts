import { deepCopy } from '../../../apimachinery/copy.ts';
import type { GroupVersionKind, JsonObject } from '../../../apimachinery/object.ts';
import type { JSONSchemaProps } from '../types.ts';

const API_VERSION_TEXT =
  'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources';
const KIND_TEXT =
  'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds';
const METADATA_TEXT =
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/**
 * The schema of a kind as OpenAPI v3 publishes it: with the fields that every resource has. References
 * are to "#/components/schemas/…". Models pkg/controller/openapi/builder.
 */
export function openAPIOf({ group, version, kind }: GroupVersionKind, schema: JSONSchemaProps): JsonObject {
  const published = deepCopy(schema) as unknown as JsonObject;
  const properties = (published['properties'] ?? {}) as JsonObject;
  return {
    ...published,
    type: 'object',
    properties: {
      ...properties,
      apiVersion: { type: 'string', description: API_VERSION_TEXT },
      kind: { type: 'string', description: KIND_TEXT },
      metadata: {
        description: METADATA_TEXT,
        allOf: [{ $ref: `#/components/schemas/${OBJECT_META}` }],
        default: {},
      },
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
}
