import type { Lease } from 'kubernetes-types/coordination/v1';
import type { Node, Pod } from 'kubernetes-types/core/v1';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Invocation } from '../invocation.ts';
import { Helper } from '../resource/helper.ts';
import type { DescribeWriter } from './writer.ts';

const PODS = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true };
const LEASES = {
  group: 'coordination.k8s.io',
  version: 'v1',
  resource: 'leases',
  kind: 'Lease',
  namespaced: true,
};
const ROLE_PREFIX = 'node-role.kubernetes.io/';

/** Models pkg/describe describeNode. */
export async function describeNode(
  object: KubeObject,
  writer: DescribeWriter,
  { factory }: Invocation,
): Promise<void> {
  const { metadata } = object;
  const { spec = {}, status = {} } = object as unknown as Node;
  const name = metadata.name!;
  const { items } = await new Helper(factory.client(), PODS).list('', {
    fieldSelector: `spec.nodeName=${name},status.phase!=Failed,status.phase!=Succeeded`,
    limit: '500',
  });
  const roles = Object.keys(metadata.labels ?? {})
    .filter((key) => key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length)
    .map((key) => key.slice(ROLE_PREFIX.length))
    .sort();
  writer.field(0, 'Name', name);
  writer.field(0, 'Roles', roles.join(',') || '<none>');
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
  writer.field(0, 'CreationTimestamp', writer.time(metadata.creationTimestamp));
  const taints = (spec.taints ?? []).map(
    ({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`,
  );
  writer.line(0, `Taints:\t${taints[0] ?? '<none>'}`);
  for (const taint of taints.slice(1)) writer.line(0, `\t${taint}`);
  writer.field(0, 'Unschedulable', spec.unschedulable ?? false);
  await describeLease(name, writer, factory);
  const conditions = status.conditions ?? [];
  if (conditions.length > 0) {
    writer.line(0, 'Conditions:');
    writer.line(1, 'Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage');
    writer.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
    for (const {
      type,
      status: value,
      lastHeartbeatTime,
      lastTransitionTime,
      reason = '',
      message = '',
    } of conditions) {
      const [heartbeat, transition] = [lastHeartbeatTime, lastTransitionTime].map((time) =>
        writer.time(time as unknown as string),
      );
      writer.line(1, `${type} \t${value} \t${heartbeat} \t${transition} \t${reason} \t${message}`);
    }
  }
  writer.line(0, 'Addresses:');
  for (const { type, address } of status.addresses ?? []) writer.line(1, `${type}:\t${address}`);
  for (const [title, amounts] of [
    ['Capacity', status.capacity],
    ['Allocatable', status.allocatable],
  ] as const) {
    const names = Object.keys(amounts ?? {}).sort();
    if (names.length > 0) writer.line(0, `${title}:`);
    for (const resource of names)
      writer.line(1, `${resource}:\t${(amounts as Record<string, string>)[resource]}`);
  }
  const info = status.nodeInfo;
  writer.line(0, 'System Info:');
  for (const [title, value] of [
    ['Machine ID', info?.machineID],
    ['System UUID', info?.systemUUID],
    ['Boot ID', info?.bootID],
    ['Kernel Version', info?.kernelVersion],
    ['OS Image', info?.osImage],
    ['Operating System', info?.operatingSystem],
    ['Architecture', info?.architecture],
    ['Container Runtime Version', info?.containerRuntimeVersion],
    ['Kubelet Version', info?.kubeletVersion],
  ] as const) {
    writer.field(1, title, value);
  }
  if (spec.podCIDR) writer.field(0, 'PodCIDR', spec.podCIDR);
  if ((spec.podCIDRs ?? []).length > 0) writer.field(0, 'PodCIDRs', spec.podCIDRs!.join(','));
  if (spec.providerID) writer.field(0, 'ProviderID', spec.providerID);
  describeResources(items as unknown as Pod[], status.allocatable ?? status.capacity, writer);
}

async function describeLease(
  name: string,
  writer: DescribeWriter,
  factory: Invocation['factory'],
): Promise<void> {
  try {
    const lease = (await new Helper(factory.client(), LEASES).get(
      'kube-node-lease',
      name,
    )) as unknown as Lease;
    const { holderIdentity, acquireTime, renewTime } = lease.spec ?? {};
    writer.line(0, 'Lease:');
    writer.field(1, 'HolderIdentity', holderIdentity ?? '<unset>');
    writer.field(1, 'AcquireTime', writer.time(acquireTime as unknown as string | undefined));
    writer.field(1, 'RenewTime', writer.time(renewTime as unknown as string | undefined));
  } catch (error) {
    writer.field(0, 'Lease', `Failed to get lease: ${(error as Error).message}`);
  }
}

const ZERO = Quantity.of(0);

type Kind = 'requests' | 'limits';

/** Models pkg/describe describeNodeResource. */
function describeResources(pods: readonly Pod[], allocatable: unknown, writer: DescribeWriter): void {
  const capacity = (allocatable ?? {}) as Record<string, string>;
  const cell = (resource: string, amount: Quantity): string => {
    const whole = Quantity.parse(String(capacity[resource] ?? '0'));
    const percent = whole.isZero ? 0 : Math.trunc((amount.asFloat() / whole.asFloat()) * 100);
    return `${amount.toString()} (${percent}%)`;
  };
  writer.line(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  writer.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  writer.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  for (const pod of pods) {
    const cells = [
      cell('cpu', podAmount(pod, 'requests', 'cpu')),
      cell('cpu', podAmount(pod, 'limits', 'cpu')),
      cell('memory', podAmount(pod, 'requests', 'memory')),
      cell('memory', podAmount(pod, 'limits', 'memory')),
    ];
    const { namespace, name, creationTimestamp } = pod.metadata ?? {};
    writer.line(
      1,
      `${namespace}\t${name}\t\t${cells.join('\t')}\t${writer.age(creationTimestamp as unknown as string)}`,
    );
  }
  writer.line(0, 'Allocated resources:');
  writer.line(1, '(Total limits may be over 100 percent, i.e., overcommitted.)');
  writer.line(1, 'Resource\tRequests\tLimits');
  writer.line(1, '--------\t--------\t------');
  const total = (kind: Kind, resource: string) =>
    pods.reduce((sum, pod) => sum.add(podAmount(pod, kind, resource)), ZERO);
  for (const resource of ['cpu', 'memory', 'ephemeral-storage']) {
    writer.line(
      1,
      `${resource}\t${cell(resource, total('requests', resource))}\t${cell(resource, total('limits', resource))}`,
    );
  }
  const isHuge = (resource: string) => resource.startsWith('hugepages-');
  for (const resource of Object.keys(capacity).filter(isHuge).sort()) {
    writer.line(
      1,
      `${resource}\t${cell(resource, total('requests', resource))}\t${cell(resource, total('limits', resource))}`,
    );
  }
}

/** The sum over containers, or what an init container needs if that is more. */
function podAmount({ spec }: Pod, kind: Kind, resource: string): Quantity {
  const amountOf = (container: { resources?: { requests?: object; limits?: object } }): Quantity => {
    const text = (container.resources?.[kind] as Record<string, string> | undefined)?.[resource];
    return text === undefined ? ZERO : Quantity.parse(String(text));
  };
  let total = (spec?.containers ?? []).map(amountOf).reduce((sum, amount) => sum.add(amount), ZERO);
  for (const container of spec?.initContainers ?? []) {
    const amount = amountOf(container);
    if (amount.compare(total) > 0) total = amount;
  }
  return total;
}
