import type { PersistentVolume, PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../../apimachinery/copy.ts';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../../client-go/rest/client.ts';
import type { MutationCache } from '../../../client-go/tools/cache/mutation-cache.ts';
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  isBoundTo,
} from '../../../client-go/component-helpers/storage/volume.ts';

type ClaimPhase = 'Pending' | 'Bound' | 'Lost';
type VolumePhase = 'Available' | 'Bound' | 'Released' | 'Failed';
type Named = { metadata: { name: string } };

/**
 * The writes that bind a claim and a volume. Each does nothing if it is done already, so a bind that
 * was cut off is finished by the next one. Models bind, updateClaimStatus and updateVolumePhase.
 */
export class Binding {
  readonly #client: RestClient;
  readonly #claims: MutationCache<PersistentVolumeClaim>;
  readonly #volumes: MutationCache<PersistentVolume>;

  constructor(
    client: RestClient,
    claims: MutationCache<PersistentVolumeClaim>,
    volumes: MutationCache<PersistentVolume>,
  ) {
    this.#client = client;
    this.#claims = claims;
    this.#volumes = volumes;
  }

  /** Volume, its phase, claim, its status: in this order. */
  async bind(volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<void> {
    const bound = await this.#bindVolume(volume, claim);
    await this.setVolumePhase(bound, 'Bound');
    const owning = await this.#bindClaim(claim, bound);
    await this.setClaimPhase(owning, 'Bound', bound);
  }

  async #bindVolume(volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<PersistentVolume> {
    const { uid, namespace, name, resourceVersion } = claim.metadata!;
    if (isBoundTo(volume, claim) && volume.spec!.claimRef!.uid === uid) return volume;
    const wasReserved = volume.spec!.claimRef !== undefined;
    const claimRef = {
      kind: 'PersistentVolumeClaim',
      namespace: namespace!,
      name: name!,
      uid: uid!,
      apiVersion: 'v1',
      resourceVersion: resourceVersion!,
    };
    return this.#updateVolume({
      ...volume,
      metadata: wasReserved ? volume.metadata! : withAnnotations(volume, { [BOUND_BY_CONTROLLER]: 'yes' }),
      spec: { ...volume.spec, claimRef },
    });
  }

  async #bindClaim(claim: PersistentVolumeClaim, volume: PersistentVolume): Promise<PersistentVolumeClaim> {
    const { name } = volume.metadata!;
    const annotations = claim.metadata!.annotations ?? {};
    const wasReserved = claim.spec!.volumeName === name;
    if (wasReserved && annotations[BIND_COMPLETED] !== undefined) return claim;
    const added = { [BIND_COMPLETED]: 'yes', ...(!wasReserved && { [BOUND_BY_CONTROLLER]: 'yes' }) };
    return this.#updateClaim({
      ...claim,
      metadata: withAnnotations(claim, added),
      spec: { ...claim.spec, volumeName: name! },
    });
  }

  annotateClaim(
    claim: PersistentVolumeClaim,
    annotations: Record<string, string>,
  ): Promise<PersistentVolumeClaim> {
    return this.#updateClaim({ ...claim, metadata: withAnnotations(claim, annotations) });
  }

  setClass(claim: PersistentVolumeClaim, storageClassName: string): Promise<PersistentVolumeClaim> {
    return this.#updateClaim({ ...claim, spec: { ...claim.spec, storageClassName } });
  }

  /** The volume is free again. */
  async unbindVolume(volume: PersistentVolume): Promise<void> {
    const { claimRef: _, ...spec } = volume.spec!;
    const { [BOUND_BY_CONTROLLER]: __, ...annotations } = volume.metadata!.annotations ?? {};
    const free = await this.#updateVolume({ ...volume, metadata: { ...volume.metadata, annotations }, spec });
    await this.setVolumePhase(free, 'Available');
  }

  async setVolumePhase(volume: PersistentVolume, phase: VolumePhase, message?: string): Promise<void> {
    if (volume.status?.phase === phase) return;
    const body = { ...volume, status: { phase, ...(message !== undefined && { message }) } };
    this.#volumes.mutation(
      await this.#client.update<PersistentVolume>(RESOURCES.persistentVolumes, body as Named, {
        subresource: 'status',
      }),
    );
  }

  /** A bound claim tells what its volume has. */
  async setClaimPhase(
    claim: PersistentVolumeClaim,
    phase: ClaimPhase,
    volume?: PersistentVolume,
  ): Promise<void> {
    const status = {
      phase,
      ...(volume !== undefined && {
        accessModes: volume.spec!.accessModes!,
        capacity: volume.spec!.capacity!,
      }),
    };
    const { conditions, ...known } = claim.status ?? {};
    if (semanticEqual(known, status)) return;
    const body = { ...claim, status: { ...status, ...(conditions && { conditions }) } };
    const { namespace } = claim.metadata!;
    this.#claims.mutation(
      await this.#client.update<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims, body as Named, {
        namespace,
        subresource: 'status',
      }),
    );
  }

  async #updateVolume(volume: PersistentVolume): Promise<PersistentVolume> {
    return this.#volumes.mutation(
      await this.#client.update<PersistentVolume>(RESOURCES.persistentVolumes, volume as Named),
    );
  }

  async #updateClaim(claim: PersistentVolumeClaim): Promise<PersistentVolumeClaim> {
    const { namespace } = claim.metadata!;
    return this.#claims.mutation(
      await this.#client.update<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims, claim as Named, {
        namespace,
      }),
    );
  }
}

function withAnnotations<T extends PersistentVolume | PersistentVolumeClaim>(
  { metadata }: T,
  annotations: Record<string, string>,
): NonNullable<T['metadata']> {
  return { ...metadata, annotations: { ...metadata?.annotations, ...annotations } } as NonNullable<
    T['metadata']
  >;
}
