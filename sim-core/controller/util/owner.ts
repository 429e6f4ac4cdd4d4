import type { OwnerReference } from 'kubernetes-types/meta/v1';
import { apiVersionOf, type GroupVersionKind } from '../../apimachinery/object.ts';
import type { Stored } from '../../client-go/tools/cache/store.ts';

/** Anything that may have an owner. */
export interface Owned extends Stored {
  metadata?: Stored['metadata'] & { readonly ownerReferences?: readonly OwnerReference[] };
}

/** The owner that manages the object. Models metav1.GetControllerOf. */
export function controllerOf(object: Owned): OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find((reference) => reference.controller);
}

/** Models metav1.NewControllerRef. */
export function controllerRef(owner: Stored, kind: GroupVersionKind): OwnerReference {
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    name: owner.metadata!.name!,
    uid: owner.metadata!.uid!,
    controller: true,
    blockOwnerDeletion: true,
  };
}
