import type { RevisionLog } from './revision-log.ts';
import type { TreeIndex } from './tree-index.ts';

/**
 * Removes the history that no read as of `revision` or later needs, from index and log.
 * Models server/storage/mvcc/kvstore_compaction.go scheduleCompaction; ours is done when it returns.
 */
export function compactHistory(index: TreeIndex, log: RevisionLog, revision: number): void {
  log.compact(revision, index.compact(revision));
}
