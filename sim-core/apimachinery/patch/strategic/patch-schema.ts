import { goQuote } from '../../go-format.ts';
import type { ObjectSchema, TypeSchema } from '../../schema/schema.ts';
import { StrategicPatchError } from './directives.ts';

/** How one field merges. */
export interface PatchField {
  /** What its value is made of: its fields, or those of its items. */
  readonly schema: PatchSchema;
  /** "" is the default: structures and maps merge, lists are replaced. */
  readonly strategy: '' | 'merge' | 'replace';
  readonly retainKeys: boolean;
  /** "" for lists of scalars. */
  readonly mergeKey: string;
}

/** Models strategicpatch.LookupPatchMeta. */
export interface PatchSchema {
  /** For messages: "PodSpec". */
  readonly name: string;
  /** Throws a StrategicPatchError for a field that the type has not. */
  field(key: string): PatchField;
}

/** Anything may be in it, and nothing is known of it. */
const UNKNOWN: PatchSchema = {
  name: '',
  field: () => ({ schema: UNKNOWN, strategy: '', retainKeys: false, mergeKey: '' }),
};

/** How objects of a type merge. */
export function patchSchemaOf(schema: ObjectSchema): PatchSchema {
  return {
    name: schema.shortName,
    field(key) {
      const field = schema.fields.get(key);
      if (field === undefined) {
        throw new StrategicPatchError(
          `unable to find api field in struct ${schema.shortName} for the json field ${goQuote(key)}`,
        );
      }
      const strategies = field.merge?.patchStrategy ?? [];
      const strategy = strategies.find((candidate) => candidate !== 'retainKeys');
      return {
        schema: ofType(field.type),
        strategy: strategy === 'merge' || strategy === 'replace' ? strategy : '',
        retainKeys: strategies.includes('retainKeys'),
        mergeKey: field.merge?.patchMergeKey ?? '',
      };
    },
  };
}

function ofType(type: TypeSchema): PatchSchema {
  switch (type.type) {
    case 'object':
      return patchSchemaOf(type.schema);
    case 'array':
      return ofType(type.items);
    case 'map':
      return {
        name: '',
        field: () => ({ schema: ofType(type.values), strategy: '', retainKeys: false, mergeKey: '' }),
      };
    case 'scalar':
      return UNKNOWN;
  }
}
