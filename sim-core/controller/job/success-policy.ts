import type { SuccessPolicy } from 'kubernetes-types/batch/v1';
import { parseIndexes } from './indexes.ts';

/**
 * Which rule of a job's successPolicy the `succeeded` indexes meet, as a condition's message; undefined: none.
 * Models pkg/controller/job/success_policy.go matchSuccessPolicy.
 */
export function matchSuccessPolicy(
  policy: SuccessPolicy | undefined,
  completions: number,
  succeeded: ReadonlySet<number>,
): string | undefined {
  if (policy === undefined || succeeded.size === 0) return undefined;
  for (const [index, { succeededIndexes, succeededCount }] of policy.rules.entries()) {
    const wanted = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes, completions);
    // A rule whose indexes all lie beyond the completions can never be met.
    if (wanted?.size === 0) continue;
    const counted =
      wanted === undefined ? succeeded.size : [...wanted].filter((each) => succeeded.has(each)).length;
    const isMet = counted === wanted?.size || (succeededCount !== undefined && counted >= succeededCount);
    if (isMet) return `Matched rules at index ${index}`;
  }
  return undefined;
}
