import type { DaemonSet } from 'kubernetes-types/apps/v1';
import type { Affinity, Node, Pod, PodTemplateSpec, Toleration } from 'kubernetes-types/core/v1';
import { matchesRequiredNodeAffinity } from '../../client-go/component-helpers/scheduling/node-affinity.ts';
import { findUntoleratedTaint } from '../../client-go/component-helpers/scheduling/tolerations.ts';
import { scaledValue } from '../util/int-or-string.ts';

export const HASH_LABEL = 'controller-revision-hash';
const GENERATION_LABEL = 'pod-template-generation';
const GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation';

/** Daemon pods stay on nodes in trouble. Models pkg/controller/daemon/util AddOrUpdateDaemonPodTolerations. */
const TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];
const NETWORK_UNAVAILABLE: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
};

/** The template of the set's pods for one node. Models CreatePodTemplate. */
export function templateForNode(set: DaemonSet, hash: string, node: string): PodTemplateSpec {
  const { metadata, spec } = set.spec!.template;
  const generation = set.metadata!.annotations?.[GENERATION_ANNOTATION];
  return {
    metadata: {
      ...metadata,
      labels: {
        ...metadata?.labels,
        ...(generation !== undefined && { [GENERATION_LABEL]: generation }),
        [HASH_LABEL]: hash,
      },
    },
    spec: {
      ...spec!,
      affinity: pinnedTo(spec!.affinity, node),
      tolerations: withDaemonTolerations(spec!.tolerations ?? [], spec!.hostNetwork ?? false),
    },
  };
}

/** Models ReplaceDaemonSetPodNodeNameNodeAffinity. */
function pinnedTo(affinity: Affinity | undefined, node: string): Affinity {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    },
  };
}

function withDaemonTolerations(own: readonly Toleration[], hostNetwork: boolean): Toleration[] {
  const added = hostNetwork ? [...TOLERATIONS, NETWORK_UNAVAILABLE] : TOLERATIONS;
  const isAdded = ({ key, effect }: Toleration) =>
    added.some((toleration) => toleration.key === key && toleration.effect === effect);
  return [...own.filter((toleration) => !isAdded(toleration)), ...added];
}

/** The node that a daemon pod is on or is meant for. Models GetTargetNodeName. */
export function targetNode(pod: Pod): string | undefined {
  if (pod.spec?.nodeName) return pod.spec.nodeName;
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const term of required?.nodeSelectorTerms ?? []) {
    for (const { key, operator, values } of term.matchFields ?? []) {
      if (key === 'metadata.name' && operator === 'In' && values?.length === 1) return values[0];
    }
  }
  return undefined;
}

/** Of the set's present template. Models IsPodUpdated. */
export function isPodUpdated(set: DaemonSet, { metadata }: Pod, hash: string): boolean {
  const generation = set.metadata!.annotations?.[GENERATION_ANNOTATION];
  return (
    metadata!.labels?.[HASH_LABEL] === hash ||
    (generation !== undefined && metadata!.labels?.[GENERATION_LABEL] === generation)
  );
}

/** How many pods an update may make beside old ones, of `desired`. Models SurgeCount. */
export function maxSurge(set: DaemonSet, desired: number): number {
  const { type = 'RollingUpdate', rollingUpdate } = set.spec!.updateStrategy ?? {};
  if (type !== 'RollingUpdate') return 0;
  return scaledValue(rollingUpdate?.maxSurge ?? 0, desired, 'up');
}

export function allowsSurge(set: DaemonSet): boolean {
  return maxSurge(set, 1) > 0;
}

/**
 * If the set's pod belongs on the node, and if one that is there may stay.
 * Models pkg/controller/daemon NodeShouldRunDaemonPod.
 */
export function nodeShouldRun(set: DaemonSet, node: Node): { run: boolean; keep: boolean } {
  const { spec } = set.spec!.template;
  const name = node.metadata!.name!;
  const tolerations = withDaemonTolerations(spec!.tolerations ?? [], spec!.hostNetwork ?? false);
  const fitsName = !spec!.nodeName || spec!.nodeName === name;
  if (!fitsName || !matchesRequiredNodeAffinity({ spec: spec! }, node)) return { run: false, keep: false };
  const taints = node.spec?.taints ?? [];
  if (findUntoleratedTaint(taints, tolerations, ['NoExecute', 'NoSchedule']) === undefined) {
    return { run: true, keep: true };
  }
  return { run: false, keep: findUntoleratedTaint(taints, tolerations, ['NoExecute']) === undefined };
}
