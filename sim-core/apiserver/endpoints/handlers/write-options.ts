import type { WriteOptions } from '../../../apimachinery/validation/object-meta.ts';
import { validatePatchOptions, validateWriteOptions } from '../../../apimachinery/validation/object-meta.ts';
import type { Query } from '../query.ts';
import { checkOptions } from './options.ts';

/** Options of a create or an update, from the query. `kind` names them in messages. */
export function writeOptions(query: Query, kind: 'CreateOptions' | 'UpdateOptions'): WriteOptions {
  const options = readWriteOptions(query);
  checkOptions(kind, validateWriteOptions(options));
  return options;
}

export function patchOptions(query: Query, apply: boolean): WriteOptions & { readonly force?: boolean } {
  const options = {
    ...readWriteOptions(query),
    ...(query.has('force') && { force: query.boolean('force') }),
  };
  checkOptions('PatchOptions', validatePatchOptions(options, apply));
  return options;
}

function readWriteOptions(query: Query): WriteOptions {
  return {
    fieldManager: query.get('fieldManager'),
    fieldValidation: query.get('fieldValidation'),
    dryRun: query.all('dryRun'),
  };
}
