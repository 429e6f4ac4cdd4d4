import type { GroupVersionResource, KubeObject } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import type { ObjectMeta } from 'kubernetes-types/meta/v1';
import type { RestClient } from '../../client-go/rest/client.ts';

/**
 * Writes an object's status; after a conflict once more, on the newest object. Rejects with the second error.
 * `withStatus` puts the status into an object that it is given.
 *
 * Models pkg/controller/replicaset updateReplicaSetStatus and pkg/controller/daemon storeDaemonSetStatus.
 */
export async function updateStatus<T extends { readonly metadata?: ObjectMeta }>(
  client: RestClient,
  resource: GroupVersionResource,
  object: T,
  withStatus: (object: T) => T,
): Promise<T> {
  const { namespace, name } = object.metadata!;
  const write = (to: T) =>
    client.update<T>(resource, withStatus(to) as unknown as KubeObject & { metadata: { name: string } }, {
      namespace,
      subresource: 'status',
    });
  try {
    return await write(object);
  } catch (error) {
    if (!isReason(error, 'Conflict')) throw error;
  }
  return write(await client.get<T>(resource, name!, { namespace }));
}
