import type { Node } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { AGE, column, wideColumn } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';

const asNode = (object: KubeObject) => object as unknown as Node;
const ROLE_PREFIX = 'node-role.kubernetes.io/';
const INFO = 'io.k8s.api.core.v1.NodeSystemInfo';
const ADDRESSES = { of: 'io.k8s.api.core.v1.NodeStatus', field: 'addresses' };

/** "Ready", "NotReady,SchedulingDisabled", … Models printers.go printNode. */
function nodeStatusText(node: Node): string {
  const ready = (node.status?.conditions ?? []).find(({ type }) => type === 'Ready');
  const texts = [ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'];
  if (node.spec?.unschedulable) texts.push('SchedulingDisabled');
  return texts.join(',');
}

/** The node's roles by its labels, in order. Models printers.go findNodeRoles. */
function nodeRoles(node: Node): string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata?.labels ?? {})) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length)
      roles.add(key.slice(ROLE_PREFIX.length));
    else if (key === 'kubernetes.io/role' && value !== '') roles.add(value);
  }
  return [...roles].sort();
}

const addressOf = (type: string) => (object: KubeObject) =>
  (asNode(object).status?.addresses ?? []).find((address) => address.type === type)?.address ?? '<none>';

const infoOf = (field: 'osImage' | 'kernelVersion' | 'containerRuntimeVersion') => (object: KubeObject) =>
  asNode(object).status?.nodeInfo?.[field] || '<unknown>';

export const nodeColumns: readonly TableColumn[] = [
  column('Status', 'string', 'The status of the node', (object) => nodeStatusText(asNode(object))),
  column('Roles', 'string', 'The roles of the node', (object) => {
    const roles = nodeRoles(asNode(object));
    return roles.length === 0 ? '<none>' : roles.join(',');
  }),
  AGE,
  column(
    'Version',
    'string',
    { of: INFO, field: 'kubeletVersion' },
    (object) => asNode(object).status?.nodeInfo?.kubeletVersion ?? '',
  ),
  wideColumn('Internal-IP', 'string', ADDRESSES, addressOf('InternalIP')),
  wideColumn('External-IP', 'string', ADDRESSES, addressOf('ExternalIP')),
  wideColumn('OS-Image', 'string', { of: INFO, field: 'osImage' }, infoOf('osImage')),
  wideColumn('Kernel-Version', 'string', { of: INFO, field: 'kernelVersion' }, infoOf('kernelVersion')),
  wideColumn(
    'Container-Runtime',
    'string',
    { of: INFO, field: 'containerRuntimeVersion' },
    infoOf('containerRuntimeVersion'),
  ),
];
