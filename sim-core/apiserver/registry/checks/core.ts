/** For one fetch: small kinds of the core group, and what else the control plane writes all the time; see ../checks.ts. */
export { validateConfigMap, validateImmutableData } from '../core/configmap/validation.ts';
export { validateEndpoints } from '../core/endpoint/validation.ts';
export {
  validateEvent,
  validateNewStyleEvent,
  validateNewStyleEventUpdate,
} from '../core/event/validation.ts';
export { validateNode, validateNodeUpdate } from '../core/node/validation.ts';
export { secretWarnings, validateSecret } from '../core/secret/validation.ts';
export { validateLease } from '../coordination/validation.ts';
export { validateEndpointSlice } from '../discovery/validation.ts';
