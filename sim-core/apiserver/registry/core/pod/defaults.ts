import type { ContainerStatus, Pod } from 'kubernetes-types/core/v1';
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
  defaultStatus(object.status);
}

/** Times and texts that Go's types always print. */
function defaultStatus(status: NonNullable<Pod['status']>): void {
  for (const condition of (status.conditions ?? []) as {
    lastProbeTime?: unknown;
    lastTransitionTime?: unknown;
  }[]) {
    condition.lastProbeTime ??= null;
    condition.lastTransitionTime ??= null;
  }
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = status;
  for (const container of [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses]) {
    defaultContainerStatus(container);
  }
}

function defaultContainerStatus(status: ContainerStatus): void {
  status.state ??= {};
  status.lastState ??= {};
  status.ready ??= false;
  status.restartCount ??= 0;
  status.image ??= '';
  status.imageID ??= '';
}
