import type { OwnerReference } from 'kubernetes-types/meta/v1';
import type { GroupVersionKind, GroupVersionResource } from '../../apimachinery/object.ts';
import type { Selector } from '../../apimachinery/labels/selector.ts';
import { isReason } from '../../apimachinery/status.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { RetryError } from '../../client-go/util/workqueue/run-workers.ts';
import { controllerOf, controllerRef, type Owned } from './owner.ts';

interface Claimable extends Owned {
  metadata?: Owned['metadata'] & {
    readonly labels?: Record<string, string>;
    readonly deletionTimestamp?: string;
  };
}

type Owner = GroupVersionKind & GroupVersionResource;

/**
 * Which of `objects` belong to `owner`: those that it owns and whose labels match, and orphans that
 * match, which it adopts. Owned ones that no longer match are released. Objects for which `eligible`
 * is false are not adopted.
 *
 * Models pkg/controller PodControllerRefManager and ReplicaSetControllerRefManager.
 */
export async function claimObjects<T extends Claimable>(
  client: RestClient,
  owner: Claimable,
  ownerKind: Owner,
  resource: GroupVersionResource,
  selector: Selector,
  objects: readonly T[],
  eligible: (object: T) => boolean = () => true,
): Promise<T[]> {
  const claimed: T[] = [];
  let mayAdopt: Promise<void> | undefined;
  for (const object of objects) {
    const reference = controllerOf(object);
    const matches = selector.matches(object.metadata?.labels);
    if (reference !== undefined) {
      if (reference.uid !== owner.metadata!.uid) continue;
      if (matches) claimed.push(object);
      else if (owner.metadata!.deletionTimestamp === undefined) {
        await release(client, resource, object, owner.metadata!.uid!);
      }
      continue;
    }
    const isFree =
      matches &&
      owner.metadata!.deletionTimestamp === undefined &&
      object.metadata?.deletionTimestamp === undefined &&
      eligible(object);
    if (!isFree) continue;
    await (mayAdopt ??= checkAdoption(client, owner, ownerKind));
    if (await adopt(client, resource, object, controllerRef(owner, ownerKind))) claimed.push(object);
  }
  return claimed;
}

/** Asks the server itself, since the cache may not know yet that the owner is being deleted. */
async function checkAdoption(client: RestClient, owner: Claimable, kind: Owner): Promise<void> {
  const { name, namespace, uid } = owner.metadata!;
  const fresh = await client.get<Claimable>(kind, name!, { namespace });
  if (fresh.metadata?.uid !== uid) {
    throw new RetryError(
      `original ${kind.kind} ${namespace}/${name} is gone: got uid ${fresh.metadata?.uid}, wanted ${uid}`,
    );
  }
  if (fresh.metadata?.deletionTimestamp !== undefined) {
    throw new RetryError(`${namespace}/${name} has just been deleted at ${fresh.metadata.deletionTimestamp}`);
  }
}

/** False if the object is gone. */
async function adopt(
  client: RestClient,
  resource: GroupVersionResource,
  object: Claimable,
  reference: OwnerReference,
): Promise<boolean> {
  const { name, namespace, uid } = object.metadata!;
  const patch = { metadata: { ownerReferences: [reference], uid } };
  try {
    await client.patch(resource, name!, 'strategic', patch, { namespace });
    return true;
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
}

async function release(
  client: RestClient,
  resource: GroupVersionResource,
  object: Claimable,
  owner: string,
): Promise<void> {
  const { name, namespace, uid } = object.metadata!;
  const patch = { metadata: { ownerReferences: [{ $patch: 'delete', uid: owner }], uid } };
  try {
    await client.patch(resource, name!, 'strategic', patch, { namespace });
  } catch (error) {
    if (!isReason(error, 'NotFound') && !isReason(error, 'Invalid')) throw error;
  }
}
