import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import type { OwnerReference } from 'kubernetes-types/meta/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { controllerRef } from '../util/owner.ts';
import { isServerError } from '../util/pod-control.ts';
import { claimName, ordinalOf, ordinalsOf, podName } from './identity.ts';

/** The claims of a StatefulSet's pods. Models the claim half of pkg/controller/statefulset/stateful_pod_control.go. */
export class StatefulClaims {
  readonly #client: RestClient;
  readonly #recorder: EventRecorder;
  readonly #claims: Lister<PersistentVolumeClaim>;

  constructor(client: RestClient, recorder: EventRecorder, claims: Lister<PersistentVolumeClaim>) {
    this.#client = client;
    this.#recorder = recorder;
    this.#claims = claims;
  }

  /** Makes the claims of the pod at `ordinal` that are not there. */
  async createMissing(set: StatefulSet, ordinal: number): Promise<void> {
    const { namespace, name: setName } = set.metadata!;
    const pod = podName(set, ordinal);
    const event = (type: 'Normal' | 'Warning', reason: string, message: string) =>
      this.#recorder.event(subjectOf(set, RESOURCES.statefulSets), type, reason, message);
    for (const template of set.spec!.volumeClaimTemplates ?? []) {
      const name = claimName(set, template.metadata!.name!, ordinal);
      if (this.#claims.get(namespace!, name) !== undefined) continue;
      const { labels, annotations } = template.metadata!;
      const claim = {
        kind: 'PersistentVolumeClaim',
        apiVersion: 'v1',
        metadata: {
          name,
          namespace,
          labels: { ...labels, ...set.spec!.selector.matchLabels },
          ...(annotations !== undefined && { annotations }),
          ...(wantedOwners(set, undefined, ordinal, []).length > 0 && {
            ownerReferences: wantedOwners(set, undefined, ordinal, []),
          }),
        },
        spec: template.spec,
      };
      try {
        await this.#client.create(RESOURCES.persistentVolumeClaims, claim, { namespace });
        event(
          'Normal',
          'SuccessfulCreate',
          `create Claim ${name} Pod ${pod} in StatefulSet ${setName} success`,
        );
      } catch (error) {
        if (isReason(error, 'AlreadyExists')) continue;
        if (isServerError(error)) {
          const what = `create Claim ${name} for Pod ${pod} in StatefulSet ${setName}`;
          event('Warning', 'FailedCreate', `${what} failed error: ${error.message}`);
        }
        throw error;
      }
    }
  }

  /** Gives the claims of a pod the owners that the set's retention policy asks for. Models UpdatePodClaimForRetentionPolicy. */
  async updateOwners(set: StatefulSet, pod: Pod): Promise<void> {
    const { namespace } = set.metadata!;
    const ordinal = ordinalOf(set, pod);
    if (ordinal === undefined) return;
    for (const template of set.spec!.volumeClaimTemplates ?? []) {
      const claim = this.#claims.get(namespace!, claimName(set, template.metadata!.name!, ordinal));
      if (claim === undefined) continue;
      const known = claim.metadata!.ownerReferences ?? [];
      const owners = wantedOwners(set, pod, ordinal, known);
      if (semanticEqual(owners, known)) continue;
      const body = { ...claim, metadata: { ...claim.metadata, ownerReferences: owners } };
      await this.#client.update(RESOURCES.persistentVolumeClaims, body as { metadata: { name: string } }, {
        namespace,
      });
    }
  }
}

/**
 * Who owns a claim: the set, if it goes with it; the pod, if it goes when the set shrinks and the
 * pod is beyond its size. Models updateClaimOwnerRefForSetAndPod.
 */
function wantedOwners(
  set: StatefulSet,
  pod: Pod | undefined,
  ordinal: number,
  known: readonly OwnerReference[],
): OwnerReference[] {
  const { whenDeleted, whenScaled } = set.spec!.persistentVolumeClaimRetentionPolicy ?? {};
  const { start, end } = ordinalsOf(set);
  const isScaledDown = ordinal < start || ordinal >= end;
  const byPod = whenScaled === 'Delete' && isScaledDown && pod !== undefined;
  const bySet = whenDeleted === 'Delete' && !byPod;
  const mine = new Set([set.metadata!.uid, pod?.metadata?.uid]);
  const owners = known.filter(({ uid }) => !mine.has(uid));
  if (bySet) owners.push(controllerRef(set, RESOURCES.statefulSets));
  if (byPod) owners.push(controllerRef(pod, RESOURCES.pods));
  return owners;
}
