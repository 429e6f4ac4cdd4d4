import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { RetryError } from '../../client-go/util/workqueue/run-workers.ts';
import { isServerError } from '../util/pod-control.ts';
import {
  areOwnersUpToDate,
  belongsToEarlierPod,
  hasConflictingController,
  retainsWhenScaled,
  wantedOwners,
} from './claim-owners.ts';
import { claimName, ordinalOf } from './identity.ts';

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

  /**
   * Makes the claims of the pod that are not there. Throws a RetryError if one cannot be made or is going.
   * Models createPersistentVolumeClaims.
   */
  async createMissing(set: StatefulSet, pod: Pod): Promise<void> {
    const { namespace } = set.metadata!;
    const faults: string[] = [];
    for (const template of set.spec!.volumeClaimTemplates ?? []) {
      const name = claimName(set, template.metadata!.name!, ordinalOf(set, pod)!);
      const known = this.#claims.get(namespace!, name);
      const fault = known === undefined ? await this.#create(set, pod, template, name) : undefined;
      if (fault !== undefined) faults.push(fault);
      if (known?.metadata!.deletionTimestamp !== undefined) faults.push(`pvc ${name} is being deleted`);
    }
    if (faults.length === 1) throw new RetryError(faults[0]);
    if (faults.length > 1) throw new RetryError(`[${faults.join(', ')}]`);
  }

  /** Gives why it could not be made. */
  async #create(
    set: StatefulSet,
    pod: Pod,
    template: PersistentVolumeClaim,
    name: string,
  ): Promise<string | undefined> {
    const { namespace, name: setName } = set.metadata!;
    const { labels, annotations } = template.metadata!;
    const claim = {
      kind: 'PersistentVolumeClaim',
      apiVersion: 'v1',
      metadata: {
        name,
        namespace,
        labels: { ...labels, ...set.spec!.selector.matchLabels },
        ...(annotations !== undefined && { annotations }),
      },
      spec: template.spec,
    };
    const ofPod = `Pod ${pod.metadata!.name} in StatefulSet ${setName}`;
    try {
      await this.#client.create(RESOURCES.persistentVolumeClaims, claim, { namespace });
    } catch (error) {
      // It is there, but the informer has not shown it yet.
      if (isReason(error, 'AlreadyExists')) return undefined;
      if (!isServerError(error)) throw error;
      const message = `create Claim ${name} for ${ofPod} failed error: ${error.message}`;
      this.#event(set, 'Warning', 'FailedCreate', message);
      return `failed to create PVC ${name}: ${error.message}`;
    }
    this.#event(set, 'Normal', 'SuccessfulCreate', `create Claim ${name} ${ofPod} success`);
    return undefined;
  }

  /** False if a claim of the pod has not the owners that the set's retention policy asks for. Models ClaimsMatchRetentionPolicy. */
  matchPolicy(set: StatefulSet, pod: Pod): boolean {
    return this.#claimsOf(set, pod).every((claim) => areOwnersUpToDate(claim, set, pod));
  }

  /** Gives the claims of a pod these owners. Models UpdatePodClaimForRetentionPolicy. */
  async updateOwners(set: StatefulSet, pod: Pod): Promise<void> {
    const { namespace } = set.metadata!;
    for (const claim of this.#claimsOf(set, pod)) {
      if (hasConflictingController(claim, set, pod)) {
        const message = `PersistentVolumeClaim ${claim.metadata!.name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`;
        this.#event(set, 'Warning', 'ConflictingController', message);
      }
      if (areOwnersUpToDate(claim, set, pod)) continue;
      const ownerReferences = wantedOwners(claim, set, pod);
      const body = { ...claim, metadata: { ...claim.metadata, ownerReferences } };
      await this.#client.update(RESOURCES.persistentVolumeClaims, body as { metadata: { name: string } }, {
        namespace,
      });
    }
  }

  /** A claim of the pod will go with an earlier pod of that name: the pod must wait. Models PodClaimIsStale. */
  areStale(set: StatefulSet, pod: Pod): boolean {
    if (retainsWhenScaled(set)) return false;
    return this.#claimsOf(set, pod).some((claim) => belongsToEarlierPod(claim, pod));
  }

  #claimsOf(set: StatefulSet, pod: Pod): PersistentVolumeClaim[] {
    const ordinal = ordinalOf(set, pod)!;
    return (set.spec!.volumeClaimTemplates ?? []).flatMap(({ metadata }) => {
      const claim = this.#claims.get(set.metadata!.namespace!, claimName(set, metadata!.name!, ordinal));
      return claim ?? [];
    });
  }

  #event(set: StatefulSet, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#recorder.event(subjectOf(set, RESOURCES.statefulSets), type, reason, message);
  }
}
