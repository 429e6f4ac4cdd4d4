import type { PersistentVolumeClaim, Pod, Volume } from 'kubernetes-types/core/v1';

/** The claim that an ephemeral volume is made of. Models k8s.io/component-helpers/storage/ephemeral VolumeClaimName. */
export function ephemeralClaimName(pod: Pod, { name }: Volume): string {
  return `${pod.metadata!.name}-${name}`;
}

/** Why a claim is not the pod's own; undefined if it is. Models VolumeIsForPod. */
export function foreignClaimProblem(pod: Pod, { metadata }: PersistentVolumeClaim): string | undefined {
  const { namespace, name, uid } = pod.metadata!;
  const isOwn = metadata!.ownerReferences?.some((reference) => reference.controller && reference.uid === uid);
  if (isOwn) return undefined;
  return `PVC ${metadata!.namespace}/${metadata!.name} was not created for pod ${namespace}/${name} (pod is not owner)`;
}
