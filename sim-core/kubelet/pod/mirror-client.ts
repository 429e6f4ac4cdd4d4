import type { Pod } from 'kubernetes-types/core/v1';
import { deepCopy } from '../../apimachinery/copy.ts';
import { ConnectionError } from '../../apimachinery/http.ts';
import { isReason, StatusError } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { CONFIG_HASH, CONFIG_MIRROR, nameOf, namespaceOf, uidOf } from '../types.ts';

/**
 * Writes the read-only pods that stand for static pods in the apiserver.
 *
 * Models pkg/kubelet/pod/mirror_client.go.
 */
export class MirrorClient {
  readonly #client: RestClient;
  readonly #node: () => { readonly name: string; readonly uid: string } | undefined;

  /** `node` is undefined until the node is registered; there are no mirror pods before. */
  constructor(client: RestClient, node: () => { name: string; uid: string } | undefined) {
    this.#client = client;
    this.#node = node;
  }

  /** False if the node is not registered yet. Rejects as the client does, but not if the pod is there. */
  async create(pod: Pod): Promise<boolean> {
    const node = this.#node();
    if (node === undefined) return false;
    const mirror = deepCopy(pod);
    const { name, namespace, labels, annotations } = mirror.metadata!;
    mirror.metadata = {
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
      ...(labels !== undefined && { labels }),
      annotations: { ...annotations, [CONFIG_MIRROR]: annotations?.[CONFIG_HASH] ?? '' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.uid, controller: true }],
    };
    try {
      await this.#client.create(
        RESOURCES.pods,
        { ...mirror, apiVersion: 'v1', kind: 'Pod' },
        {
          namespace: namespaceOf(pod),
        },
      );
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) throw error;
    }
    return true;
  }

  /** Does nothing if the mirror pod is gone or is another one by now. */
  async delete(mirror: Pod): Promise<void> {
    try {
      await this.#client.delete(RESOURCES.pods, nameOf(mirror), {
        namespace: namespaceOf(mirror),
        gracePeriodSeconds: 0,
        preconditions: { uid: uidOf(mirror) },
      });
    } catch (error) {
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
    }
  }

  /** The same, where nobody can do anything about a failure. */
  async deleteQuietly(mirror: Pod): Promise<void> {
    try {
      await this.delete(mirror);
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
    }
  }
}

/** True if `mirror` stands for the static pod as it is now. */
export function isMirrorPodOf(mirror: Pod, pod: Pod): boolean {
  return mirror.metadata?.annotations?.[CONFIG_MIRROR] === pod.metadata?.annotations?.[CONFIG_HASH];
}
