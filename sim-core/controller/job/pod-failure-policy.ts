import type { PodFailurePolicy, PodFailurePolicyRule } from 'kubernetes-types/batch/v1';
import type { ContainerStatus, Pod } from 'kubernetes-types/core/v1';

/** What a rule says of a failed pod: fail the job, fail its index, do not count it, or nothing. */
export interface FailureVerdict {
  readonly action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';
  /** Why, for FailJob. */
  readonly message?: string;
}

/**
 * The first rule of a job's podFailurePolicy that fits a failed pod; undefined: none does.
 * Models pkg/controller/job/pod_failure_policy.go matchPodFailurePolicy.
 */
export function matchPodFailurePolicy(
  policy: PodFailurePolicy | undefined,
  pod: Pod,
): FailureVerdict | undefined {
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const reason = reasonOf(rule, pod);
    if (reason === undefined) continue;
    const action = rule.action as FailureVerdict['action'];
    return { action, message: `${reason} matching ${action} rule at index ${index}` };
  }
  return undefined;
}

function reasonOf(rule: PodFailurePolicyRule, pod: Pod): string | undefined {
  const { namespace, name } = pod.metadata!;
  if (rule.onExitCodes !== undefined) {
    const { containerName, operator, values } = rule.onExitCodes;
    const statuses = [
      ...(pod.status?.containerStatuses ?? []),
      ...(pod.status?.initContainerStatuses ?? []),
    ].filter((status) => containerName === undefined || status.name === containerName);
    const fits = (status: ContainerStatus) => {
      const code = status.state?.terminated?.exitCode;
      if (code === undefined || code === 0) return false;
      return values.includes(code) === (operator === 'In');
    };
    const found = statuses.find(fits);
    return (
      found &&
      `Container ${found.name} for pod ${namespace}/${name} failed with exit code ${found.state!.terminated!.exitCode}`
    );
  }
  for (const pattern of rule.onPodConditions ?? []) {
    const fits = pod.status?.conditions?.some(
      ({ type, status }) => type === pattern.type && status === (pattern.status ?? 'True'),
    );
    if (fits) return `Pod ${namespace}/${name} has condition ${pattern.type}`;
  }
  return undefined;
}
