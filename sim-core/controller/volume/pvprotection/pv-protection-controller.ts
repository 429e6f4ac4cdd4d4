import type { PersistentVolume } from 'kubernetes-types/core/v1';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../../controller-context.ts';

const FINALIZER = 'kubernetes.io/pv-protection';

/** Keeps volumes that are bound from going. Models pkg/controller/volume/pvprotection Controller. */
export class PvProtectionController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #volumes: Lister<PersistentVolume>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    const volumes = context.informers.for<PersistentVolume>(RESOURCES.persistentVolumes);
    this.#volumes = volumes.lister;
    const onVolume = (volume: PersistentVolume) => {
      if (wantedFinalizers(volume) !== undefined) this.#queue.add(volume.metadata!.name!);
    };
    volumes.addHandler({ onAdd: onVolume, onUpdate: (_, volume) => onVolume(volume) });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 1, (name) => this.#sync(name));
  }

  async #sync(name: string): Promise<void> {
    const volume = this.#volumes.getByKey(name);
    const finalizers = volume && wantedFinalizers(volume);
    if (finalizers === undefined) return;
    const body = { ...volume, metadata: { ...volume!.metadata, name, finalizers } };
    await this.#context.client.update(RESOURCES.persistentVolumes, body);
  }
}

/** The finalizers that the volume should have; undefined if it has them. */
function wantedFinalizers({ metadata, status }: PersistentVolume): string[] | undefined {
  const { finalizers = [], deletionTimestamp } = metadata!;
  const isProtected = finalizers.includes(FINALIZER);
  if (deletionTimestamp === undefined) return isProtected ? undefined : [...finalizers, FINALIZER];
  if (!isProtected || status?.phase === 'Bound') return undefined;
  return finalizers.filter((finalizer) => finalizer !== FINALIZER);
}
