/** For one fetch: the commands below "kubectl apply". */
export { editLastApplied } from './edit-last-applied.ts';
export { setLastApplied } from './set-last-applied.ts';
export { viewLastApplied } from './view-last-applied.ts';
