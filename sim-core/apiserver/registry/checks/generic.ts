/** For one fetch: what every object that is written is checked for: names and metadata, and what an update or a deletion may do; see ../checks.ts. */
export { beforeCreate, checkGeneratedName } from '../rest/create.ts';
export { beforeDelete, finalizersForDeletion, markAsDeleting, markGracefully } from '../rest/delete.ts';
export { beforeUpdate } from '../rest/update.ts';
export {
  validateImmutableField,
  validateStandardFinalizers,
} from '../../../apimachinery/validation/object-meta.ts';
