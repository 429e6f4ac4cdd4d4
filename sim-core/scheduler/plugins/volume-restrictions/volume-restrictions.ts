import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import type { StateData } from '../../framework/cycle-state.ts';
import type { Plugin } from '../../framework/interface.ts';
import type { PodInfo } from '../../framework/node-info.ts';
import type { Handle } from '../handle.ts';
import { claimsOf } from '../volume-binding/claims.ts';

const NAME = 'VolumeRestrictions';
const REASON = 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode';

class RestrictionState implements StateData {
  readonly claims: ReadonlySet<string>;
  /** How many pods use one of the claims. */
  conflicts: number;

  constructor(claims: ReadonlySet<string>, conflicts: number) {
    this.claims = claims;
    this.conflicts = conflicts;
  }

  clone(): RestrictionState {
    return new RestrictionState(this.claims, this.conflicts);
  }

  uses({ pod }: PodInfo, namespace: string): number {
    if (pod.metadata!.namespace !== namespace) return 0;
    return claimsOf(pod).filter((name) => this.claims.has(name)).length;
  }
}

/**
 * Lets one pod at a time have a claim that is for one pod. Models pkg/scheduler/framework/plugins/volumerestrictions
 * for ReadWriteOncePod.
 */
export function volumeRestrictions({ claims, cache }: Handle): Plugin {
  return {
    name: NAME,
    needs: (pod) => (claimsOf(pod).length > 0 ? [RESOURCES.persistentVolumeClaims] : []),
    preFilter(state) {
      const { pod } = state.pod;
      const { namespace } = pod.metadata!;
      const exclusive = claimsOf(pod).filter((name) =>
        claims.get(namespace!, name)?.spec?.accessModes?.includes('ReadWriteOncePod'),
      );
      if (exclusive.length === 0) return { skip: true };
      let conflicts = 0;
      for (const name of exclusive) {
        const byNode = cache.podCounts.byNode(
          `claim ${namespace}/${name}`,
          (other) => other.metadata!.namespace === namespace && claimsOf(other).includes(name),
        );
        for (const count of byNode.values()) conflicts += count;
      }
      state.write(NAME, new RestrictionState(new Set(exclusive), conflicts));
      return undefined;
    },
    addPod(state, info) {
      const own = state.read<RestrictionState>(NAME);
      own.conflicts += own.uses(info, state.pod.pod.metadata!.namespace!);
    },
    removePod(state, info) {
      const own = state.read<RestrictionState>(NAME);
      own.conflicts -= own.uses(info, state.pod.pod.metadata!.namespace!);
    },
    filter: (state) =>
      state.read<RestrictionState>(NAME).conflicts > 0
        ? { code: 'Unschedulable', reasons: [REASON] }
        : undefined,
    mayHelp(pod, event) {
      if (event.type === 'claim-changed') return claimsOf(pod).includes(event.claim.metadata!.name!);
      if (event.type !== 'assigned-pod-deleted') return false;
      const freed = claimsOf(event.pod);
      return claimsOf(pod).some((name) => freed.includes(name));
    },
  };
}
