import type { BlockKind, ClusterShape, LabActivity, RunResult, TraceEvent } from '../worker/protocol.ts';

export type {
  BlockKind,
  ClusterEvent,
  ClusterView,
  CommandOutput,
  ComponentView,
  EtcdChange,
  NodeView,
  OutputChunk,
  PodView,
  RunResult,
  StoredValue,
  TraceEvent,
} from '../worker/protocol.ts';

/** What the build hands to a live block of a page. */
export interface BlockData {
  /** Unique on the page, stable while its heading stands: "flow-read-1". */
  readonly id: string;
  /** Place among the page's live blocks, from 0. */
  readonly index: number;
  readonly kind: BlockKind;
  readonly title: string;
  readonly isolated: boolean;
  readonly shape: ClusterShape;
  readonly user: string;
  readonly seed: number;
  /** What the block gave when the page was built. */
  readonly result: RunResult;
}

/** Requests that were sent by the reader's own commands, by their id. */
export function ownRequests(trace: readonly TraceEvent[]): ReadonlySet<string> {
  const own = new Set<string>();
  for (const event of trace) {
    if (event.type !== 'request-received' || event.request === undefined) continue;
    if (/^(?:kubectl|curl|live-notes)\//.test(event.userAgent)) own.add(event.request);
  }
  return own;
}

/** A write that is news: heartbeats and other leases are not. */
export function isNotable(key: string): boolean {
  return !key.startsWith('/registry/leases/') && !key.startsWith('/registry/masterleases/');
}

/** The part of an activity that the page shows. */
export function shownActivity(activity: LabActivity): LabActivity {
  const own = ownRequests(activity.trace);
  return {
    ...activity,
    trace: activity.trace.filter((event) =>
      event.request !== undefined && own.has(event.request)
        ? true
        : event.type === 'stored' && isNotable(event.key),
    ),
  };
}
