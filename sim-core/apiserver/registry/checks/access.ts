/** For one fetch: who somebody is and what they may do; see ../checks.ts. */
export { checkBinding, checkRole } from '../../authorization/rbac/escalation-check.ts';
export { reviewSelf, reviewToken } from '../authentication/reviews.ts';
export { review, reviewRules } from '../authorization/reviews.ts';
export { createToken } from '../core/serviceaccount/token.ts';
export {
  validateAggregation,
  validateBinding,
  validatePolicyRules,
  validateRoleRefUpdate,
} from '../rbac/validation.ts';
