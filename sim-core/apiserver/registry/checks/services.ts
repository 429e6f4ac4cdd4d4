/** For one fetch: services, and the addresses that they are given; see ../checks.ts. */
export { allocateForCreate, allocateForUpdate } from '../core/service/allocation.ts';
export {
  validateBalancerStatus,
  validateService,
  validateServiceUpdate,
} from '../core/service/validation.ts';
export { serviceWarnings } from '../core/service/warnings.ts';
