import type { Scalar } from './schema.ts';

/** What the scalars are that have a name of their own, as Go has a type for them. */
export const SCALAR_DESCRIPTIONS: Partial<Readonly<Record<Scalar, string>>> = {
  time: 'An instant as RFC 3339 writes it, to the second.',
  'micro-time': 'An instant as RFC 3339 writes it, to the microsecond.',
  quantity:
    'An exact number with a unit: a decimal exponent (m, k, M, G, …) or a binary one (Ki, Mi, Gi, …), such as 100m or 2Gi.',
  'int-or-string': 'A whole number or a text, such as a percentage or the name of a port.',
};

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Fields of any shape that have a named type all the same. */
export const NAMED_ANY: Readonly<Record<string, string>> = {
  [`${META}.ManagedFieldsEntry.fieldsV1`]: `${META}.FieldsV1`,
};
