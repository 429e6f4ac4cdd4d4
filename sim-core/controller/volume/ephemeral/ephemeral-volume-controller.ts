import type { PersistentVolumeClaim, Pod, Volume } from 'kubernetes-types/core/v1';
import {
  ephemeralClaimName,
  foreignClaimProblem,
} from '../../../client-go/component-helpers/storage/ephemeral.ts';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import { keyOf, type Lister } from '../../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../../client-go/util/workqueue/queue.ts';
import { RetryError, runWorkers } from '../../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../../controller-context.ts';
import { controllerRef } from '../../util/owner.ts';
import { isServerError } from '../../util/pod-control.ts';

const WORKERS = 5;

/** Makes the claims of pods' ephemeral volumes. Models pkg/controller/volume/ephemeral ephemeralController. */
export class EphemeralVolumeController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #pods: Lister<Pod>;
  readonly #claims: Lister<PersistentVolumeClaim>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    this.#recorder = recorderFor(context, 'ephemeral_volume');
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    const claims = context.informers.for<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims);
    this.#pods = pods.lister;
    this.#claims = claims.lister;
    pods.addHandler({ onAdd: (pod) => this.#enqueue(pod) });
    claims.addHandler({
      onDelete: ({ metadata }) => {
        for (const pod of this.#pods.list(metadata!.namespace)) {
          const names = ephemeralVolumes(pod).map((volume) => ephemeralClaimName(pod, volume));
          if (names.includes(metadata!.name!)) this.#enqueue(pod);
        }
      },
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, WORKERS, (key) => this.#sync(key));
  }

  #enqueue(pod: Pod): void {
    if (pod.metadata!.deletionTimestamp === undefined && ephemeralVolumes(pod).length > 0) {
      this.#queue.add(keyOf(pod));
    }
  }

  async #sync(key: string): Promise<void> {
    const pod = this.#pods.getByKey(key);
    if (pod === undefined || pod.metadata!.deletionTimestamp !== undefined) return;
    for (const volume of ephemeralVolumes(pod)) {
      try {
        await this.#ensureClaim(pod, volume);
      } catch (error) {
        if (!isServerError(error) && !(error instanceof RetryError)) throw error;
        const message = `ephemeral volume ${volume.name}: ${error.message}`;
        this.#recorder.event(subjectOf(pod, RESOURCES.pods), 'Warning', 'FailedBinding', message);
        throw error;
      }
    }
  }

  /** Models handleVolume. */
  async #ensureClaim(pod: Pod, volume: Volume): Promise<void> {
    const { namespace } = pod.metadata!;
    const name = ephemeralClaimName(pod, volume);
    const known = this.#claims.get(namespace!, name);
    if (known !== undefined) {
      const problem = foreignClaimProblem(pod, known);
      if (problem !== undefined) throw new RetryError(problem);
      return;
    }
    const { metadata: { annotations, labels } = {}, spec } = volume.ephemeral!.volumeClaimTemplate!;
    const claim = {
      kind: 'PersistentVolumeClaim',
      apiVersion: 'v1',
      metadata: {
        name,
        ...(annotations && { annotations }),
        ...(labels && { labels }),
        ownerReferences: [controllerRef(pod, RESOURCES.pods)],
      },
      spec,
    };
    try {
      await this.#context.client.create(RESOURCES.persistentVolumeClaims, claim, { namespace });
    } catch (error) {
      if (isServerError(error)) throw new RetryError(`create PVC ${name}: ${error.message}`);
      throw error;
    }
  }
}

const ephemeralVolumes = ({ spec }: Pod): Volume[] =>
  (spec?.volumes ?? []).filter(({ ephemeral }) => ephemeral !== undefined);
