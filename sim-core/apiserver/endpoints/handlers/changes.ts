/** For one fetch: the handlers of writes that make no new object of a stored kind; see ../write-handlers.ts. */
export { deleteCollection, deleteResource } from './delete.ts';
export { patchResource } from './patch.ts';
export { updateResource } from './update.ts';
export {
  createSubresource,
  createVirtual,
  patchSubresource,
  updateSubresource,
} from './write-subresource.ts';
