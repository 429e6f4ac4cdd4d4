/** For one fetch: pods and templates of pods; see ../checks.ts. */
export { validatePodUpdate } from '../core/pod/update-validation.ts';
export { validateEphemeralContainersUpdate, validatePodCreate } from '../core/pod/validation.ts';
export {
  changedTemplateWarnings,
  nameWarnings,
  podWarnings,
  templateWarnings,
} from '../core/pod/warnings.ts';
export { validatePodTemplateSpec } from '../core/validation/pod-spec.ts';
