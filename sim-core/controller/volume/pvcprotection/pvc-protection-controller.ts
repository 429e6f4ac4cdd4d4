import type { PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import { ephemeralClaimName } from '../../../client-go/component-helpers/storage/ephemeral.ts';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import { keyOf, type Lister } from '../../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../../controller-context.ts';
import { isPodTerminal } from '../../util/pods.ts';

const FINALIZER = 'kubernetes.io/pvc-protection';

/** Keeps claims that pods use from going. Models pkg/controller/volume/pvcprotection Controller. */
export class PvcProtectionController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #claims: Lister<PersistentVolumeClaim>;
  readonly #pods: Lister<Pod>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    const claims = context.informers.for<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims);
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    pods.addIndex('claim', claimsOf);
    this.#claims = claims.lister;
    this.#pods = pods.lister;
    const onClaim = (claim: PersistentVolumeClaim) => {
      const isLeaving = claim.metadata!.deletionTimestamp !== undefined;
      if (isLeaving === isProtected(claim)) this.#queue.add(keyOf(claim));
    };
    claims.addHandler({ onAdd: onClaim, onUpdate: (_, claim) => onClaim(claim) });
    const onPod = (pod: Pod) => {
      for (const key of claimsOf(pod)) this.#queue.add(key);
    };
    pods.addHandler({
      onUpdate: (_, pod) => {
        if (isPodTerminal(pod)) onPod(pod);
      },
      onDelete: onPod,
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 1, (key) => this.#sync(key));
  }

  async #sync(key: string): Promise<void> {
    const claim = this.#claims.getByKey(key);
    if (claim === undefined) return;
    const { finalizers = [], deletionTimestamp } = claim.metadata!;
    if (deletionTimestamp === undefined) {
      if (!isProtected(claim)) await this.#write(claim, [...finalizers, FINALIZER]);
    } else if (isProtected(claim) && !(await this.#isUsed(key, claim))) {
      await this.#write(
        claim,
        finalizers.filter((finalizer) => finalizer !== FINALIZER),
      );
    }
  }

  /** Asks the server too: the cache may not know the newest pod yet. */
  async #isUsed(key: string, claim: PersistentVolumeClaim): Promise<boolean> {
    if (this.#pods.byIndex('claim', key).some(isScheduled)) return true;
    const { namespace } = claim.metadata!;
    const { items } = await this.#context.client.list<Pod>(RESOURCES.pods, { namespace });
    return items.some((pod) => isScheduled(pod) && claimsOf(pod).includes(key));
  }

  async #write(claim: PersistentVolumeClaim, finalizers: string[]): Promise<void> {
    const body = { ...claim, metadata: { ...claim.metadata, name: claim.metadata!.name!, finalizers } };
    await this.#context.client.update(RESOURCES.persistentVolumeClaims, body, {
      namespace: claim.metadata!.namespace,
    });
  }
}

const isProtected = ({ metadata }: PersistentVolumeClaim): boolean =>
  metadata?.finalizers?.includes(FINALIZER) ?? false;

/** A pod without a node will not start with a claim that is leaving. */
const isScheduled = (pod: Pod): boolean => Boolean(pod.spec?.nodeName);

/** The keys of the claims that a pod names. */
function claimsOf(pod: Pod): string[] {
  return (pod.spec?.volumes ?? []).flatMap((volume) => {
    const { persistentVolumeClaim, ephemeral } = volume;
    const { namespace } = pod.metadata!;
    if (persistentVolumeClaim) return [`${namespace}/${persistentVolumeClaim.claimName}`];
    return ephemeral ? [`${namespace}/${ephemeralClaimName(pod, volume)}`] : [];
  });
}
