import type { Plugin } from '../../framework/interface.ts';
import type { Handle } from '../handle.ts';
import { constraintsOf, defaultConstraints } from './constraints.ts';
import { defaultSelector } from './default-selector.ts';
import type { SpreadState } from './filtering.ts';
import { filterSpread, spreadState } from './filtering.ts';
import { normalizeSpread, SpreadScores } from './scoring.ts';

const NAME = 'PodTopologySpread';
const SCORES = `${NAME}/scores`;

/**
 * Spreads pods that are alike over zones and nodes.
 * Models pkg/scheduler/framework/plugins/podtopologyspread.
 */
export function podTopologySpread(handle: Handle): Plugin {
  const { podCounts } = handle.cache;
  return {
    name: NAME,
    weight: 2,
    preFilter(state) {
      const constraints = constraintsOf(state.pod.pod, 'DoNotSchedule');
      if (constraints.length === 0) return { skip: true };
      state.write(NAME, spreadState(state, constraints, podCounts));
      return undefined;
    },
    addPod: (state, info, node) =>
      state.read<SpreadState>(NAME).update(state.pod.pod.metadata!.namespace!, info, node, 1),
    removePod: (state, info, node) =>
      state.read<SpreadState>(NAME).update(state.pod.pod.metadata!.namespace!, info, node, -1),
    filter: (state, node) => filterSpread(state.read<SpreadState>(NAME), state.pod, node),
    preScore(state, nodes) {
      const { pod } = state.pod;
      const hasOwn = (pod.spec?.topologySpreadConstraints ?? []).length > 0;
      const constraints = hasOwn
        ? constraintsOf(pod, 'ScheduleAnyway')
        : defaultConstraints(pod, defaultSelector(pod, handle));
      if (constraints.length === 0) return false;
      state.write(SCORES, new SpreadScores(state, constraints, podCounts, nodes, hasOwn));
      return true;
    },
    score: (state, node) => state.read<SpreadScores>(SCORES).scoreOf(node),
    normalize: (scores, state, nodes) =>
      normalizeSpread(scores, nodes, state.read<SpreadScores>(SCORES).ignored),
    mayHelp(pod, event) {
      const constraints = constraintsOf(pod, 'DoNotSchedule');
      switch (event.type) {
        // That a pod got its place is told to those alone that want to be near it (AssignedPodAdded).
        case 'assigned-pod-deleted': {
          const { namespace, labels } = event.pod.metadata!;
          return (
            namespace === pod.metadata!.namespace &&
            constraints.some(({ selector }) => selector.matches(labels))
          );
        }
        case 'node-added':
        case 'node-deleted': {
          const labels = event.node.metadata?.labels ?? {};
          return constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined);
        }
        case 'node-updated': {
          const [old, now] = [event.old.metadata?.labels ?? {}, event.node.metadata?.labels ?? {}];
          return constraints.some(({ topologyKey }) => old[topologyKey] !== now[topologyKey]);
        }
        default:
          return false;
      }
    },
  };
}
