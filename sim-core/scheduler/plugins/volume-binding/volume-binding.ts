import type { PersistentVolume, PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import { matchesNodeSelector } from '../../../client-go/component-helpers/scheduling/node-affinity.ts';
import {
  BIND_COMPLETED,
  classOf,
  findMatch,
  isBoundTo,
} from '../../../client-go/component-helpers/storage/volume.ts';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import type { StateData } from '../../framework/cycle-state.ts';
import type { Plugin, Refusal } from '../../framework/interface.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import type { Handle } from '../handle.ts';
import { claimsOf } from './claims.ts';
import { type Choice, VolumeBinder } from './volume-binder.ts';

const NAME = 'VolumeBinding';
const NEEDS = [RESOURCES.persistentVolumeClaims, RESOURCES.persistentVolumes, RESOURCES.storageClasses];
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

class BindingState implements StateData {
  readonly bound: readonly PersistentVolumeClaim[];
  readonly toBind: readonly PersistentVolumeClaim[];
  /** What the claims would get on each node that was looked at. */
  readonly choices = new Map<string, readonly Choice[]>();

  constructor(bound: readonly PersistentVolumeClaim[], toBind: readonly PersistentVolumeClaim[]) {
    this.bound = bound;
    this.toBind = toBind;
  }

  clone(): BindingState {
    return this;
  }
}

const unresolvable = (reason: string): Refusal => ({
  code: 'UnschedulableAndUnresolvable',
  reasons: [reason],
});

/**
 * Places pods where their volumes are, or can be, and binds claims that wait for a pod.
 * Models pkg/scheduler/framework/plugins/volumebinding.
 */
export function volumeBinding(handle: Handle): Plugin {
  const binder = new VolumeBinder(handle);
  const fits = ({ spec }: PersistentVolume, { node }: NodeInfo) =>
    spec?.nodeAffinity?.required === undefined || matchesNodeSelector(spec.nodeAffinity.required, node!);

  /** Undefined: nothing on this node can serve the claim. */
  const choose = (
    claim: PersistentVolumeClaim,
    node: NodeInfo,
    taken: readonly Choice[],
  ): Choice | undefined => {
    const free = handle.volumes
      .list()
      .filter(
        (volume) => !binder.isReserved(volume, claim) && !taken.some((choice) => choice.volume === volume),
      );
    const volume = findMatch(free, claim, (candidate) => fits(candidate, node));
    if (volume !== undefined) return { claim, volume };
    const storageClass = handle.storageClasses.getByKey(classOf(claim));
    if (storageClass === undefined || storageClass.provisioner === NO_PROVISIONER) return undefined;
    const { allowedTopologies = [] } = storageClass;
    const isAllowed =
      allowedTopologies.length === 0 ||
      allowedTopologies.some(({ matchLabelExpressions = [] }) =>
        matchLabelExpressions.every(({ key, values }) => values.includes(node.labels[key] ?? '')),
      );
    return isAllowed ? { claim } : undefined;
  };

  return {
    name: NAME,
    needs: (pod) => (claimsOf(pod).length > 0 ? NEEDS : []),
    preFilter(state) {
      const { pod } = state.pod;
      const names = claimsOf(pod);
      if (names.length === 0) return { skip: true };
      const bound: PersistentVolumeClaim[] = [];
      const toBind: PersistentVolumeClaim[] = [];
      for (const name of names) {
        const claim = handle.claims.get(pod.metadata!.namespace!, name);
        const what = `persistentvolumeclaim ${JSON.stringify(name)}`;
        if (claim === undefined) return { refusal: unresolvable(`${what} not found`) };
        const { spec, status, metadata } = claim;
        if (status?.phase === 'Lost') {
          const volume = JSON.stringify(spec!.volumeName ?? '');
          return { refusal: unresolvable(`${what} bound to non-existent persistentvolume ${volume}`) };
        }
        if (metadata!.deletionTimestamp !== undefined) {
          return { refusal: unresolvable(`${what} is being deleted`) };
        }
        const isBound =
          spec!.volumeName !== undefined && metadata!.annotations?.[BIND_COMPLETED] !== undefined;
        if (isBound) bound.push(claim);
        else if (
          handle.storageClasses.getByKey(classOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer'
        ) {
          toBind.push(claim);
        } else return { refusal: unresolvable('pod has unbound immediate PersistentVolumeClaims') };
      }
      state.write(NAME, new BindingState(bound, toBind));
      return undefined;
    },
    filter(state, node) {
      const { bound, toBind, choices } = state.read<BindingState>(NAME);
      for (const claim of bound) {
        const volume = handle.volumes.getByKey(claim.spec!.volumeName!);
        if (volume === undefined || !isBoundTo(volume, claim)) {
          return unresolvable('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');
        }
        if (!fits(volume, node)) {
          return unresolvable("node(s) didn't match PersistentVolume's node affinity");
        }
      }
      const chosen: Choice[] = [];
      for (const claim of toBind) {
        const choice = choose(claim, node, chosen);
        if (choice === undefined) {
          return unresolvable("node(s) didn't find available persistent volumes to bind");
        }
        chosen.push(choice);
      }
      choices.set(node.name, chosen);
      return undefined;
    },
    preBind: (state, node) => binder.bind(state.read<BindingState>(NAME).choices.get(node) ?? [], node),
    mayHelp(pod, event) {
      switch (event.type) {
        case 'claim-changed': {
          const { namespace, name } = event.claim.metadata!;
          return namespace === pod.metadata!.namespace && claimsOf(pod).includes(name!);
        }
        case 'node-updated':
          return event.old.metadata?.labels !== event.node.metadata?.labels;
        case 'node-added':
        case 'volume-changed':
        case 'storage-class-changed':
          return true;
        default:
          return false;
      }
    },
  };
}
