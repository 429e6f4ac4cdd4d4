import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import type { BuiltInResource } from '../../client-go/kubernetes/resources.ts';
import type { CycleState } from './cycle-state.ts';
import type { NodeInfo, PodInfo } from './node-info.ts';

/** Why a filter refuses a node. Only an "Unschedulable" one may be helped by evicting other pods. */
export interface Refusal {
  readonly code: 'Unschedulable' | 'UnschedulableAndUnresolvable';
  readonly reasons: readonly string[];
}

/** Something happened that may make a pod schedulable. Models framework.ClusterEvent. */
export type ClusterEvent =
  | { readonly type: 'node-added'; readonly node: Node }
  | { readonly type: 'node-updated'; readonly old: Node; readonly node: Node }
  | { readonly type: 'node-deleted'; readonly node: Node }
  | { readonly type: 'assigned-pod-deleted'; readonly pod: Pod }
  /** A pod got a node, or one that has a node got other labels or asks for less. */
  | { readonly type: 'assigned-pod-changed'; readonly pod: Pod }
  | { readonly type: 'claim-changed'; readonly claim: PersistentVolumeClaim }
  | { readonly type: 'volume-changed'; readonly volume: PersistentVolume }
  | { readonly type: 'storage-class-changed' };

/** What a plugin says of a pod before it sees nodes. */
export type PreFilterResult =
  /** The plugin has nothing to say of this pod. */
  | { readonly skip: true }
  /** No other nodes need be looked at. */
  | { readonly names: ReadonlySet<string> }
  /** No node will do. */
  | { readonly refusal: Refusal };

/**
 * One rule of the scheduler: any of its parts may be missing.
 * Models framework.Plugin with its extension points and EnqueueExtensions.
 */
export interface Plugin {
  readonly name: string;
  /** Kinds that the plugin must know before it can judge this pod. */
  needs?(pod: Pod): readonly BuiltInResource[];
  preFilter?(state: CycleState): PreFilterResult | undefined;
  /** A trial puts a pod on a node, or takes one away. */
  addPod?(state: CycleState, info: PodInfo, node: NodeInfo): void;
  removePod?(state: CycleState, info: PodInfo, node: NodeInfo): void;
  /** Undefined: the node will do. */
  filter?(state: CycleState, node: NodeInfo): Refusal | undefined;
  /** False: the plugin has nothing to say of this pod's score. */
  preScore?(state: CycleState, nodes: readonly NodeInfo[]): boolean;
  /** 0 to 100 after {@link normalize}; a whole number. */
  score?(state: CycleState, node: NodeInfo): number;
  normalize?(scores: readonly number[], state: CycleState, nodes: readonly NodeInfo[]): number[];
  readonly weight?: number;
  /** What must be done on the cluster before the pod is bound. Rejects with a server's refusal or a BindError. */
  preBind?(state: CycleState, node: string): Promise<void>;
  /** True if `event` may turn this plugin's refusal of `pod` around. Missing: no event does. */
  mayHelp?(pod: Pod, event: ClusterEvent): boolean;
}

/** A pod could not be bound; the message says why. */
export class BindError extends Error {
  override readonly name = 'BindError';
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
  const largest = scores.reduce((most, score) => Math.max(most, score), 0);
  if (largest === 0) return scores.map((score) => (reverse ? MAX_NODE_SCORE : score));
  return scores.map((score) => {
    const stretched = Math.floor((MAX_NODE_SCORE * score) / largest);
    return reverse ? MAX_NODE_SCORE - stretched : stretched;
  });
}
