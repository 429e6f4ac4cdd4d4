import type { ObjectReference, PersistentVolume, PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import type { StorageClass } from 'kubernetes-types/storage/v1';
import { isReason } from '../../../apimachinery/status.ts';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister } from '../../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../../client-go/util/workqueue/run-workers.ts';
import { defaultClass, hasClass } from '../../../client-go/component-helpers/storage/default-class.ts';
import { type Controller, type ControllerContext, recorderFor } from '../../controller-context.ts';
import { isServerError } from '../../util/pod-control.ts';
import { Binding } from './binding.ts';
import { classOf } from '../../../client-go/component-helpers/storage/class.ts';
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  findMatch,
  hasSameMode,
  isBoundTo,
  mismatch,
  SELECTED_NODE,
} from '../../../client-go/component-helpers/storage/volume.ts';

/** Claims that found nothing, and volumes, are looked at again so often. */
const RESYNC = 15_000;
/** What the hostPath plugin dares to remove. */
const DELETABLE_PATH = /\/tmp\/.+/;
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
const BETA_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner';

/** Brings claims and volumes together. Models pkg/controller/volume/persistentvolume PersistentVolumeController. */
export class PersistentVolumeController implements Controller {
  readonly #context: ControllerContext;
  readonly #claimQueue: WorkQueue;
  readonly #volumeQueue: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #binding: Binding;
  readonly #claims: Lister<PersistentVolumeClaim>;
  readonly #volumes: Lister<PersistentVolume>;
  readonly #classes: Lister<StorageClass>;
  readonly #pods: Lister<Pod>;
  readonly #newestClaims: MutationCache<PersistentVolumeClaim>;
  readonly #newestVolumes: MutationCache<PersistentVolume>;

  constructor(context: ControllerContext) {
    const { informers } = context;
    this.#context = context;
    this.#claimQueue = new WorkQueue(context.clock, context.context);
    this.#volumeQueue = new WorkQueue(context.clock, context.context);
    this.#recorder = recorderFor(context, 'persistentvolume-controller');
    const claims = informers.for<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims);
    const volumes = informers.for<PersistentVolume>(RESOURCES.persistentVolumes);
    this.#claims = claims.lister;
    this.#volumes = volumes.lister;
    this.#classes = informers.for<StorageClass>(RESOURCES.storageClasses).lister;
    this.#pods = informers.for<Pod>(RESOURCES.pods).lister;
    this.#newestClaims = new MutationCache(claims.lister);
    this.#newestVolumes = new MutationCache(volumes.lister);
    this.#binding = new Binding(context.client, this.#newestClaims, this.#newestVolumes);
    claims.addHandler({
      // Volumes that came along are available first.
      onAdd: (claim) => this.#claimQueue.addSettled(keyOf(claim)),
      onUpdate: (_, claim) => this.#claimQueue.add(keyOf(claim)),
      onDelete: (claim) => {
        const { volumeName } = claim.spec!;
        if (volumeName) this.#volumeQueue.add(volumeName);
      },
    });
    volumes.addHandler({
      onAdd: (volume) => this.#volumeQueue.add(keyOf(volume)),
      onUpdate: (_, volume) => this.#volumeQueue.add(keyOf(volume)),
      onDelete: (volume) => {
        const reference = volume.spec?.claimRef;
        if (reference !== undefined) this.#claimQueue.add(`${reference.namespace}/${reference.name}`);
      },
    });
  }

  async run(): Promise<void> {
    await this.#initialize();
    await Promise.all([
      runWorkers(this.#volumeQueue, 1, (name) => this.#syncVolume(name)),
      runWorkers(this.#claimQueue, 1, (key) => this.#syncClaim(key)),
      this.#resync(),
    ]);
  }

  /** Volumes that are there can be bound before the first claim looks for one. Models initializeCaches. */
  async #initialize(): Promise<void> {
    for (const volume of this.#volumes.list()) {
      try {
        await this.#syncVolume(keyOf(volume));
      } catch (error) {
        // It is in the queue as well, and tried again from there.
        if (!isServerError(error)) throw error;
      }
    }
  }

  async #resync(): Promise<void> {
    const { clock, context } = this.#context;
    for (;;) {
      await clock.sleep(RESYNC, { periodic: true, context });
      if (context.cancelled) return;
      for (const volume of this.#volumes.list()) this.#volumeQueue.add(keyOf(volume));
      for (const claim of this.#claims.list()) this.#claimQueue.add(keyOf(claim));
    }
  }

  async #syncClaim(key: string): Promise<void> {
    const claim = this.#newestClaims.getByKey(key);
    if (claim === undefined) return;
    if (claim.metadata!.annotations?.[BIND_COMPLETED] === undefined) await this.#syncUnbound(claim);
    else await this.#syncBound(claim);
  }

  /** Models syncUnboundClaim. */
  async #syncUnbound(claim: PersistentVolumeClaim): Promise<void> {
    const { volumeName } = claim.spec!;
    if (!volumeName) {
      const waits = this.#waitsForConsumer(claim);
      const volumes = this.#volumes.list().map((volume) => this.#newestVolumes.newest(volume));
      const found = waits ? volumes.find((volume) => isBoundTo(volume, claim)) : findMatch(volumes, claim);
      if (found !== undefined) return this.#binding.bind(found, claim);
      if (await this.#assignDefaultClass(claim)) return;
      if (waits) this.#sayWaiting(claim);
      else if (classOf(claim) !== '') {
        if (await this.#provision(claim)) return;
      } else {
        const message = 'no persistent volumes available for this claim and no storage class is set';
        this.#event(claim, 'Normal', 'FailedBinding', message);
      }
      return this.#binding.setClaimPhase(claim, 'Pending');
    }
    const volume = this.#newestVolumes.getByKey(volumeName);
    if (volume === undefined) return this.#binding.setClaimPhase(claim, 'Pending');
    if (volume.spec!.claimRef === undefined) {
      const problem = mismatch(volume, claim);
      if (problem === undefined) return this.#binding.bind(volume, claim);
      const message = `Cannot bind to requested volume ${JSON.stringify(volumeName)}: ${problem}`;
      this.#event(claim, 'Warning', 'VolumeMismatch', message);
      return this.#binding.setClaimPhase(claim, 'Pending');
    }
    if (isBoundTo(volume, claim)) return this.#binding.bind(volume, claim);
    const message = `volume ${JSON.stringify(volumeName)} already bound to a different claim.`;
    this.#event(claim, 'Warning', 'FailedBinding', message);
    return this.#binding.setClaimPhase(claim, 'Pending');
  }

  /** Models syncBoundClaim. */
  async #syncBound(claim: PersistentVolumeClaim): Promise<void> {
    const { volumeName } = claim.spec!;
    const lost = (reason: string, message: string) => {
      if (claim.status?.phase !== 'Lost') this.#event(claim, 'Warning', reason, message);
      return this.#binding.setClaimPhase(claim, 'Lost');
    };
    if (!volumeName) {
      const message = 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!';
      return lost('ClaimLost', message);
    }
    const volume = this.#newestVolumes.getByKey(volumeName);
    if (volume === undefined) {
      return lost('ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
    }
    const reference = volume.spec!.claimRef;
    if (reference === undefined || reference.uid === claim.metadata!.uid) {
      return this.#binding.bind(volume, claim);
    }
    const message = 'Two claims are bound to the same volume, this one is bound incorrectly';
    return lost('ClaimMisbound', message);
  }

  #classNamed(name: string): StorageClass | undefined {
    return this.#classes.getByKey(name);
  }

  /** The class lets claims wait until a pod that uses them has a node. Models shouldDelayBinding. */
  #waitsForConsumer(claim: PersistentVolumeClaim): boolean {
    if (claim.metadata!.annotations?.[SELECTED_NODE] !== undefined) return false;
    return this.#classNamed(classOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer';
  }

  /** A claim that came before there was a default class gets it now; its change brings it back. */
  async #assignDefaultClass(claim: PersistentVolumeClaim): Promise<boolean> {
    const storageClass = hasClass(claim) ? undefined : defaultClass(this.#classes.list());
    if (storageClass === undefined) return false;
    await this.#binding.setClass(claim, storageClass.metadata!.name!);
    return true;
  }

  /** Models emitEventForUnboundDelayBindingClaim. */
  #sayWaiting(claim: PersistentVolumeClaim): void {
    const { namespace, name } = claim.metadata!;
    const pods = this.#pods
      .list(namespace)
      .filter(
        (pod) =>
          !pod.spec?.nodeName &&
          pod.spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name),
      )
      .map(({ metadata }) => metadata!.name!);
    if (pods.length === 0) {
      const message = 'waiting for first consumer to be created before binding';
      return this.#event(claim, 'Normal', 'WaitForFirstConsumer', message);
    }
    const message = `waiting for pod ${pods[0]} to be scheduled`;
    this.#event(claim, 'Normal', 'WaitForPodScheduled', message);
  }

  /** Nobody in the process makes volumes: asks the class's provisioner. True if the claim was written. */
  async #provision(claim: PersistentVolumeClaim): Promise<boolean> {
    const storageClass = this.#classNamed(classOf(claim));
    if (storageClass === undefined) {
      const message = `storageclass.storage.k8s.io ${JSON.stringify(classOf(claim))} not found`;
      this.#event(claim, 'Warning', 'ProvisioningFailed', message);
      return false;
    }
    const { provisioner } = storageClass;
    if (provisioner.startsWith('kubernetes.io/')) {
      const message = `no volume plugin matched name: ${provisioner}`;
      this.#event(claim, 'Warning', 'ProvisioningFailed', message);
      return false;
    }
    const { annotations = {} } = claim.metadata!;
    let current = claim;
    if (annotations[PROVISIONER] !== provisioner) {
      current = await this.#binding.annotateClaim(claim, {
        [BETA_PROVISIONER]: provisioner,
        [PROVISIONER]: provisioner,
      });
    }
    const message =
      `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by ` +
      'the system administrator. If volume creation is delayed, please verify that the provisioner is running ' +
      'and correctly registered.';
    this.#event(current, 'Normal', 'ExternalProvisioning', message);
    return current !== claim;
  }

  /** Models syncVolume. */
  async #syncVolume(name: string): Promise<void> {
    const volume = this.#newestVolumes.getByKey(name);
    if (volume === undefined) return;
    const reference = volume.spec!.claimRef;
    if (!reference?.uid) return this.#binding.setVolumePhase(volume, 'Available');
    const key = `${reference.namespace}/${reference.name}`;
    const claim = await this.#claimOf(volume, reference);
    if (claim === undefined) return this.#release(volume);
    if (!claim.spec!.volumeName) {
      if (hasSameMode(volume, claim)) return this.#claimQueue.add(key);
      return this.#sayIncompatible(volume, claim);
    }
    if (claim.spec!.volumeName === name) return this.#binding.setVolumePhase(volume, 'Bound');
    // The claim went elsewhere.
    const { annotations = {} } = volume.metadata!;
    const isNotNeeded = volume.spec!.persistentVolumeReclaimPolicy === 'Delete';
    if (annotations[PROVISIONED_BY] !== undefined && isNotNeeded) return this.#release(volume);
    if (annotations[BOUND_BY_CONTROLLER] !== undefined) await this.#binding.unbindVolume(volume);
  }

  /** The very claim that a volume is for. Before the volume is taken from it the server itself is asked. */
  async #claimOf(
    volume: PersistentVolume,
    reference: ObjectReference,
  ): Promise<PersistentVolumeClaim | undefined> {
    const known = this.#newestClaims.getByKey(`${reference.namespace}/${reference.name}`);
    if (known?.metadata!.uid === reference.uid) return known;
    const { phase } = volume.status ?? {};
    if (known === undefined && (phase === 'Released' || phase === 'Failed')) return undefined;
    try {
      const { namespace, name } = reference;
      const fresh = await this.#context.client.get<PersistentVolumeClaim>(
        RESOURCES.persistentVolumeClaims,
        name!,
        { namespace },
      );
      return fresh.metadata!.uid === reference.uid ? fresh : undefined;
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  /** Nobody has the volume any more. */
  async #release(volume: PersistentVolume): Promise<void> {
    const { phase } = volume.status ?? {};
    if (phase !== 'Released' && phase !== 'Failed') await this.#binding.setVolumePhase(volume, 'Released');
    await this.#reclaim(volume);
  }

  /** A volume was set aside for a claim that it can never serve. */
  #sayIncompatible(volume: PersistentVolume, claim: PersistentVolumeClaim): void {
    const why = 'due to incompatible volumeMode.';
    const [volumeName, claimName] = [volume, claim].map(({ metadata }) => JSON.stringify(metadata!.name!));
    this.#recorder.event(
      subjectOf(volume, RESOURCES.persistentVolumes),
      'Warning',
      'VolumeMismatch',
      `Cannot bind PersistentVolume to requested PersistentVolumeClaim ${claimName} ${why}`,
    );
    const message = `Cannot bind PersistentVolume ${volumeName} to requested PersistentVolumeClaim ${why}`;
    this.#event(claim, 'Warning', 'VolumeMismatch', message);
  }

  /** Models reclaimVolume: of the plugins that are built in, only hostPath's can delete. */
  async #reclaim(volume: PersistentVolume): Promise<void> {
    const { annotations = {}, name } = volume.metadata!;
    const policy = volume.spec!.persistentVolumeReclaimPolicy;
    if (policy === 'Retain' || volume.status?.phase === 'Failed') return;
    if (annotations[PROVISIONED_BY] !== undefined) return;
    const { hostPath } = volume.spec!;
    if (policy === 'Delete' && hostPath !== undefined && DELETABLE_PATH.test(hostPath.path)) {
      await this.#context.client.delete(RESOURCES.persistentVolumes, name!);
      return;
    }
    const [reason, message] =
      policy === 'Delete'
        ? [
            'VolumeFailedDelete',
            hostPath === undefined
              ? `error getting deleter volume plugin for volume ${JSON.stringify(name)}: no deletable volume plugin matched`
              : `host_path deleter only supports /tmp/.+ but received provided ${hostPath.path}`,
          ]
        : ['VolumeFailedRecycle', 'No recycler plugin found for the volume!'];
    this.#recorder.event(subjectOf(volume, RESOURCES.persistentVolumes), 'Warning', reason!, message!);
    await this.#binding.setVolumePhase(this.#newestVolumes.newest(volume), 'Failed', message);
  }

  #event(claim: PersistentVolumeClaim, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#recorder.event(subjectOf(claim, RESOURCES.persistentVolumeClaims), type, reason, message);
  }
}
