import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import { formatTime, type KubeObject } from '../../apimachinery/object.ts';
import { selectorText } from './references.ts';
import type { DescribeWriter } from './writer.ts';

interface Direction {
  readonly title: 'ingress' | 'egress';
  readonly peersTitle: 'From' | 'To';
  readonly unrestricted: string;
}
const INGRESS: Direction = {
  title: 'ingress',
  peersTitle: 'From',
  unrestricted: 'From: <any> (traffic not restricted by source)',
};
const EGRESS: Direction = {
  title: 'egress',
  peersTitle: 'To',
  unrestricted: 'To: <any> (traffic not restricted by destination)',
};

interface Rule {
  readonly ports: readonly NetworkPolicyPort[];
  readonly peers: readonly NetworkPolicyPeer[];
}

/** Models pkg/describe describeNetworkPolicy. */
export function describeNetworkPolicy(object: KubeObject, writer: DescribeWriter): void {
  const { metadata } = object;
  const spec = object.spec as NetworkPolicySpec;
  writer.field(0, 'Name', metadata.name);
  writer.field(0, 'Namespace', metadata.namespace);
  writer.field(0, 'Created on', createdText(metadata.creationTimestamp));
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
  writer.line(0, 'Spec:');
  const selector = selectorText(spec.podSelector);
  const everyPod = '<none> (Allowing the specific traffic to all pods in this namespace)';
  writer.line(1, `PodSelector:     ${selector === '<none>' ? everyPod : selector}`);
  const types = spec.policyTypes ?? [];
  describeDirection(
    types.includes('Ingress'),
    INGRESS,
    (spec.ingress ?? []).map(({ ports = [], from = [] }) => ({ ports, peers: from })),
    writer,
  );
  describeDirection(
    types.includes('Egress'),
    EGRESS,
    (spec.egress ?? []).map(({ ports = [], to = [] }) => ({ ports, peers: to })),
    writer,
  );
  writer.line(1, `Policy Types: ${types.join(', ') || '<none>'}`);
}

/** A time as Go prints one that was not formatted: "2026-11-23 17:49:03 +0000 UTC". */
function createdText(time: string | undefined): string {
  if (time === undefined) return '0001-01-01 00:00:00 +0000 UTC';
  return `${formatTime(Date.parse(time)).replace('T', ' ').replace('Z', '')} +0000 UTC`;
}

function describeDirection(
  affected: boolean,
  { title, peersTitle, unrestricted }: Direction,
  rules: readonly Rule[],
  writer: DescribeWriter,
): void {
  if (!affected) {
    writer.line(1, `Not affecting ${title} traffic`);
    return;
  }
  writer.line(1, `Allowing ${title} traffic:`);
  if (rules.length === 0) writer.line(2, `<none> (Selected pods are isolated for ${title} connectivity)`);
  for (const [index, { ports, peers }] of rules.entries()) {
    if (ports.length === 0) writer.line(2, 'To Port: <any> (traffic allowed to all ports)');
    for (const { port, endPort, protocol = 'TCP' } of ports) {
      const shown = port === undefined ? '<nil>' : String(port);
      writer.line(
        2,
        endPort === undefined
          ? `To Port: ${shown}/${protocol}`
          : `To Port Range: ${shown}-${endPort}/${protocol}`,
      );
    }
    if (peers.length === 0) writer.line(2, unrestricted);
    for (const { podSelector, namespaceSelector, ipBlock } of peers) {
      writer.line(2, `${peersTitle}:`);
      if (namespaceSelector !== undefined)
        writer.line(3, `NamespaceSelector: ${selectorText(namespaceSelector)}`);
      if (podSelector !== undefined) writer.line(3, `PodSelector: ${selectorText(podSelector)}`);
      if (ipBlock === undefined) continue;
      writer.line(3, 'IPBlock:');
      writer.line(4, `CIDR: ${ipBlock.cidr}`);
      writer.line(4, `Except: ${(ipBlock.except ?? []).join(', ')}`);
    }
    if (index < rules.length - 1) writer.line(2, '----------');
  }
}
