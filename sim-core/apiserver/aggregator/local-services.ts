import type { KubeObject } from '../../apimachinery/object.ts';
import type { ApiGroup } from '../server/config.ts';

/** Where groups and their versions stand in discovery. Models cmd/kube-apiserver/app/aggregator.go. */
const PRIORITIES: Readonly<
  Record<string, readonly [group: number, versions: Readonly<Record<string, number>>]>
> = {
  '': [18000, { v1: 1 }],
  apps: [17800, {}],
  'events.k8s.io': [17750, {}],
  'authentication.k8s.io': [17700, {}],
  'authorization.k8s.io': [17600, {}],
  autoscaling: [17500, { v1: 15, v2: 30 }],
  batch: [17400, {}],
  'certificates.k8s.io': [17300, {}],
  'networking.k8s.io': [17200, {}],
  policy: [17100, {}],
  'rbac.authorization.k8s.io': [17000, {}],
  'storage.k8s.io': [16800, {}],
  'admissionregistration.k8s.io': [16700, {}],
  'apiextensions.k8s.io': [16700, {}],
  'scheduling.k8s.io': [16600, {}],
  'coordination.k8s.io': [16500, {}],
  'node.k8s.io': [16300, {}],
  'discovery.k8s.io': [16200, {}],
  'flowcontrol.apiserver.k8s.io': [16100, { v1: 21 }],
  'resource.k8s.io': [15900, { v1: 20 }],
};
const STABLE = 15;
const CUSTOM_GROUP_PRIORITY = 1000;
const CUSTOM_VERSION_PRIORITY = 100;
export const AUTOMANAGED = 'kube-aggregator.kubernetes.io/automanaged';

function service(
  { group, version }: { readonly group: string; readonly version: string },
  automanaged: 'onstart' | 'true',
  [groupPriorityMinimum, versionPriority]: readonly [number, number],
): KubeObject {
  return {
    kind: 'APIService',
    apiVersion: 'apiregistration.k8s.io/v1',
    metadata: { name: `${version}.${group}`, labels: { [AUTOMANAGED]: automanaged } },
    spec: { ...(group !== '' && { group }), version, groupPriorityMinimum, versionPriority },
  };
}

/** One APIService for each version of a group that this server serves itself. Models apiServicesToRegister. */
export function localServices(groups: readonly ApiGroup[]): KubeObject[] {
  return groups
    .filter(({ name }) => name !== 'apiregistration.k8s.io')
    .flatMap(({ name, versions }) => {
      const [group, own] = PRIORITIES[name] ?? [CUSTOM_GROUP_PRIORITY, {}];
      return versions.map((version) =>
        service({ group: name, version }, 'onstart', [group, own[version] ?? STABLE]),
      );
    });
}

/** The APIService of a CustomResourceDefinition's group. Models crdregistration_controller.go. */
export const customService = (group: string, version: string): KubeObject =>
  service({ group, version }, 'true', [CUSTOM_GROUP_PRIORITY, CUSTOM_VERSION_PRIORITY]);
