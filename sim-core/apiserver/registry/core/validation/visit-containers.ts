import type { Container, PodSpec } from 'kubernetes-types/core/v1';

const SORTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** A pod's containers of all sorts, each with its path. Models pkg/apis/core/pods VisitContainersWithPath. */
export function visitContainers(
  spec: PodSpec,
  field: string,
): readonly (readonly [container: Container, path: string])[] {
  return SORTS.flatMap((sort) =>
    ((spec[sort] ?? []) as readonly Container[]).map(
      (container, index) => [container, `${field}.${sort}[${index}]`] as const,
    ),
  );
}
