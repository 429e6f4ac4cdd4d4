import type { Deployment, ReplicaSet } from 'kubernetes-types/apps/v1';
import { maxSurge, replicasOf } from './limits.ts';

export const REVISION = 'deployment.kubernetes.io/revision';
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';

/** Annotations of a Deployment that its ReplicaSets do not get. */
const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'deprecated.deployment.rollback.to',
]);

type Annotations = Record<string, string>;

export function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata?.annotations?.[REVISION] ?? 0) || 0;
}

export function maxRevision(sets: readonly ReplicaSet[]): number {
  return Math.max(0, ...sets.map(revisionOf));
}

/** Models SetReplicasAnnotations. */
export function replicasAnnotations(deployment: Deployment): Annotations {
  const replicas = replicasOf(deployment);
  return {
    [DESIRED_REPLICAS]: String(replicas),
    [MAX_REPLICAS]: String(replicas + maxSurge(deployment)),
  };
}

/**
 * The annotations that the Deployment's newest ReplicaSet must have. A set that becomes the newest
 * again remembers the revisions that it was before.
 *
 * Models pkg/controller/deployment/util SetNewReplicaSetAnnotations.
 */
export function newSetAnnotations(
  deployment: Deployment,
  known: Annotations | undefined,
  revision: number,
): Annotations {
  const annotations: Annotations = { ...known };
  for (const [key, value] of Object.entries(deployment.metadata?.annotations ?? {})) {
    if (!NOT_COPIED.has(key)) annotations[key] = value;
  }
  const old = annotations[REVISION];
  if ((Number(old ?? 0) || 0) < revision) {
    annotations[REVISION] = String(revision);
    if (old !== undefined) {
      const history = annotations[REVISION_HISTORY];
      annotations[REVISION_HISTORY] = history === undefined ? old : `${history},${old}`;
    }
  }
  return known === undefined ? { ...annotations, ...replicasAnnotations(deployment) } : annotations;
}
