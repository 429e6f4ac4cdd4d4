/** For one fetch: ingresses and network policies, and how pods may be disturbed and come first; see ../checks.ts. */
export { validateIngress, validateIngressCreate } from '../networking/ingress/validation.ts';
export { validateIngressClassSpec } from '../networking/ingressclass/validation.ts';
export { validateNetworkPolicySpec } from '../networking/networkpolicy/validation.ts';
export { validateDisruptionBudget, validateDisruptionBudgetStatus } from '../policy/validation.ts';
export { validatePriorityClass } from '../scheduling/validation.ts';
