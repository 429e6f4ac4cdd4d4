import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { Pod, PodTemplateSpec, Volume } from 'kubernetes-types/core/v1';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { controllerRef } from '../util/owner.ts';
import { isPodAvailable, isPodReady } from '../util/pods.ts';

// Models pkg/controller/statefulset/stateful_set_utils.go.

const REVISION_LABEL = 'controller-revision-hash';
const NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
const INDEX_LABEL = 'apps.kubernetes.io/pod-index';

/** The set's first ordinal and the one after its last. */
export function ordinalsOf({ spec }: StatefulSet): { readonly start: number; readonly end: number } {
  const start = spec?.ordinals?.start ?? 0;
  return { start, end: start + (spec?.replicas ?? 1) };
}

/** 2 for the pod "web-2" of the set "web"; undefined for a pod that is not named like that. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const prefix = `${set.metadata!.name}-`;
  const { name = '' } = pod.metadata ?? {};
  const digits = name.slice(prefix.length);
  return name.startsWith(prefix) && /^\d+$/.test(digits) ? Number(digits) : undefined;
}

export const podName = (set: StatefulSet, ordinal: number): string => `${set.metadata!.name}-${ordinal}`;

export const claimName = (set: StatefulSet, template: string, ordinal: number): string =>
  `${template}-${set.metadata!.name}-${ordinal}`;

/** The pod that the set wants at `ordinal`. Models newStatefulSetPod. */
export function newStatefulSetPod(
  set: StatefulSet,
  template: PodTemplateSpec,
  revision: string,
  ordinal: number,
): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const name = podName(set, ordinal);
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      generateName: `${set.metadata!.name}-`,
      namespace: set.metadata!.namespace!,
      labels: {
        ...labels,
        [INDEX_LABEL]: String(ordinal),
        [REVISION_LABEL]: revision,
        [NAME_LABEL]: name,
      },
      ...(annotations !== undefined && { annotations }),
      ...(finalizers !== undefined && { finalizers }),
      ownerReferences: [controllerRef(set, RESOURCES.statefulSets)],
    },
    spec: {
      ...template.spec!,
      hostname: name,
      ...(set.spec!.serviceName && { subdomain: set.spec!.serviceName }),
      volumes: volumesOf(set, template.spec!.volumes ?? [], ordinal),
    },
  };
}

/** A claim template takes the place of a volume with its name. Models updateStorage. */
function volumesOf(set: StatefulSet, own: readonly Volume[], ordinal: number): Volume[] {
  const claims = (set.spec!.volumeClaimTemplates ?? []).map(({ metadata }): Volume => {
    const name = metadata!.name!;
    return { name, persistentVolumeClaim: { claimName: claimName(set, name, ordinal) } };
  });
  return [...claims, ...own.filter((volume) => !claims.some(({ name }) => name === volume.name))];
}

export const revisionOf = (pod: Pod): string => pod.metadata?.labels?.[REVISION_LABEL] ?? '';

export const isTerminating = (pod: Pod): boolean => pod.metadata?.deletionTimestamp !== undefined;

export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isPodReady(pod);

export const isRunningAndAvailable = (set: StatefulSet, pod: Pod, now: number): boolean =>
  pod.status?.phase === 'Running' && isPodAvailable(pod, set.spec!.minReadySeconds ?? 0, now);
