import type { ClusterEvent } from './protocol.ts';

interface StoredEvent {
  type?: string;
  reason?: string;
  message?: string;
  note?: string;
  count?: number;
  series?: { count?: number };
  involvedObject?: { kind?: string; name?: string };
  regarding?: { kind?: string; name?: string };
  source?: { component?: string };
  reportingComponent?: string;
}

/** Reads an Event object as it lies in etcd; `time` is when it was stored. */
export function readClusterEvent(json: string, time: number): ClusterEvent {
  const event = JSON.parse(json) as StoredEvent;
  const object = event.involvedObject ?? event.regarding ?? {};
  return {
    time,
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    object: `${(object.kind ?? '').toLowerCase()}/${object.name ?? ''}`,
    from: event.source?.component || event.reportingComponent || '',
    message: event.message ?? event.note ?? '',
    count: event.series?.count ?? event.count ?? 1,
  };
}
