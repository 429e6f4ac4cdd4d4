import type { Pod, PodStatus } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { defaultPodSpec } from '../defaults/pod-spec.ts';

/** Fills a pod in place. Models pkg/apis/core/v1/defaults.go SetDefaults_Pod. */
export function defaultPod(object: KubeObject): void {
  const pod = object as unknown as Pod;
  pod.spec ??= {} as NonNullable<Pod['spec']>;
  object.status ??= {};
  const spec = pod.spec;
  spec.enableServiceLinks ??= true;
  defaultPodSpec(spec);
  for (const { resources } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    if (!resources?.limits) continue;
    resources.requests ??= {};
    for (const name of Object.keys(resources.limits)) {
      resources.requests[name] ??= resources.limits[name]!;
    }
  }
  if (spec.hostNetwork) {
    for (const { ports } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
      for (const port of ports ?? []) port.hostPort ||= port.containerPort;
    }
  }
  convertIPs(object.status);
  // Models Convert_v1_Pod_To_core_Pod: of pods, not of templates.
  if (spec.terminationGracePeriodSeconds! < 0) spec.terminationGracePeriodSeconds = 1;
}

/** The one address of old is the first of the list. Models Convert_v1_PodStatus_To_core_PodStatus and back. */
function convertIPs(status: PodStatus): void {
  const { podIP, podIPs = [] } = status;
  if (podIP && podIPs[0]?.ip !== podIP) status.podIPs = [{ ip: podIP }];
  else if (!podIP && podIPs.length > 0) status.podIP = podIPs[0]!.ip ?? '';
}
