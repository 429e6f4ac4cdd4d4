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
    readonly finalizers?: readonly string[];
  };
}

type Owner = GroupVersionKind & GroupVersionResource;

interface ClaimOptions<T> {
  /** Objects for which it is false are left out. */
  readonly among?: (object: T) => boolean;
  /** Objects for which it is false are not adopted. */
  readonly eligible?: (object: T) => boolean;
  /** What adopted objects get. */
  readonly finalizers?: readonly string[];
}

/**
 * Which of `objects` belong to `owner`: those that it owns and whose labels match, and orphans that
 * match, which it adopts. Owned ones that no longer match are released.
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
  { among = () => true, eligible = () => true, finalizers = [] }: ClaimOptions<T> = {},
): Promise<T[]> {
  const claimed: T[] = [];
  let mayAdopt: Promise<void> | undefined;
  for (const object of objects) {
    if (!among(object)) continue;
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
    const adopted = await adopt(client, resource, object, controllerRef(owner, ownerKind), finalizers);
    if (adopted !== undefined) claimed.push(adopted);
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

/** The object with its finalizers; undefined if it is gone. */
async function adopt<T extends Claimable>(
  client: RestClient,
  resource: GroupVersionResource,
  object: T,
  reference: OwnerReference,
  finalizers: readonly string[],
): Promise<T | undefined> {
  const { name, namespace, uid } = object.metadata!;
  const added = finalizers.length > 0 && { finalizers };
  const patch = { metadata: { ownerReferences: [reference], uid, ...added } };
  try {
    await client.patch(resource, name!, 'strategic', patch, { namespace });
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
  if (finalizers.length === 0) return object;
  const all = [...(object.metadata!.finalizers ?? []), ...finalizers];
  return { ...object, metadata: { ...object.metadata, finalizers: all } };
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
