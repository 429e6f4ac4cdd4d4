/** For one fetch: what writes objects, and what every object is checked for; see ../checks.ts. */
export { writesOf } from '../generic/store-writes.ts';
export {
  validateImmutableField,
  validateStandardFinalizers,
} from '../../../apimachinery/validation/object-meta.ts';
