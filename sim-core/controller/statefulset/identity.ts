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

/** False for a pod that the set has no place for any more. Models podInOrdinalRange. */
export function isInOrdinalRange(set: StatefulSet, pod: Pod): boolean {
  const { start, end } = ordinalsOf(set);
  const ordinal = ordinalOf(set, pod) ?? -1;
  return ordinal >= start && ordinal < end;
}

const podName = (set: StatefulSet, ordinal: number): string => `${set.metadata!.name}-${ordinal}`;

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
  const claims = claimVolumesOf(set, ordinal);
  return [...claims, ...own.filter((volume) => !claims.some(({ name }) => name === volume.name))];
}

function claimVolumesOf(set: StatefulSet, ordinal: number): Volume[] {
  return (set.spec!.volumeClaimTemplates ?? []).map(({ metadata }) => {
    const name = metadata!.name!;
    return { name, persistentVolumeClaim: { claimName: claimName(set, name, ordinal) } };
  });
}

/** True if the pod says its name in its label. */
export function identityMatches({ metadata }: Pod): boolean {
  return metadata!.labels?.[NAME_LABEL] === metadata!.name;
}

/** The pod with the labels that say its name and place. Models updateIdentity. */
export function withIdentity(pod: Pod): Pod {
  if (identityMatches(pod)) return pod;
  const name = pod.metadata!.name!;
  const ordinal = name.slice(name.lastIndexOf('-') + 1);
  const labels = { ...pod.metadata!.labels, [NAME_LABEL]: name, [INDEX_LABEL]: ordinal };
  return { ...pod, metadata: { ...pod.metadata, labels } };
}

/** True if each claim of the set is a volume of the pod. */
export function storageMatches(set: StatefulSet, pod: Pod): boolean {
  const known = new Map(
    (pod.spec!.volumes ?? []).map((volume) => [volume.name, volume.persistentVolumeClaim?.claimName]),
  );
  return claimVolumesOf(set, ordinalOf(set, pod)!).every(
    ({ name, persistentVolumeClaim }) => known.get(name) === persistentVolumeClaim!.claimName,
  );
}

/** The pod with the set's claims as volumes. */
export function withStorage(set: StatefulSet, pod: Pod): Pod {
  if (storageMatches(set, pod)) return pod;
  const volumes = volumesOf(set, pod.spec!.volumes ?? [], ordinalOf(set, pod)!);
  return { ...pod, spec: { ...pod.spec!, volumes } };
}

export const revisionOf = (pod: Pod): string => pod.metadata?.labels?.[REVISION_LABEL] ?? '';

export const isTerminating = (pod: Pod): boolean => pod.metadata?.deletionTimestamp !== undefined;

export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isPodReady(pod);

export const isRunningAndAvailable = (set: StatefulSet, pod: Pod, now: number): boolean =>
  pod.status?.phase === 'Running' && isPodAvailable(pod, set.spec!.minReadySeconds ?? 0, now);

/** Ready, and not on its way out. */
export const isHealthy = (pod: Pod): boolean => isRunningAndReady(pod) && !isTerminating(pod);
