import type { Pod } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../apimachinery/object.ts';
import { describeContainers } from './containers.ts';
import { controllerText } from './references.ts';
import { describeTopologySpread } from './topology-spread.ts';
import { describeTolerations, describeVolumes } from './volumes.ts';
import type { DescribeWriter } from './writer.ts';

/** Models pkg/describe describePod. */
export function describePod(object: KubeObject, writer: DescribeWriter): void {
  const { metadata } = object;
  const { spec, status } = object as unknown as Pod;
  writer.field(0, 'Name', metadata.name);
  writer.field(0, 'Namespace', metadata.namespace);
  if (spec?.priority !== undefined) writer.field(0, 'Priority', spec.priority);
  if (spec?.priorityClassName) writer.field(0, 'Priority Class Name', spec.priorityClassName);
  if (spec?.runtimeClassName) writer.field(0, 'Runtime Class Name', spec.runtimeClassName);
  if (spec?.serviceAccountName) writer.field(0, 'Service Account', spec.serviceAccountName);
  writer.field(0, 'Node', spec?.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ''}` : '<none>');
  if (status?.startTime !== undefined)
    writer.field(0, 'Start Time', writer.time(status.startTime as unknown as string));
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
  const finished = status?.phase === 'Failed' || status?.phase === 'Succeeded';
  if (metadata.deletionTimestamp !== undefined && !finished) {
    writer.field(0, 'Status', `Terminating (lasts ${writer.age(metadata.deletionTimestamp)})`);
    writer.field(0, 'Termination Grace Period', `${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else writer.field(0, 'Status', status?.phase);
  if (status?.reason) writer.field(0, 'Reason', status.reason);
  if (status?.message) writer.field(0, 'Message', status.message);
  const profile = spec?.securityContext?.seccompProfile;
  if (profile !== undefined) {
    writer.field(0, 'SeccompProfile', profile.type);
    if (profile.type === 'Localhost') writer.field(0, 'LocalhostProfile', profile.localhostProfile);
  }
  writer.field(0, 'IP', status?.podIP);
  const addresses = status?.podIPs ?? [];
  if (addresses.length === 0) writer.line(0, 'IPs:\t<none>');
  else {
    writer.line(0, 'IPs:');
    for (const { ip } of addresses) writer.line(1, `IP:\t${ip ?? ''}`);
  }
  const controller = controllerText(object);
  if (controller !== undefined) writer.field(0, 'Controlled By', controller);
  if (status?.nominatedNodeName) writer.field(0, 'NominatedNodeName', status.nominatedNodeName);
  if ((spec?.initContainers ?? []).length > 0) {
    describeContainers(
      'Init Containers',
      spec!.initContainers!,
      status?.initContainerStatuses,
      writer,
      '',
      object,
    );
  }
  describeContainers('Containers', spec?.containers ?? [], status?.containerStatuses, writer, '', object);
  if ((spec?.ephemeralContainers ?? []).length > 0) {
    describeContainers(
      'Ephemeral Containers',
      spec!.ephemeralContainers!,
      status?.ephemeralContainerStatuses,
      writer,
      '',
      object,
    );
  }
  const conditions = status?.conditions ?? [];
  const gates = spec?.readinessGates ?? [];
  if (gates.length > 0) {
    writer.line(0, 'Readiness Gates:');
    writer.line(1, 'Type\tStatus');
  }
  for (const { conditionType } of gates) {
    const condition = conditions.find(({ type }) => type === conditionType);
    writer.line(1, `${conditionType} \t${condition?.status ?? '<none>'} `);
  }
  if (conditions.length > 0) {
    writer.line(0, 'Conditions:');
    writer.line(1, 'Type\tStatus');
    for (const { type, status: value } of conditions) writer.line(1, `${type} \t${value} `);
  }
  describeVolumes(spec?.volumes, writer, '');
  writer.field(0, 'QoS Class', status?.qosClass ?? 'BestEffort');
  writer.map(0, 'Node-Selectors', spec?.nodeSelector);
  describeTolerations('Tolerations', spec?.tolerations, writer);
  describeTopologySpread(spec?.topologySpreadConstraints, writer, '');
}
