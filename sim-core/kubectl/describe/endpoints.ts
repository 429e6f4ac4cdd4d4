import type { EndpointSubset } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import type { KubeObject } from '../../apimachinery/object.ts';
import { describeMetadata } from './metadata.ts';
import type { DescribeWriter } from './writer.ts';

/** Models pkg/describe describeEndpoints. */
export function describeEndpoints(object: KubeObject, writer: DescribeWriter): void {
  describeMetadata(object, writer);
  writer.line(0, 'Subsets:');
  const { subsets = [] } = object as { subsets?: readonly EndpointSubset[] };
  for (const { addresses, notReadyAddresses, ports = [] } of subsets) {
    const list = (of: EndpointSubset['addresses']) => (of ?? []).map(({ ip }) => ip).join(',') || '<none>';
    writer.field(1, 'Addresses', list(addresses));
    writer.field(1, 'NotReadyAddresses', list(notReadyAddresses));
    if (ports.length > 0) portTable(ports, writer, 1);
    writer.line(0, '');
  }
}

/** Models pkg/describe describeEndpointSliceV1. */
export function describeEndpointSlice(object: KubeObject, writer: DescribeWriter): void {
  const { addressType, ports, endpoints } = object as unknown as EndpointSlice;
  describeMetadata(object, writer);
  writer.field(0, 'AddressType', addressType);
  if (!ports?.length) writer.line(0, 'Ports: <unset>');
  else portTable(ports, writer, 0);
  if ((endpoints ?? []).length === 0) writer.line(0, 'Endpoints: <none>');
  else writer.line(0, 'Endpoints:');
  for (const endpoint of endpoints ?? []) {
    writer.line(1, `- Addresses:\t${endpoint.addresses.join(', ') || '<none>'}`);
    writer.line(2, 'Conditions:');
    writer.field(3, 'Ready', endpoint.conditions?.ready ?? '<unset>');
    writer.field(2, 'Hostname', endpoint.hostname ?? '<unset>');
    if (endpoint.targetRef !== undefined)
      writer.field(2, 'TargetRef', `${endpoint.targetRef.kind}/${endpoint.targetRef.name}`);
    writer.field(2, 'NodeName', endpoint.nodeName ?? '<unset>');
    writer.field(2, 'Zone', endpoint.zone ?? '<unset>');
  }
}

interface Port {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
}

function portTable(ports: readonly Port[], writer: DescribeWriter, level: number): void {
  writer.line(level, 'Ports:');
  writer.line(level + 1, 'Name\tPort\tProtocol');
  writer.line(level + 1, '----\t----\t--------');
  for (const { name, port, protocol = '' } of ports)
    writer.line(level + 1, `${name || '<unset>'}\t${port ?? '<unset>'}\t${protocol}`);
}
