import type { KubeObject } from '../../apimachinery/object.ts';
import type { DescribeWriter } from './writer.ts';

/** "Name:", "Namespace:", "Labels:", "Annotations:". */
export function describeMetadata(
  { metadata }: KubeObject,
  writer: DescribeWriter,
  withNamespace = true,
): void {
  writer.field(0, 'Name', metadata.name);
  if (withNamespace) writer.field(0, 'Namespace', metadata.namespace);
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
}
