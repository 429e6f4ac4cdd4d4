import type { Deployment, ReplicaSet } from 'kubernetes-types/apps/v1';
import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { byCreation } from './limits.ts';

export const HASH_LABEL = 'pod-template-hash';

/** The set whose template is the Deployment's: the oldest, if there are several. Models FindNewReplicaSet. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return [...sets]
    .sort(byCreation)
    .find((set) => equalIgnoringHash(set.spec!.template!, deployment.spec!.template));
}

/** Models EqualIgnoreHash. */
export function equalIgnoringHash(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return semanticEqual(withoutHash(a), withoutHash(b));
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** How one set's size changes. */
export interface Resize {
  readonly set: ReplicaSet;
  readonly replicas: number;
}
