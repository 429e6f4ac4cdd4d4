/** What checks objects that are written, for one fetch; see checks.ts. */
export { checkBinding, checkRole } from '../authorization/rbac/escalation-check.ts';
export { validateControllerRevision } from './apps/controllerrevision/validation.ts';
export { validateDaemonSetSpec, validateDaemonSetStatus } from './apps/daemonset/validation.ts';
export { validateDeploymentSpec, validateDeploymentStatus } from './apps/deployment/validation.ts';
export { validateReplicaSetSpec } from './apps/replicaset/validation.ts';
export {
  claimWarnings,
  validateStatefulSetSpec,
  validateStatefulSetSpecUpdate,
  validateStatefulSetStatus,
} from './apps/statefulset/validation.ts';
export { validateReplicaSetStatus, validateSelectorUpdate } from './apps/validation.ts';
export { validateCronJobCreate, validateCronJobUpdate } from './batch/cronjob/validation.ts';
export { validateJob, validateJobStatus, validateJobUpdate } from './batch/job/validation.ts';
export { jobWarnings } from './batch/job/warnings.ts';
export { reviewSelf, reviewToken } from './authentication/reviews.ts';
export { review, reviewRules } from './authorization/reviews.ts';
export { validateLease } from './coordination/validation.ts';
export { validateConfigMap, validateImmutableData } from './core/configmap/validation.ts';
export { validateEndpoints } from './core/endpoint/validation.ts';
export {
  validateEvent,
  validateNewStyleEvent,
  validateNewStyleEventUpdate,
} from './core/event/validation.ts';
export { validateNode, validateNodeUpdate } from './core/node/validation.ts';
export { bind } from './core/pod/binding.ts';
export { evict } from './core/pod/eviction.ts';
export { podResizeStrategy } from './core/pod/resize.ts';
export { attach, exec, portForward } from './core/pod/streaming.ts';
export { validatePodStatusUpdate } from './core/pod/status-validation.ts';
export { validatePodUpdate } from './core/pod/update-validation.ts';
export { validateEphemeralContainersUpdate, validatePodCreate } from './core/pod/validation.ts';
export { changedTemplateWarnings, nameWarnings, podWarnings, templateWarnings } from './core/pod/warnings.ts';
export { validateReplicationController } from './core/replicationcontroller/validation.ts';
export { nodeProxy, podProxy, serviceProxy } from './core/proxy.ts';
export { secretWarnings, validateSecret } from './core/secret/validation.ts';
export { allocateForCreate, allocateForUpdate } from './core/service/allocation.ts';
export { validateBalancerStatus, validateService, validateServiceUpdate } from './core/service/validation.ts';
export { serviceWarnings } from './core/service/warnings.ts';
export { createToken } from './core/serviceaccount/token.ts';
export { validatePodTemplateSpec } from './core/validation/pod-spec.ts';
export { validateEndpointSlice } from './discovery/validation.ts';
export { validateIngress, validateIngressCreate } from './networking/ingress/validation.ts';
export { validateIngressClassSpec } from './networking/ingressclass/validation.ts';
export { validateNetworkPolicySpec } from './networking/networkpolicy/validation.ts';
export { validateDisruptionBudget, validateDisruptionBudgetStatus } from './policy/validation.ts';
export {
  validateAggregation,
  validateBinding,
  validatePolicyRules,
  validateRoleRefUpdate,
} from './rbac/validation.ts';
export { validatePriorityClass } from './scheduling/validation.ts';
export { beforeCreate, checkGeneratedName } from './rest/create.ts';
export { beforeDelete, finalizersForDeletion, markAsDeleting, markGracefully } from './rest/delete.ts';
export { beforeUpdate } from './rest/update.ts';
export {
  validateImmutableField,
  validateStandardFinalizers,
} from '../../apimachinery/validation/object-meta.ts';
