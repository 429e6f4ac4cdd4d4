import type { PersistentVolume, PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import { Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import { keyOf, type Lister } from '../../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../../client-go/util/workqueue/queue.ts';
import { RetryError, runWorkers } from '../../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../../controller-context.ts';

const WORKERS = 10;

/**
 * Looks at claims that ask for more than they have. No plugin that is built in can make a volume larger.
 * Models pkg/controller/volume/expand expandController.
 */
export class ExpandController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #claims: Lister<PersistentVolumeClaim>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    this.#recorder = recorderFor(context, 'volume_expand');
    const claims = context.informers.for<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims);
    this.#claims = claims.lister;
    claims.addHandler({
      onAdd: (claim) => this.#enqueue(claim),
      onUpdate: (old, claim) => {
        const grew = isMore(requested(claim), requested(old)) || isMore(capacity(claim), capacity(old));
        if (grew) this.#enqueue(claim);
      },
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, WORKERS, (key) => this.#sync(key));
  }

  #enqueue(claim: PersistentVolumeClaim): void {
    if (claim.status?.phase === 'Bound') this.#queue.add(keyOf(claim));
  }

  async #sync(key: string): Promise<void> {
    const claim = this.#claims.getByKey(key);
    if (claim === undefined) return;
    const { client } = this.#context;
    const volume = await client.get<PersistentVolume>(RESOURCES.persistentVolumes, claim.spec!.volumeName!);
    if (volume.spec?.claimRef?.uid !== claim.metadata!.uid) {
      throw new RetryError(`persistent Volume is not bound to PVC being updated : ${key}`);
    }
    if (!isMore(requested(claim), capacity(claim))) return;
    const message = 'waiting for an external controller to expand this PVC';
    const subject = subjectOf(claim, RESOURCES.persistentVolumeClaims);
    this.#recorder.event(subject, 'Normal', 'ExternalExpanding', message);
  }
}

const requested = ({ spec }: PersistentVolumeClaim): string => spec?.resources?.requests?.['storage'] ?? '0';
const capacity = ({ status }: PersistentVolumeClaim): string => status?.capacity?.['storage'] ?? '0';
const isMore = (a: string, b: string): boolean => Quantity.parse(a).compare(Quantity.parse(b)) > 0;
