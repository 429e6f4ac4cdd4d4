/** For one fetch: what makes pods of a template; see ../checks.ts. */
export { validateControllerRevision } from '../apps/controllerrevision/validation.ts';
export { validateDaemonSetSpec, validateDaemonSetStatus } from '../apps/daemonset/validation.ts';
export { validateDeploymentSpec, validateDeploymentStatus } from '../apps/deployment/validation.ts';
export { validateReplicaSetSpec } from '../apps/replicaset/validation.ts';
export {
  claimWarnings,
  validateStatefulSetSpec,
  validateStatefulSetSpecUpdate,
  validateStatefulSetStatus,
} from '../apps/statefulset/validation.ts';
export { validateReplicaSetStatus, validateSelectorUpdate } from '../apps/validation.ts';
export { validateCronJobCreate, validateCronJobUpdate } from '../batch/cronjob/validation.ts';
export { validateJob, validateJobStatus, validateJobUpdate } from '../batch/job/validation.ts';
export { jobWarnings } from '../batch/job/warnings.ts';
export { validateReplicationController } from '../core/replicationcontroller/validation.ts';
