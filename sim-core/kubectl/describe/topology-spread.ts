import type { TopologySpreadConstraint } from 'kubernetes-types/core/v1';
import { selectorText } from './references.ts';
import type { DescribeWriter } from './writer.ts';

/** Models pkg/describe describeTopologySpreadConstraints. */
export function describeTopologySpread(
  constraints: readonly TopologySpreadConstraint[] | undefined,
  writer: DescribeWriter,
  space: string,
): void {
  const sorted = [...(constraints ?? [])].sort((a, b) =>
    a.topologyKey < b.topologyKey ? -1 : a.topologyKey > b.topologyKey ? 1 : 0,
  );
  for (const [index, { topologyKey, whenUnsatisfiable, maxSkew, labelSelector }] of sorted.entries()) {
    const selector = labelSelector === undefined ? '' : ` for selector ${selectorText(labelSelector)}`;
    writer.line(
      0,
      `${space}${index === 0 ? 'Topology Spread Constraints:' : ''}\t${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${selector}`,
    );
  }
}
