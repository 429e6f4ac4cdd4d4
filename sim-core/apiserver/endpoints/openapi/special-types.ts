import type { JsonObject } from '../../../apimachinery/object.ts';
import { NAMED_ANY, NAMED_SCALARS, SCALAR_DESCRIPTIONS } from '../../../apimachinery/schema/named-types.ts';
import type { Scalar } from '../../../apimachinery/schema/schema.ts';
import type { Dialect } from './dialect.ts';

/** The others. */
export const PLAIN_SCALARS: Partial<Readonly<Record<Scalar, JsonObject>>> = {
  string: { type: 'string' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  boolean: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
  any: { type: 'object' },
};

/** What the named scalars are. Models the OpenAPISchemaType and OpenAPISchemaFormat of those Go types. */
export const SPECIAL_TYPES: Readonly<Record<string, (dialect: Dialect) => JsonObject>> = {
  [NAMED_SCALARS.time!]: () => ({
    type: 'string',
    format: 'date-time',
    description: SCALAR_DESCRIPTIONS.time!,
  }),
  [NAMED_SCALARS['micro-time']!]: () => ({
    type: 'string',
    format: 'date-time',
    description: SCALAR_DESCRIPTIONS['micro-time']!,
  }),
  [NAMED_SCALARS.quantity!]: ({ oneOf }) => ({
    ...oneOf({ type: 'number' }, { type: 'string' }),
    description: SCALAR_DESCRIPTIONS.quantity!,
  }),
  [NAMED_SCALARS['int-or-string']!]: ({ oneOf }) => ({
    ...oneOf({ type: 'integer' }, { type: 'string' }),
    format: 'int-or-string',
    description: SCALAR_DESCRIPTIONS['int-or-string']!,
  }),
  ...Object.fromEntries(
    [...NAMED_ANY.values()].map(({ name, description, isObject }) => [
      name,
      () => ({ description, ...(isObject && { type: 'object' }) }),
    ]),
  ),
};
