/** For one fetch: the Pod Security Standards, and which pods of a namespace break them. */
export { violationsOf, violationText } from './checks.ts';
export { existingViolations } from './existing-pods.ts';
