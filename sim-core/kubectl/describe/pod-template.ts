import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import { describeContainers } from './containers.ts';
import { describeTopologySpread } from './topology-spread.ts';
import { describeTolerations, describeVolumes } from './volumes.ts';
import type { DescribeWriter } from './writer.ts';

/** Models pkg/describe DescribePodTemplate. */
export function describePodTemplate(value: object, writer: DescribeWriter): void {
  const { metadata, spec } = value as PodTemplateSpec;
  writer.line(0, 'Pod Template:');
  writer.map(0, '  Labels', metadata?.labels);
  if (Object.keys(metadata?.annotations ?? {}).length > 0)
    writer.map(0, '  Annotations', metadata!.annotations, ': ');
  if (spec?.serviceAccountName) writer.line(1, `Service Account:\t${spec.serviceAccountName}`);
  if ((spec?.initContainers ?? []).length > 0) {
    describeContainers('Init Containers', spec!.initContainers!, undefined, writer, '  ');
  }
  describeContainers('Containers', spec?.containers ?? [], undefined, writer, '  ');
  describeVolumes(spec?.volumes, writer, '  ');
  describeTopologySpread(spec?.topologySpreadConstraints, writer, '  ');
  if (spec?.priorityClassName) writer.line(1, `Priority Class Name:\t${spec.priorityClassName}`);
  writer.map(0, '  Node-Selectors', spec?.nodeSelector);
  describeTolerations('  Tolerations', spec?.tolerations, writer);
}
