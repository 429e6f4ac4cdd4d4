import type { Job } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';

export const INDEX_KEY = 'batch.kubernetes.io/job-completion-index';

export const isIndexed = ({ spec }: Job): boolean => spec?.completionMode === 'Indexed';

/** The completion index of a pod; undefined if it has none that counts. Models getCompletionIndex. */
export function completionIndex(pod: Pod): number | undefined {
  const text = pod.metadata?.annotations?.[INDEX_KEY];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** True if the pod is one of an indexed job's that count. */
export function hasValidIndex(pod: Pod, { spec }: Job): boolean {
  const index = completionIndex(pod);
  return index !== undefined && index < spec!.completions!;
}

/** "1,3-5,7" as numbers. Models parseIndexesFromString. */
export function parseIndexes(text: string | undefined, completions: number): Set<number> {
  const indexes = new Set<number>();
  for (const range of (text ?? '').split(',')) {
    if (range === '') continue;
    const [first, last = first] = range.split('-').map(Number) as [number, number?];
    for (let index = first; index <= last! && index < completions; index++) indexes.add(index);
  }
  return indexes;
}

/** The inverse of {@link parseIndexes}: runs of three and more become ranges. Models orderedIntervals.String. */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end + 1 < sorted.length && sorted[end + 1] === sorted[end]! + 1) end++;
    const [first, last] = [sorted[start]!, sorted[end]!];
    parts.push(last === first ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`);
    start = end + 1;
  }
  return parts.join(',');
}

/** The lowest `count` indexes that are neither done, failed nor being worked on. Models firstPendingIndexes. */
export function firstPendingIndexes(
  count: number,
  completions: number,
  taken: readonly ReadonlySet<number>[],
): number[] {
  const pending: number[] = [];
  for (let index = 0; index < completions && pending.length < count; index++) {
    if (!taken.some((indexes) => indexes.has(index))) pending.push(index);
  }
  return pending;
}
