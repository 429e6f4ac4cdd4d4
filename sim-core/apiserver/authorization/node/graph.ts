import type { PodSpec } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ObjectReader } from '../../registry/rest/object-store.ts';
import type { PodReferences } from './pod-references.ts';
import { podReferences } from './pod-references.ts';

const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
const PODS = { group: '', resource: 'pods' };

/** What a node can reach through a pod. */
export type ReferencedResource = keyof PodReferences | 'persistentvolumes' | 'volumeattachments';

/**
 * Says what is related to a node: pods lead from the node to what they name.
 * It reads the pods as they are; what each names is worked out once.
 *
 * Models plugin/pkg/auth/authorizer/node/graph.go, whose edges informers keep.
 */
export class NodeGraph {
  readonly #reader: ObjectReader;
  readonly #references = new WeakMap<KubeObject, PodReferences>();

  constructor(reader: ObjectReader) {
    this.#reader = reader;
  }

  /** True if a pod on the node leads to the object. */
  async hasPath(
    node: string,
    resource: ReferencedResource,
    namespace: string,
    name: string,
  ): Promise<boolean> {
    switch (resource) {
      case 'persistentvolumes':
        return this.#claimsVolume(node, name);
      case 'volumeattachments': {
        const found = await this.#reader.get({ group: 'storage.k8s.io', resource }, '', name);
        return found?.spec?.nodeName === node;
      }
      default:
        return this.#podOf(node, namespace, (references) => references[resource].has(name));
    }
  }

  async #claimsVolume(node: string, name: string): Promise<boolean> {
    const volume = await this.#reader.get({ group: '', resource: 'persistentvolumes' }, '', name);
    const claim: { namespace?: string; name?: string } | undefined = volume?.spec?.claimRef;
    if (!claim?.name) return false;
    return this.#podOf(node, claim.namespace ?? '', ({ persistentvolumeclaims }) =>
      persistentvolumeclaims.has(claim.name!),
    );
  }

  async #podOf(
    node: string,
    namespace: string,
    leads: (references: PodReferences) => boolean,
  ): Promise<boolean> {
    const pods = await this.#reader.list(PODS, namespace, node);
    return pods.some(
      (pod) =>
        // A mirror pod shows what runs anyway; it opens nothing.
        pod.metadata.annotations?.[MIRROR_ANNOTATION] === undefined && leads(this.#referencesOf(pod)),
    );
  }

  #referencesOf(pod: KubeObject): PodReferences {
    let references = this.#references.get(pod);
    if (references === undefined) {
      references = podReferences(pod.metadata.name!, pod.spec as PodSpec);
      this.#references.set(pod, references);
    }
    return references;
  }
}
