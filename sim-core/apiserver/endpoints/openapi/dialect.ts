import type { JsonObject } from '../../../apimachinery/object.ts';

/** Where OpenAPI 2 and 3 differ in how a type is written. */
export interface Dialect {
  /** Where types stand: "#/components/schemas/". */
  readonly definitions: string;
  /** True if defaults are written. */
  readonly hasDefaults: boolean;
  /** A reference with a text of its own, and the default of a structure that is always there. */
  refer(name: string, description: string, hasDefault: boolean): JsonObject;
  /** One of several plain types; version 2 can only name one. */
  oneOf(...types: readonly JsonObject[]): JsonObject;
}

export const V2: Dialect = {
  definitions: '#/definitions/',
  hasDefaults: false,
  refer: (name, description) => ({
    ...(description !== '' && { description }),
    $ref: V2.definitions + name,
  }),
  oneOf: (...types) => types.at(-1)!,
};

export const V3: Dialect = {
  definitions: '#/components/schemas/',
  hasDefaults: true,
  // Nothing may stand beside a $ref.
  refer: (name, description, hasDefault): JsonObject => {
    const reference: JsonObject = { $ref: V3.definitions + name };
    if (description === '' && !hasDefault) return reference;
    return {
      allOf: [reference],
      ...(hasDefault && { default: {} }),
      ...(description !== '' && { description }),
    };
  },
  oneOf: (...types) => ({ oneOf: [...types] }),
};
