import type { ReplicaSet } from 'kubernetes-types/apps/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import type { OwnerReference } from 'kubernetes-types/meta/v1';
import { parseApiVersion } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import type { InformerScope } from '../../client-go/informers/factory.ts';
import { type BuiltInResource, RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { controllerOf, type Owned } from '../util/owner.ts';

/** Pods whose number nobody decides; the message says which. */
export class ScaleError extends Error {
  override readonly name = 'ScaleError';
}

type Scalable = Owned & { readonly spec?: { readonly replicas?: number } };

/** How many pods there should be, by what controls them. Models getExpectedScale and the finders. */
export class ExpectedScale {
  readonly #client: RestClient;
  readonly #kinds: readonly { readonly resource: BuiltInResource; readonly lister: Lister<Scalable> }[];

  constructor(client: RestClient, informers: InformerScope) {
    this.#client = client;
    this.#kinds = [
      RESOURCES.replicaSets,
      RESOURCES.deployments,
      RESOURCES.statefulSets,
      RESOURCES.replicationControllers,
    ].map((resource) => ({ resource, lister: informers.for<Scalable>(resource).lister }));
  }

  /** Throws a ScaleError, or what the server says of a kind that it must be asked for. */
  async of(pods: readonly Pod[]): Promise<number> {
    const scales = new Map<string, number>();
    for (const pod of pods) {
      const reference = controllerOf(pod);
      if (reference === undefined) continue;
      if (scales.has(reference.uid)) continue;
      const found = await this.#scaleOf(pod.metadata!.namespace!, reference);
      if (found === undefined) {
        throw new ScaleError(`found no controllers for pod ${JSON.stringify(pod.metadata!.name)}`);
      }
      scales.set(reference.uid, 0);
      scales.set(found.uid, found.replicas);
    }
    return [...scales.values()].reduce((sum, scale) => sum + scale, 0);
  }

  async #scaleOf(
    namespace: string,
    reference: OwnerReference,
  ): Promise<{ uid: string; replicas: number } | undefined> {
    const known = this.#kinds.find(({ resource }) => resource.kind === reference.kind);
    if (known === undefined) return this.#subresourceScale(namespace, reference);
    const owner = known.lister.get(namespace, reference.name);
    if (owner?.metadata?.uid !== reference.uid) return undefined;
    // A ReplicaSet of a Deployment counts with all of the Deployment's.
    const above = reference.kind === 'ReplicaSet' ? controllerOf(owner as ReplicaSet) : undefined;
    if (above?.kind === 'Deployment') return this.#scaleOf(namespace, above);
    return { uid: reference.uid, replicas: owner.spec?.replicas ?? 1 };
  }

  /** Asks the server for a kind that has a scale. */
  async #subresourceScale(
    namespace: string,
    { apiVersion, kind, name, uid }: OwnerReference,
  ): Promise<{ uid: string; replicas: number } | undefined> {
    const { group, version } = parseApiVersion(apiVersion);
    const resource = { group, version, resource: `${kind.toLowerCase()}s` };
    try {
      const scale = await this.#client.get<{ spec?: { replicas?: number } }>(resource, name, {
        namespace,
        subresource: 'scale',
      });
      return { uid, replicas: scale.spec?.replicas ?? 0 };
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
      const text = `${resource.resource}.${group}`;
      throw new ScaleError(`${text} does not implement the scale subresource`);
    }
  }
}
