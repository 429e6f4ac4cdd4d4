import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from 'kubernetes-types/core/v1';
import { matchesNodeSelector } from '../../../client-go/component-helpers/scheduling/node-affinity.ts';
import {
  ephemeralClaimName,
  foreignClaimProblem,
} from '../../../client-go/component-helpers/storage/ephemeral.ts';
import { classOf } from '../../../client-go/component-helpers/storage/class.ts';
import { BIND_COMPLETED, findMatch, isBoundTo } from '../../../client-go/component-helpers/storage/volume.ts';
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

/** The claim behind a volume, or why it is of no use; undefined for a volume without one. Models podHasPVCs. */
function claimOf(handle: Handle, pod: Pod, volume: Volume): PersistentVolumeClaim | string | undefined {
  const { persistentVolumeClaim, ephemeral } = volume;
  if (!persistentVolumeClaim && !ephemeral) return undefined;
  const name = persistentVolumeClaim?.claimName ?? ephemeralClaimName(pod, volume);
  const what = `persistentvolumeclaim ${JSON.stringify(name)}`;
  const claim = handle.claims.get(pod.metadata!.namespace!, name);
  if (claim === undefined) {
    return ephemeral ? `waiting for ephemeral volume controller to create the ${what}` : `${what} not found`;
  }
  if (claim.status?.phase === 'Lost') {
    return `${what} bound to non-existent persistentvolume ${JSON.stringify(claim.spec!.volumeName ?? '')}`;
  }
  if (claim.metadata!.deletionTimestamp !== undefined) return `${what} is being deleted`;
  return (ephemeral && foreignClaimProblem(pod, claim)) ?? claim;
}

/** The nodes that the claims' local volumes lie on; undefined for any. Models GetEligibleNodes. */
function eligibleNodes(handle: Handle, bound: readonly PersistentVolumeClaim[]): Set<string> | undefined {
  let eligible: Set<string> | undefined;
  for (const claim of bound) {
    const volume = handle.volumes.getByKey(claim.spec!.volumeName!);
    if (volume === undefined) return undefined;
    const names = localNodes(volume);
    if (names.size === 0) continue;
    eligible = eligible === undefined ? names : new Set([...eligible].filter((name) => names.has(name)));
  }
  return eligible;
}

/** Models pkg/volume/util GetLocalPersistentVolumeNodeNames. */
function localNodes({ spec }: PersistentVolume): Set<string> {
  const names = new Set<string>();
  for (const { matchExpressions = [] } of spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []) {
    const lists = matchExpressions
      .filter(({ key, operator }) => key === 'kubernetes.io/hostname' && operator === 'In')
      .map(({ values = [] }) => values);
    for (const name of lists[0] ?? []) if (lists.every((list) => list.includes(name))) names.add(name);
  }
  return names;
}

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
      if (claimsOf(pod).length === 0) return { skip: true };
      const claims: PersistentVolumeClaim[] = [];
      for (const volume of pod.spec!.volumes!) {
        const found = claimOf(handle, pod, volume);
        if (typeof found === 'string') return { refusal: unresolvable(found) };
        if (found !== undefined) claims.push(found);
      }
      const bound: PersistentVolumeClaim[] = [];
      const toBind: PersistentVolumeClaim[] = [];
      for (const claim of claims) {
        const { spec, metadata } = claim;
        const isBound =
          spec!.volumeName !== undefined && metadata!.annotations?.[BIND_COMPLETED] !== undefined;
        const mode = handle.storageClasses.getByKey(classOf(claim))?.volumeBindingMode;
        if (isBound) bound.push(claim);
        else if (mode === 'WaitForFirstConsumer') toBind.push(claim);
        else return { refusal: unresolvable('pod has unbound immediate PersistentVolumeClaims') };
      }
      state.write(NAME, new BindingState(bound, toBind));
      const names = eligibleNodes(handle, bound);
      return names && { names };
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
