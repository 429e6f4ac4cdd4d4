import type { Container, EphemeralContainer, Pod, PodStatus } from 'kubernetes-types/core/v1';

/** Where a pod comes from. */
export type PodSource = 'file' | 'api';

/** Annotations of pods that a kubelet knows. Models pkg/kubelet/types constants. */
export const CONFIG_SOURCE = 'kubernetes.io/config.source';
export const CONFIG_HASH = 'kubernetes.io/config.hash';
export const CONFIG_MIRROR = 'kubernetes.io/config.mirror';
export const CONFIG_SEEN = 'kubernetes.io/config.seen';

/** "nginx_default". Models pkg/kubelet/container GetPodFullName. */
export function fullNameOf(pod: Pod): string {
  return `${nameOf(pod)}_${namespaceOf(pod)}`;
}

export function uidOf(pod: Pod): string {
  return pod.metadata!.uid!;
}

export function nameOf(pod: Pod): string {
  return pod.metadata!.name!;
}

export function namespaceOf(pod: Pod): string {
  return pod.metadata!.namespace!;
}

export function isStaticPod(pod: Pod): boolean {
  return pod.metadata?.annotations?.[CONFIG_SOURCE] === 'file';
}

export function isMirrorPod(pod: Pod): boolean {
  return pod.metadata?.annotations?.[CONFIG_MIRROR] !== undefined;
}

/** Models pkg/kubelet/types IsCriticalPod. */
export function isCriticalPod(pod: Pod): boolean {
  return isStaticPod(pod) || (pod.spec?.priority ?? 0) >= SYSTEM_CRITICAL_PRIORITY;
}
const SYSTEM_CRITICAL_PRIORITY = 2_000_000_000;

export function isDeleting(pod: Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined;
}

/** True for an init container that keeps running beside the others. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

/** An ephemeral container seen as any other; it has the same fields and one more. */
export function ephemeralContainersOf(pod: Pod): readonly Container[] {
  return (pod.spec!.ephemeralContainers ?? []) as EphemeralContainer[] as unknown as readonly Container[];
}

/** Init, main and ephemeral containers, in this order. */
export function allContainersOf(pod: Pod): readonly Container[] {
  return [...(pod.spec!.initContainers ?? []), ...pod.spec!.containers, ...ephemeralContainersOf(pod)];
}

/** Seconds between SIGTERM and SIGKILL when nobody asked for anything else. */
export function gracePeriodOf(pod: Pod): number {
  return (
    pod.metadata?.deletionGracePeriodSeconds ??
    pod.spec?.terminationGracePeriodSeconds ??
    DEFAULT_GRACE_PERIOD_SECONDS
  );
}
const DEFAULT_GRACE_PERIOD_SECONDS = 30;

export function isFinished(status: PodStatus | undefined): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** "nginx_default(5a7dd5ed-521b-4743-a7f2-33f546b05d23)", as messages name a pod. Models pkg/kubelet/util/format Pod. */
export function podText(pod: Pod): string {
  return `${nameOf(pod)}_${namespaceOf(pod)}(${uidOf(pod)})`;
}
