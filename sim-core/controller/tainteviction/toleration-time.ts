import type { Node, Taint, Toleration } from 'kubernetes-types/core/v1';
import { toleratesTaint } from '../../client-go/component-helpers/scheduling/tolerations.ts';

/** The taints of a node that pods must go for. */
export const evicting = (node: Node): Taint[] =>
  (node.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

/** For each taint the first toleration that covers it; undefined if some taint has none. */
export function matchingTolerations(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
): Toleration[] | undefined {
  const used: Toleration[] = [];
  for (const taint of taints) {
    const toleration = tolerations.find((candidate) => toleratesTaint(candidate, taint));
    if (toleration === undefined) return undefined;
    used.push(toleration);
  }
  return used;
}

/** The shortest time that these tolerations give, in milliseconds; undefined: for ever. Models getMinTolerationTime. */
export function shortestTime(tolerations: readonly Toleration[]): number | undefined {
  const times = tolerations.flatMap(({ tolerationSeconds }) =>
    tolerationSeconds === undefined ? [] : [Math.max(0, tolerationSeconds) * 1000],
  );
  return times.length === 0 ? undefined : Math.min(...times);
}
