import type { Node, Pod } from 'kubernetes-types/core/v1';
import type { NodeInfo, PodInfo } from './node-info.ts';

/** Why a filter refuses a node. Only an "Unschedulable" one may be helped by evicting other pods. */
export interface Refusal {
  readonly code: 'Unschedulable' | 'UnschedulableAndUnresolvable';
  readonly reasons: readonly string[];
}

/** What one scheduling cycle is about. */
export interface CycleState {
  readonly pod: PodInfo;
  /** All nodes, in the cache's order. */
  readonly nodes: readonly NodeInfo[];
}

/** Something happened that may make a pod schedulable. Models framework.ClusterEvent. */
export type ClusterEvent =
  | { readonly type: 'node-added'; readonly node: Node }
  | { readonly type: 'node-updated'; readonly old: Node; readonly node: Node }
  | { readonly type: 'assigned-pod-deleted'; readonly pod: Pod }
  | { readonly type: 'assigned-pod-changed'; readonly pod: Pod };

/**
 * One rule of the scheduler: any of its parts may be missing.
 * Models framework.Plugin with its FilterPlugin, ScorePlugin and EnqueueExtensions.
 */
export interface Plugin {
  readonly name: string;
  /** Narrows the nodes by name before they are filtered; undefined: all of them. */
  preFilter?(pod: Pod): ReadonlySet<string> | undefined;
  /** Undefined: the node will do. */
  filter?(state: CycleState, node: NodeInfo): Refusal | undefined;
  /** True if the plugin has nothing to say of this pod's score. */
  skipScore?(state: CycleState): boolean;
  /** 0 to 100 after {@link normalize}; a whole number. */
  score?(state: CycleState, node: NodeInfo): number;
  normalize?(scores: readonly number[]): number[];
  readonly weight?: number;
  /** True if `event` may turn this plugin's refusal of `pod` around. Missing: no event does. */
  mayHelp?(pod: Pod, event: ClusterEvent): boolean;
}

export const MAX_NODE_SCORE = 100;

/** True if `event` brings a node that `accepts` and that was not acceptable before. */
export function becomesAcceptable(event: ClusterEvent, accepts: (node: Node) => boolean): boolean {
  if (event.type === 'node-added') return accepts(event.node);
  return event.type === 'node-updated' && accepts(event.node) && !accepts(event.old);
}

/**
 * Stretches scores so that the largest is 100; `reverse` makes small ones good.
 * Models pkg/scheduler/framework/plugins/helper DefaultNormalizeScore.
 */
export function normalizeScores(scores: readonly number[], reverse: boolean): number[] {
  const largest = Math.max(0, ...scores);
  if (largest === 0) return scores.map((score) => (reverse ? MAX_NODE_SCORE : score));
  return scores.map((score) => {
    const stretched = Math.floor((MAX_NODE_SCORE * score) / largest);
    return reverse ? MAX_NODE_SCORE - stretched : stretched;
  });
}
