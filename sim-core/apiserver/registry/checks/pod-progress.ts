/** For one fetch: what scheduler and kubelets write of a pod; see ../checks.ts. */
export { bind } from '../core/pod/binding.ts';
export { validatePodStatusUpdate } from '../core/pod/status-validation.ts';
