import type { PodSpec } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { violationsOf } from './checks.ts';
import type { LevelVersion } from './policy.ts';
import { policyText } from './policy.ts';

/** How many pods of a namespace are looked at. */
const MAX_PODS = 3000;

/** What to say of a namespace's pods when its level becomes stricter. Models EvaluatePodsInNamespace. */
export function existingViolations(
  namespace: string,
  enforce: LevelVersion,
  pods: readonly KubeObject[],
  isExempt: (pod: KubeObject) => boolean,
): string[] {
  const checked = prioritized(pods.filter((pod) => !isExempt(pod))).slice(0, MAX_PODS);
  const byReasons = new Map<string, string[]>();
  for (const { spec, metadata } of checked) {
    const reasons = violationsOf(enforce, spec as PodSpec, metadata).map(({ reason }) => reason);
    if (reasons.length === 0) continue;
    const key = reasons.join(', ');
    byReasons.set(key, [...(byReasons.get(key) ?? []), metadata.name!]);
  }
  const few =
    checked.length < pods.length
      ? [
          `new PodSecurity enforce level only checked against the first ${checked.length} of ${pods.length} existing pods`,
        ]
      : [];
  if (byReasons.size === 0) return few;
  const level = policyText(enforce);
  return [
    ...few,
    `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${level}"`,
    ...[...byReasons].map(([reasons, names]) => `${namesText(names)}: ${reasons}`).sort(),
  ];
}

function namesText(names: readonly string[]): string {
  const [first] = [...names].sort();
  const others = names.length - 1;
  if (others === 0) return first!;
  return `${first} (and ${others} other ${others === 1 ? 'pod' : 'pods'})`;
}

/** One pod of each controller comes first. */
function prioritized(pods: readonly KubeObject[]): KubeObject[] {
  const seen = new Set<string>();
  const first: KubeObject[] = [];
  const others: KubeObject[] = [];
  for (const pod of pods) {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
    (owner !== undefined && seen.has(owner) ? others : first).push(pod);
    if (owner !== undefined) seen.add(owner);
  }
  return [...first, ...others];
}
