import type { RuntimeService } from '../cri/runtime-service.ts';

/** How long the containers of a pod that nobody knows get to end, in seconds. */
const GRACE_SECONDS = 1;

/**
 * Ends and removes the pods of the runtime that no source has: what a kubelet finds when it starts and its
 * pods were changed or deleted while it was away. `isKnown` is asked once all sources have spoken.
 *
 * Models pkg/kubelet/kubelet_pods.go HandlePodCleanups and kubelet.go SyncTerminatingRuntimePod.
 */
export async function removeUnknownPods(
  runtime: RuntimeService,
  isKnown: (uid: string) => boolean,
): Promise<void> {
  for (const sandbox of await runtime.listPodSandbox()) {
    if (isKnown(sandbox.metadata.uid)) continue;
    const containers = await runtime.listContainers({
      podSandboxId: sandbox.id,
      state: 'CONTAINER_RUNNING',
    });
    await Promise.all(containers.map(({ id }) => runtime.stopContainer(id, GRACE_SECONDS)));
    await runtime.removePodSandbox(sandbox.id);
  }
}
