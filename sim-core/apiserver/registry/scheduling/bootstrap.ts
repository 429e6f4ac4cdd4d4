import type { KubeObject } from '../../../apimachinery/object.ts';

/** The highest value that a user's class may have. Models HighestUserDefinablePriority. */
export const HIGHEST_USER_PRIORITY = 1_000_000_000;
export const SYSTEM_PREFIX = 'system-';
const SYSTEM_CRITICAL = 2 * HIGHEST_USER_PRIORITY;

/** Models pkg/apis/scheduling/v1/helpers.go SystemPriorityClasses. */
const SYSTEM_CLASSES = [
  {
    name: 'system-node-critical',
    value: SYSTEM_CRITICAL + 1000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    name: 'system-cluster-critical',
    value: SYSTEM_CRITICAL,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
] as const;

/** The two classes that every server has. */
export function systemPriorityClasses(): KubeObject[] {
  return SYSTEM_CLASSES.map(({ name, value, description }) => ({
    kind: 'PriorityClass',
    apiVersion: 'scheduling.k8s.io/v1',
    metadata: { name },
    value,
    description,
  }));
}

/** Why a class is none of the two; undefined if it is. Models IsKnownSystemPriorityClass. */
export function systemClassProblem(name: string, value: number, globalDefault: boolean): string | undefined {
  const known = SYSTEM_CLASSES.find((item) => item.name === name);
  if (known === undefined) return `${name} is not a known system priority class`;
  if (known.value !== value) return `value of ${name} PriorityClass must be ${known.value}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
