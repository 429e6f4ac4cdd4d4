import type { PersistentVolume, PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  SELECTED_NODE,
} from '../../../client-go/component-helpers/storage/volume.ts';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import { keyOf } from '../../../client-go/tools/cache/store.ts';
import { BindError } from '../../framework/interface.ts';
import type { Handle } from '../handle.ts';

/** How often a claim is looked at while it is being bound, and for how long. */
const POLL = 1000;
const TIMEOUT = 600_000;
/** So many looks are work under way; a claim that waits longer waits for somebody else. */
const PATIENT_POLLS = 5;

type Named = { metadata: { name: string } };

/** What a claim is to get: a volume that is there, or one that is to be made. */
export interface Choice {
  readonly claim: PersistentVolumeClaim;
  readonly volume?: PersistentVolume;
}

/** Binds claims for a pod that has a node. Models volumebinding volumeBinder BindPodVolumes. */
export class VolumeBinder {
  readonly #handle: Handle;
  /** Volumes that were given to a claim and may not show it yet. */
  readonly #reserved = new Map<string, string>();

  constructor(handle: Handle) {
    this.#handle = handle;
  }

  /** The volume is on its way to another claim. */
  isReserved(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
    const owner = this.#reserved.get(volume.metadata!.name!);
    return owner !== undefined && owner !== keyOf(claim);
  }

  /** Resolves when all claims are bound. Rejects with a server's refusal or a BindError. */
  async bind(choices: readonly Choice[], node: string): Promise<void> {
    if (choices.length === 0) return;
    const { clock, context } = this.#handle;
    for (const { claim, volume } of choices) {
      if (volume !== undefined) this.#reserved.set(volume.metadata!.name!, keyOf(claim));
    }
    try {
      for (const choice of choices) await this.#ask(choice, node);
      const deadline = clock.now() + TIMEOUT;
      for (let polls = 0; !choices.every(({ claim }) => this.#isBound(claim)); polls++) {
        if (clock.now() >= deadline) throw new BindError('binding volumes: context deadline exceeded');
        await clock.sleep(POLL, { periodic: polls >= PATIENT_POLLS, context });
        if (context.cancelled) return;
      }
    } finally {
      for (const { volume } of choices)
        if (volume !== undefined) this.#reserved.delete(volume.metadata!.name!);
    }
  }

  /** The controllers do the rest: the binder for a volume, the provisioner for a selected node. */
  async #ask({ claim, volume }: Choice, node: string): Promise<void> {
    const { client } = this.#handle;
    if (volume === undefined) {
      const annotations = { ...claim.metadata!.annotations, [SELECTED_NODE]: node };
      const body = { ...claim, metadata: { ...claim.metadata, annotations } } as Named;
      await client.update(RESOURCES.persistentVolumeClaims, body, { namespace: claim.metadata!.namespace });
      return;
    }
    if (volume.spec!.claimRef !== undefined) return;
    const { name, namespace, uid, resourceVersion } = claim.metadata!;
    const kind = { kind: 'PersistentVolumeClaim', apiVersion: 'v1' };
    const body = {
      ...volume,
      metadata: {
        ...volume.metadata,
        annotations: { ...volume.metadata!.annotations, [BOUND_BY_CONTROLLER]: 'yes' },
      },
      spec: { ...volume.spec, claimRef: { ...kind, name, namespace, uid, resourceVersion } },
    };
    await client.update(RESOURCES.persistentVolumes, body as Named);
  }

  #isBound(claim: PersistentVolumeClaim): boolean {
    const current = this.#handle.claims.getByKey(keyOf(claim));
    if (current === undefined) throw new BindError(`binding volumes: persistentvolumeclaim not found`);
    return Boolean(current.spec?.volumeName) && current.metadata!.annotations?.[BIND_COMPLETED] !== undefined;
  }
}
