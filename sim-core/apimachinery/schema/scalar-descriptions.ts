import type { Scalar } from './schema.ts';

/** What the scalars are that have a name of their own, as Go has a type for them. */
export const SCALAR_DESCRIPTIONS: Partial<Readonly<Record<Scalar, string>>> = {
  time: 'An instant as RFC 3339 writes it, to the second.',
  'micro-time': 'An instant as RFC 3339 writes it, to the microsecond.',
  quantity:
    'An exact number with a unit: a decimal exponent (m, k, M, G, …) or a binary one (Ki, Mi, Gi, …), such as 100m or 2Gi.',
  'int-or-string': 'A whole number or a text, such as a percentage or the name of a port.',
};
