import { isReason } from '../../../apimachinery/status.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { GenericStore } from '../../registry/generic/store.ts';
import type { RequestContext } from '../../registry/rest/object-store.ts';
import type { Condition } from '../types.ts';

const POLL_INTERVAL = 5_000;
const POLL_TIMEOUT = 60_000;

/**
 * Deletes all objects of a custom resource and waits until they are gone; says how that went.
 * Models pkg/controller/finalizer/crd_finalizer.go deleteInstances.
 */
export async function deleteInstances(
  store: GenericStore,
  clock: Clock,
  context: RequestContext,
): Promise<Condition> {
  const items = async () => (await store.list(undefined, context)).items;
  for (const { metadata } of await items()) {
    try {
      await store.delete(metadata.name!, {}, { ...context, namespace: metadata.namespace ?? '' });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  }
  const end = clock.now() + POLL_TIMEOUT;
  while ((await items()).length > 0) {
    if (clock.now() >= end) {
      return {
        type: 'Terminating',
        status: 'True',
        reason: 'InstanceDeletionCheck',
        message: 'could not confirm zero CustomResources remaining: timed out waiting for the condition',
      };
    }
    await clock.sleep(POLL_INTERVAL);
  }
  return {
    type: 'Terminating',
    status: 'False',
    reason: 'InstanceDeletionCompleted',
    message: 'removed all instances',
  };
}
