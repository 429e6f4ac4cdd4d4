import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { RetryError } from '../../client-go/util/workqueue/run-workers.ts';
import { isServerError } from '../util/pod-control.ts';
import type { StatefulClaims } from './claims.ts';
import { identityMatches, storageMatches, withIdentity, withStorage } from './identity.ts';

/**
 * Makes, mends and deletes the pods of StatefulSets with their claims; what happens is told in events of the set.
 * Rejects with the server's answer, or a RetryError. Models pkg/controller/statefulset StatefulPodControl.
 */
export class StatefulPodControl {
  readonly #client: RestClient;
  readonly #recorder: EventRecorder;
  readonly #claims: StatefulClaims;

  constructor(client: RestClient, recorder: EventRecorder, claims: StatefulClaims) {
    this.#client = client;
    this.#recorder = recorder;
    this.#claims = claims;
  }

  async create(set: StatefulSet, pod: Pod): Promise<void> {
    await this.#told('create', set, pod, () => this.#claims.createMissing(set, pod), { onSuccess: false });
    try {
      await this.#client.create(RESOURCES.pods, pod, { namespace: pod.metadata!.namespace });
    } catch (error) {
      if (isServerError(error) && !isReason(error, 'AlreadyExists')) this.#event('create', set, pod, error);
      throw error;
    }
    await this.#told('update', set, pod, () => this.#claims.updateOwners(set, pod), { onSuccess: false });
    this.#event('create', set, pod, undefined);
  }

  /** Gives a pod its name's label, its volumes and its claims' owners back. Models UpdateStatefulPod. */
  async update(set: StatefulSet, pod: Pod): Promise<void> {
    const mended = withStorage(set, withIdentity(pod));
    await this.#told('update', set, pod, async () => {
      if (!storageMatches(set, pod)) await this.#claims.createMissing(set, pod);
      if (!this.#claims.matchPolicy(set, pod)) await this.#claims.updateOwners(set, pod);
      await this.#client.update(RESOURCES.pods, mended as { metadata: { name: string } }, {
        namespace: pod.metadata!.namespace,
      });
    });
  }

  /** True if the pod is as the set and its retention policy want it. */
  isConsistent(set: StatefulSet, pod: Pod): boolean {
    return identityMatches(pod) && storageMatches(set, pod) && this.#claims.matchPolicy(set, pod);
  }

  delete(set: StatefulSet, pod: Pod): Promise<void> {
    const { namespace, name } = pod.metadata!;
    return this.#told('delete', set, pod, () => this.#client.delete(RESOURCES.pods, name!, { namespace }));
  }

  async createMissingClaims(set: StatefulSet, pod: Pod): Promise<void> {
    await this.#claims.createMissing(set, pod);
    await this.#told('update', set, pod, () => this.#claims.updateOwners(set, pod), { onSuccess: false });
  }

  async #told(
    verb: Verb,
    set: StatefulSet,
    pod: Pod,
    work: () => Promise<unknown>,
    { onSuccess = true } = {},
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (isServerError(error) || error instanceof RetryError) this.#event(verb, set, pod, error);
      throw error;
    }
    if (onSuccess) this.#event(verb, set, pod, undefined);
  }

  /** Models recordPodEvent. */
  #event(verb: Verb, set: StatefulSet, pod: Pod, error: Error | undefined): void {
    const what = `${verb} Pod ${pod.metadata!.name} in StatefulSet ${set.metadata!.name}`;
    const title = `${verb[0]!.toUpperCase()}${verb.slice(1)}`;
    const subject = subjectOf(set, RESOURCES.statefulSets);
    if (error === undefined)
      this.#recorder.event(subject, 'Normal', `Successful${title}`, `${what} successful`);
    else this.#recorder.event(subject, 'Warning', `Failed${title}`, `${what} failed error: ${error.message}`);
  }
}

type Verb = 'create' | 'update' | 'delete';
