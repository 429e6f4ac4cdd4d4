import type { PersistentVolume } from 'kubernetes-types/core/v1';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import type { StateData } from '../../framework/cycle-state.ts';
import type { Plugin } from '../../framework/interface.ts';
import type { Handle } from '../handle.ts';
import { claimsOf } from '../volume-binding/claims.ts';

const NAME = 'VolumeZone';
const KEYS = [
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
];

class ZoneState implements StateData {
  /** Key, and the values of which a node must have one. */
  readonly wanted: readonly (readonly [string, readonly string[]])[];

  constructor(wanted: readonly (readonly [string, readonly string[]])[]) {
    this.wanted = wanted;
  }

  clone(): ZoneState {
    return this;
  }
}

/** Keeps pods in the zones of their volumes. Models pkg/scheduler/framework/plugins/volumezone. */
export function volumeZone({ claims, volumes }: Handle): Plugin {
  return {
    name: NAME,
    preFilter(state) {
      const { pod } = state.pod;
      const wanted = claimsOf(pod).flatMap((name) => {
        const volume = claims.get(pod.metadata!.namespace!, name)?.spec?.volumeName;
        return volume === undefined ? [] : zonesOf(volumes.getByKey(volume));
      });
      if (wanted.length === 0) return { skip: true };
      state.write(NAME, new ZoneState(wanted));
      return undefined;
    },
    filter(state, { labels }) {
      const { wanted } = state.read<ZoneState>(NAME);
      // A node that is in no zone at all may be anywhere.
      if (!KEYS.some((key) => labels[key] !== undefined)) return undefined;
      if (wanted.every(([key, values]) => values.includes(labels[key] ?? ''))) return undefined;
      return { code: 'UnschedulableAndUnresolvable', reasons: ['node(s) had no available volume zone'] };
    },
    needs: (pod) =>
      claimsOf(pod).length > 0 ? [RESOURCES.persistentVolumeClaims, RESOURCES.persistentVolumes] : [],
    mayHelp: (_, event) =>
      ['node-added', 'node-updated', 'claim-changed', 'volume-changed', 'storage-class-changed'].includes(
        event.type,
      ),
  };
}

/** A volume in several zones has them all in one label: "a__b". */
function zonesOf(volume: PersistentVolume | undefined): [string, string[]][] {
  const labels = volume?.metadata?.labels ?? {};
  return KEYS.flatMap((key): [string, string[]][] =>
    labels[key] === undefined ? [] : [[key, labels[key].split('__')]],
  );
}
