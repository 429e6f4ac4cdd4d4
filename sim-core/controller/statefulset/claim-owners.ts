import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import type { OwnerReference } from 'kubernetes-types/meta/v1';
import { apiVersionOf, type GroupVersionKind } from '../../apimachinery/object.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { controllerRef } from '../util/owner.ts';
import { isInOrdinalRange } from './identity.ts';

// Models the owner references of pkg/controller/statefulset/stateful_set_utils.go.

type Owner = StatefulSet | Pod;

/** The reference names the object by kind and name, whichever of that name it means. Models matchesRef. */
const names = (reference: OwnerReference, kind: GroupVersionKind, owner: Owner): boolean =>
  reference.apiVersion === apiVersionOf(kind) &&
  reference.kind === kind.kind &&
  reference.name === owner.metadata!.name;

const ownersOf = ({ metadata }: PersistentVolumeClaim): readonly OwnerReference[] =>
  metadata!.ownerReferences ?? [];

/** The claim belongs to an earlier object of that name, and goes with it. Models hasStaleOwnerRef. */
function isStale(claim: PersistentVolumeClaim, kind: GroupVersionKind, owner: Owner): boolean {
  const reference = ownersOf(claim).find((candidate) => names(candidate, kind, owner));
  return reference !== undefined && reference.uid !== owner.metadata!.uid;
}

/** The claim belongs to an earlier pod of that name. */
export const belongsToEarlierPod = (claim: PersistentVolumeClaim, pod: Pod): boolean =>
  isStale(claim, RESOURCES.pods, pod);

function retains({ spec }: StatefulSet): { readonly deleted: boolean; readonly scaled: boolean } {
  const { whenDeleted, whenScaled } = spec!.persistentVolumeClaimRetentionPolicy ?? {};
  return { deleted: whenDeleted !== 'Delete', scaled: whenScaled !== 'Delete' };
}

/** True if the set keeps its claims when it shrinks. */
export const retainsWhenScaled = (set: StatefulSet): boolean => retains(set).scaled;

/** Somebody else manages the claim, so that the retention policy says nothing. Models hasUnexpectedController. */
export function hasConflictingController(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  const { deleted, scaled } = retains(set);
  if (deleted && scaled) return false;
  return ownersOf(claim).some((reference) => {
    if (names(reference, RESOURCES.statefulSets, set)) return reference.uid !== set.metadata!.uid;
    if (names(reference, RESOURCES.pods, pod)) return reference.uid !== pod.metadata!.uid;
    return reference.controller === true;
  });
}

/**
 * Who is to own a claim: the set, if it goes with it; the pod, if it goes when the set shrinks and the pod is
 * beyond its size. Models updateClaimOwnerRefForSetAndPod.
 */
export function wantedOwners(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): OwnerReference[] {
  const others = ownersOf(claim).filter(
    (reference) => !names(reference, RESOURCES.statefulSets, set) && !names(reference, RESOURCES.pods, pod),
  );
  if (hasConflictingController(claim, set, pod)) return others;
  const { deleted, scaled } = retains(set);
  const goesWithPod = !scaled && !isInOrdinalRange(set, pod);
  if (goesWithPod) return [...others, controllerRef(pod, RESOURCES.pods)];
  return deleted ? others : [...others, controllerRef(set, RESOURCES.statefulSets)];
}

/** Models isClaimOwnerUpToDate: a claim of an earlier set or pod goes with that, so nothing needs to be done. */
export function areOwnersUpToDate(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  if (isStale(claim, RESOURCES.statefulSets, set) || isStale(claim, RESOURCES.pods, pod)) return true;
  const mine = (references: readonly OwnerReference[]) =>
    references
      .filter(({ uid }) => uid === set.metadata!.uid || uid === pod.metadata!.uid)
      .map(({ uid, controller }) => `${uid} ${controller ?? false}`)
      .sort()
      .join();
  return mine(ownersOf(claim)) === mine(wantedOwners(claim, set, pod));
}
