import type { Scalar } from './schema.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const EXTENSIONS = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';

/** Scalars that have a name of their own in OpenAPI, as Go has a type for them. */
export const NAMED_SCALARS: Partial<Readonly<Record<Scalar, string>>> = {
  time: `${META}.Time`,
  'micro-time': `${META}.MicroTime`,
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  'int-or-string': 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
};

/** What they are. */
export const SCALAR_DESCRIPTIONS: Partial<Readonly<Record<Scalar, string>>> = {
  time: 'An instant as RFC 3339 writes it, to the second.',
  'micro-time': 'An instant as RFC 3339 writes it, to the microsecond.',
  quantity:
    'An exact number with a unit: a decimal exponent (m, k, M, G, …) or a binary one (Ki, Mi, Gi, …), such as 100m or 2Gi.',
  'int-or-string': 'A whole number or a text, such as a percentage or the name of a port.',
};

/** A type of any shape that has a name all the same. */
export interface NamedAny {
  readonly name: string;
  readonly description: string;
  /** False: it need not even be an object. */
  readonly isObject: boolean;
  /** The fields that hold it, or a list or map of it. */
  readonly fields: readonly string[];
}

const NAMED: readonly NamedAny[] = [
  {
    name: `${META}.FieldsV1`,
    description: 'A set of fields as a tree: "f:<name>" is a field, "k:<keys>" an item of a list.',
    isObject: true,
    fields: [`${META}.ManagedFieldsEntry.fieldsV1`],
  },
  {
    name: 'io.k8s.apimachinery.pkg.runtime.RawExtension',
    description: 'An object of a type of its own, with its kind and apiVersion, kept as it is.',
    isObject: true,
    fields: [
      'io.k8s.api.apps.v1.ControllerRevision.data',
      'io.k8s.api.resource.v1.AllocatedDeviceStatus.data',
      'io.k8s.api.resource.v1.OpaqueDeviceConfiguration.parameters',
    ],
  },
  {
    name: `${EXTENSIONS}.CustomResourceSubresourceStatus`,
    description: 'How the subresource /status of custom resources is served.',
    isObject: true,
    fields: [`${EXTENSIONS}.CustomResourceSubresources.status`],
  },
  {
    name: `${EXTENSIONS}.JSON`,
    description: 'Any JSON value: a text, a number, a boolean, a list, an object or null.',
    isObject: false,
    fields: ['default', 'enum', 'example'].map((field) => `${EXTENSIONS}.JSONSchemaProps.${field}`),
  },
  {
    name: `${EXTENSIONS}.JSONSchemaPropsOrArray`,
    description: 'A JSONSchemaProps, or a list of them.',
    isObject: false,
    fields: [`${EXTENSIONS}.JSONSchemaProps.items`],
  },
  {
    name: `${EXTENSIONS}.JSONSchemaPropsOrBool`,
    description: 'A JSONSchemaProps, or a boolean.',
    isObject: false,
    fields: ['additionalItems', 'additionalProperties'].map(
      (field) => `${EXTENSIONS}.JSONSchemaProps.${field}`,
    ),
  },
  {
    name: `${EXTENSIONS}.JSONSchemaPropsOrStringArray`,
    description: 'A JSONSchemaProps, or a list of texts.',
    isObject: false,
    fields: [`${EXTENSIONS}.JSONSchemaProps.dependencies`],
  },
];

/** Types of any shape by the fields that hold them. */
export const NAMED_ANY: ReadonlyMap<string, NamedAny> = new Map(
  NAMED.flatMap((type) => type.fields.map((field) => [field, type] as const)),
);
