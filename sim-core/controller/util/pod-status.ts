import type { Pod, PodStatus } from 'kubernetes-types/core/v1';
import { podStatusPatch } from '../../client-go/component-helpers/pod/status-patch.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';

/** Writes what `status` says other than the pod's own; nothing if that is nothing. Models pkg/util/pod PatchPodStatus. */
export async function patchPodStatus(client: RestClient, pod: Pod, status: PodStatus): Promise<void> {
  const { namespace, name, uid } = pod.metadata!;
  const patch = podStatusPatch(uid!, pod.status ?? {}, status);
  if (patch === undefined) return;
  await client.patch(RESOURCES.pods, name!, 'strategic', patch, { namespace, subresource: 'status' });
}
