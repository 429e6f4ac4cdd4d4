import type { Pod } from 'kubernetes-types/core/v1';

const RESOURCES = ['cpu', 'memory'] as const;

/** Models pkg/apis/core/v1/helper/qos GetPodQOS for a pod to which the apiserver gave no class yet. */
export function qosClassOf(pod: Pod): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...(pod.spec!.initContainers ?? []), ...pod.spec!.containers];
  let any = false;
  let guaranteed = true;
  for (const { resources } of containers) {
    for (const name of RESOURCES) {
      const request = resources?.requests?.[name];
      const limit = resources?.limits?.[name];
      any ||= request !== undefined || limit !== undefined;
      guaranteed &&= limit !== undefined && (request === undefined || request === limit);
    }
  }
  if (!any) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
