import type { DaemonSet } from 'kubernetes-types/apps/v1';
import type { Node, Pod } from 'kubernetes-types/core/v1';
import { scaledValue } from '../util/int-or-string.ts';
import { isPodAvailable } from '../util/pods.ts';
import { isPodUpdated, maxSurge, nodeShouldRun } from './daemon-pods.ts';

/** What a rolling update may do now. */
export interface RollingStep {
  readonly excess: readonly Pod[];
  /** Nodes that get a pod of the new template beside their old one. */
  readonly surge: readonly string[];
}

/** The set as the update sees it; the pods of each node, and nothing for a node without any. */
export interface RollingView {
  readonly set: DaemonSet;
  readonly nodes: readonly Node[];
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>;
  readonly hash: string;
  readonly now: number;
}

interface OnNode {
  readonly node: string;
  readonly fresh: Pod | undefined;
  readonly old: Pod | undefined;
}

/** Models pkg/controller/daemon/update.go rollingUpdate. */
export function rollingUpdate(view: RollingView): RollingStep {
  const { set, nodes } = view;
  const wanted = nodes.filter((node) => nodeShouldRun(set, node).run).map(({ metadata }) => metadata!.name!);
  const desired = wanted.length;
  const surge = maxSurge(set, desired);
  // A node that lacks its pod is one without a working pod, too.
  const podsByNode = new Map(view.podsByNode);
  for (const name of wanted) if (!podsByNode.has(name)) podsByNode.set(name, []);
  if (surge > 0) return withSurge({ ...view, podsByNode }, surge, desired);
  const rolling = set.spec!.updateStrategy?.rollingUpdate;
  // Who allows neither is taken to allow one.
  const unavailable = scaledValue(rolling?.maxUnavailable ?? 1, desired, 'up') || 1;
  return withoutSurge({ ...view, podsByNode }, unavailable);
}

/**
 * Deletes just enough pods to stay within `limit`; what is missing is made on the next sync.
 *
 * A node whose pods are in disorder, or on their way, counts as one without a working pod.
 */
function withoutSurge(view: RollingView, limit: number): RollingStep {
  const isAvailable = availability(view);
  let unavailable = 0;
  const broken: Pod[] = [];
  const working: Pod[] = [];
  for (const { fresh, old } of onNodes(view, () => unavailable++)) {
    if ((fresh === undefined) === (old === undefined)) {
      unavailable++;
    } else if (fresh !== undefined) {
      if (!isAvailable(fresh)) unavailable++;
    } else if (!isAvailable(old!)) {
      unavailable++;
      broken.push(old!);
    } else if (unavailable < limit) {
      working.push(old!);
    }
  }
  return { excess: [...broken, ...working.slice(0, Math.max(0, limit - unavailable))], surge: [] };
}

/** Makes new pods beside up to `limit` old ones that work, and deletes an old one when the new one works. */
function withSurge(view: RollingView, limit: number, desired: number): RollingStep {
  const isAvailable = availability(view);
  const nodes = new Map(view.nodes.map((node) => [node.metadata!.name!, node]));
  let surging = 0;
  let available = 0;
  const excess: Pod[] = [];
  const misplaced: Pod[] = [];
  const broken: string[] = [];
  const candidates: string[] = [];
  for (const { node: name, fresh, old } of onNodes(view, () => surging++)) {
    if (isAvailable(old ?? fresh)) available++;
    if (old === undefined) continue;
    if (fresh !== undefined) {
      if (isAvailable(fresh)) excess.push(old);
      else surging++;
      continue;
    }
    const node = nodes.get(name);
    const belongs = node !== undefined && nodeShouldRun(view.set, node).run;
    if (!isAvailable(old)) {
      if (belongs) broken.push(name);
      else excess.push(old);
    } else if (!belongs) {
      misplaced.push(old);
    } else if (surging < limit) {
      candidates.push(name);
    }
  }
  // A pod where none belongs any more goes once enough others work.
  excess.push(...misplaced.slice(0, Math.max(0, available - desired)));
  return { excess, surge: [...broken, ...candidates.slice(0, Math.max(0, limit - surging))] };
}

function availability({ set, now }: RollingView): (pod: Pod | undefined) => boolean {
  return (pod) => pod !== undefined && isPodAvailable(pod, set.spec!.minReadySeconds ?? 0, now);
}

/**
 * The one old and the one new pod of each node, pods on their way out aside; `onDisorder` is called for a node
 * that has several of a kind. Models findUpdatedPodsOnNode.
 */
function* onNodes({ set, podsByNode, hash }: RollingView, onDisorder: () => void): Iterable<OnNode> {
  for (const [node, pods] of podsByNode) {
    const alive = pods.filter(({ metadata }) => metadata!.deletionTimestamp === undefined);
    const fresh = alive.filter((pod) => isPodUpdated(set, pod, hash));
    const old = alive.filter((pod) => !isPodUpdated(set, pod, hash));
    if (fresh.length > 1 || old.length > 1) onDisorder();
    else yield { node, fresh: fresh[0], old: old[0] };
  }
}
