import { COMMON_FLAGS, flagNames } from './common-flags.ts';

/** Every flag of kube-scheduler; any other ends the process. */
export const KUBE_SCHEDULER_FLAGS = flagNames(
  `${COMMON_FLAGS} config pod-max-in-unschedulable-pods-duration write-config-to`,
);
