import type { Container, Pod } from 'kubernetes-types/core/v1';
import type { ContainerStatus } from '../../cri/runtime-service.ts';
import { isDeleting, isSidecar } from '../types.ts';

/** A rule of a container's own for what happens after an exit code. */
interface RestartRule {
  readonly action?: string;
  readonly exitCodes?: { readonly operator?: string; readonly values?: readonly number[] };
}

export function isSuccess(container: ContainerStatus | undefined): boolean {
  return container?.state === 'CONTAINER_EXITED' && container.exitCode === 0;
}

/** Models isInitContainerFailed. */
export function isFailedInit(container: ContainerStatus): boolean {
  return container.state === 'CONTAINER_EXITED' && container.exitCode !== 0;
}

/** The container's own policy, or its pod's. */
function policyOf(pod: Pod, container: Container): string {
  return container.restartPolicy ?? pod.spec!.restartPolicy ?? 'Always';
}

/** Models shouldRestartOnFailure. */
export function restartsOnFailure(pod: Pod, container: Container): boolean {
  return policyOf(pod, container) !== 'Never';
}

/** Models pkg/kubelet/container/helpers.go ShouldContainerBeRestarted. */
export function shouldRestart(
  pod: Pod,
  container: Container,
  instance: ContainerStatus | undefined,
): boolean {
  if (isDeleting(pod)) return false;
  if (instance === undefined || instance.state === 'CONTAINER_CREATED') return true;
  if (instance.state === 'CONTAINER_RUNNING') return false;
  if (isSidecar(container) && pod.spec!.initContainers?.includes(container)) return true;
  const rules = (container as { restartPolicyRules?: readonly RestartRule[] }).restartPolicyRules ?? [];
  if (rules.some((rule) => applies(rule, instance.exitCode))) return true;
  switch (policyOf(pod, container)) {
    case 'Never':
      return false;
    case 'OnFailure':
      return instance.exitCode !== 0;
    default:
      return true;
  }
}

function applies({ action, exitCodes }: RestartRule, exitCode: number): boolean {
  const isListed = exitCodes?.values?.includes(exitCode) ?? false;
  return action === 'Restart' && exitCodes !== undefined && isListed === (exitCodes.operator === 'In');
}
