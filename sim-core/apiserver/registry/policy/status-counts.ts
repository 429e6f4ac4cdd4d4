/** Numbers of a PodDisruptionBudget's status that are always printed. */
export const COUNTS = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'];
