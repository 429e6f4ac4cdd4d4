import type { Node, NodeSpec, NodeStatus } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { nameIsDNSSubdomain } from '../../../../apimachinery/validation/names.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { canonicalizeResources } from '../defaults/pod-spec.ts';
import { checks } from '../../checks.ts';

const asNode = (object: KubeObject) => object as unknown as Node;
const NODE_INFO = [
  'machineID',
  'systemUUID',
  'bootID',
  'kernelVersion',
  'osImage',
  'containerRuntimeVersion',
  'kubeletVersion',
  'kubeProxyVersion',
  'operatingSystem',
  'architecture',
];

/** Models SetDefaults_NodeStatus, the conversion of podCIDR, and the fields that are always printed. */
function fillDefaults(object: KubeObject): void {
  const node = asNode(object);
  const spec: NodeSpec = (node.spec ??= {});
  const status = (object.status ??= {}) as NodeStatus & Record<string, unknown>;
  if (spec.podCIDR && spec.podCIDR !== spec.podCIDRs?.[0]) spec.podCIDRs = [spec.podCIDR];
  else if (!spec.podCIDR && spec.podCIDRs?.[0]) spec.podCIDR = spec.podCIDRs[0];
  if (!status.allocatable && status.capacity) status.allocatable = { ...status.capacity };
  delete spec.configSource;
  delete status.config;
  for (const image of status.images ?? []) {
    if (!image.names?.length) (image as { names?: readonly string[] | null }).names = null;
  }
  canonicalizeResources(status.capacity);
  canonicalizeResources(status.allocatable);
  status.daemonEndpoints ??= { kubeletEndpoint: { Port: 0 } };
  status.nodeInfo ??= {} as NonNullable<NodeStatus['nodeInfo']>;
  const info = status.nodeInfo as unknown as Record<string, string>;
  for (const field of NODE_INFO) info[field] ??= '';
}

/** Models fieldIsDeprecatedWarnings. */
const deprecationWarnings = ({ spec }: KubeObject): string[] => [
  ...(spec.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
];

/** Models pkg/registry/core/node/strategy.go. A node may be made with its status. */
export const nodeStrategy: Strategy = {
  needs: [checks.core],
  fillDefaults,
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validateName: nameIsDNSSubdomain,
  warningsOnCreate: deprecationWarnings,
  warningsOnUpdate: deprecationWarnings,
  validate: (object) => checks.core.loaded.validateNode(asNode(object)),
  validateUpdate: (object, old) => [
    ...checks.core.loaded.validateNode(asNode(object)),
    ...checks.core.loaded.validateNodeUpdate(asNode(object), asNode(old)),
  ],
  selectableFields: (object) => ({ 'spec.unschedulable': String(object.spec?.unschedulable ?? false) }),
};

export const nodeStatusStrategy: UpdateStrategy = {
  needs: [checks.core],
  fillDefaults,
  prepareForUpdate(object, old) {
    object.spec = old.spec;
  },
  validateUpdate: (object, old) => checks.core.loaded.validateNodeUpdate(asNode(object), asNode(old)),
};
