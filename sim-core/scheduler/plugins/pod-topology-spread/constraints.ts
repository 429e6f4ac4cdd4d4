import type { Node, Pod, TopologySpreadConstraint } from 'kubernetes-types/core/v1';
import { labelSelectorAsSelector, type Selector } from '../../../apimachinery/labels/selector.ts';
import { matchesRequiredNodeAffinity } from '../../../client-go/component-helpers/scheduling/node-affinity.ts';
import { findUntoleratedTaint } from '../../../client-go/component-helpers/scheduling/tolerations.ts';
import { withLabelKeys } from '../../framework/affinity-terms.ts';
import type { NodeInfo } from '../../framework/node-info.ts';

export const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';
const BARRING = ['NoSchedule', 'NoExecute'];

type WhenUnsatisfiable = 'DoNotSchedule' | 'ScheduleAnyway';

/** A constraint that is ready for use. Models podtopologyspread topologySpreadConstraint. */
export interface Constraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly minDomains: number;
  readonly selector: Selector;
  /** The same text for constraints that count the same pods. */
  readonly countKey: string;
  /** True if the pods of every node count, whatever {@link includes} is asked. */
  readonly includesAll: boolean;
  /** True if the node's pods count. */
  includes(node: NodeInfo): boolean;
}

/** How the scheduler spreads pods that say nothing of it. Models systemDefaultConstraints. */
const SYSTEM_DEFAULTS: readonly TopologySpreadConstraint[] = [
  { topologyKey: HOSTNAME, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
  { topologyKey: ZONE, maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
];

/** The pod's own constraints of one kind. */
export function constraintsOf(pod: Pod, whenUnsatisfiable: WhenUnsatisfiable): Constraint[] {
  return (pod.spec?.topologySpreadConstraints ?? [])
    .filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable)
    .map((constraint) => {
      const { labelSelector, matchLabelKeys = [] } = constraint;
      const selector = labelSelectorAsSelector(
        labelSelector && withLabelKeys(labelSelector, pod, [['In', matchLabelKeys]]),
      );
      return constraintOf(pod, constraint, selector);
    });
}

/** Constraints for a pod without any, of pods like it; none if nothing makes pods like it. */
export function defaultConstraints(pod: Pod, selector: Selector): Constraint[] {
  return selector.empty ? [] : SYSTEM_DEFAULTS.map((constraint) => constraintOf(pod, constraint, selector));
}

function constraintOf(pod: Pod, constraint: TopologySpreadConstraint, selector: Selector): Constraint {
  const { maxSkew, topologyKey, minDomains, nodeAffinityPolicy, nodeTaintsPolicy } = constraint;
  const { namespace } = pod.metadata!;
  const asksForNodes = pod.spec?.nodeSelector !== undefined || pod.spec?.affinity?.nodeAffinity !== undefined;
  return {
    maxSkew,
    topologyKey,
    minDomains: minDomains ?? 1,
    selector,
    countKey: `spread ${namespace} ${selector.toString()}`,
    includesAll: (nodeAffinityPolicy === 'Ignore' || !asksForNodes) && nodeTaintsPolicy !== 'Honor',
    includes: ({ node }) =>
      (nodeAffinityPolicy === 'Ignore' || matchesRequiredNodeAffinity(pod, node!)) &&
      (nodeTaintsPolicy !== 'Honor' || toleratesAll(pod, node!)),
  };
}

function toleratesAll({ spec }: Pod, node: Node): boolean {
  return findUntoleratedTaint(node.spec?.taints ?? [], spec?.tolerations ?? [], BARRING) === undefined;
}

/** Pods that count: of the namespace, chosen by the selector, and not on their way out. */
export function countsFor(constraint: Constraint, namespace: string): (pod: Pod) => boolean {
  return ({ metadata }) =>
    metadata!.namespace === namespace &&
    metadata!.deletionTimestamp === undefined &&
    constraint.selector.matches(metadata!.labels);
}

export const hasAllKeys = (constraints: readonly Constraint[], { labels }: NodeInfo): boolean =>
  constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined);
