import type { KubeObject } from '../../apimachinery/object.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { Helper } from '../resource/helper.ts';
import type { DescribeWriter } from './writer.ts';

const EVENTS = { group: '', version: 'v1', resource: 'events', kind: 'Event', namespaced: true };

interface Event extends KubeObject {
  type: string;
  reason: string;
  message?: string;
  count?: number;
  firstTimestamp?: string;
  lastTimestamp?: string;
  eventTime?: string | null;
  series?: { count: number; lastObservedTime: string };
  source?: { component?: string };
  reportingComponent?: string;
  involvedObject: { fieldPath?: string };
}

/** The events about an object. Models pkg/describe searchEvents. */
export async function eventsOf(client: RestClient, object: KubeObject): Promise<KubeObject[]> {
  if (object.kind === 'Node') {
    // Controllers speak of a node by its uid, the kubelet by its name.
    const { name = '', uid = '' } = object.metadata;
    return [...(await search(client, object, uid)), ...(await search(client, object, name))];
  }
  return search(client, object, involvedUid(object));
}

async function search(client: RestClient, object: KubeObject, uid: string): Promise<KubeObject[]> {
  const { name = '', namespace = '' } = object.metadata;
  const fieldSelector = [
    `involvedObject.name=${name}`,
    `involvedObject.namespace=${namespace}`,
    ...(object.kind === undefined ? [] : [`involvedObject.kind=${object.kind}`]),
    `involvedObject.uid=${uid}`,
  ].join(',');
  const list = await new Helper(client, EVENTS).list(namespace, { fieldSelector, limit: '500' });
  return list.items as KubeObject[];
}

/** The events of a mirror pod carry the uid of the static pod. */
function involvedUid({ kind, metadata }: KubeObject): string {
  const { uid = '', annotations } = metadata;
  return (kind === 'Pod' ? annotations?.['kubernetes.io/config.mirror'] : undefined) ?? uid;
}

/** Models pkg/describe DescribeEvents. */
export function describeEvents(events: readonly KubeObject[], writer: DescribeWriter): void {
  if (events.length === 0) {
    writer.line(0, 'Events:\t<none>');
    return;
  }
  writer.flush();
  writer.line(0, 'Events:');
  writer.line(1, 'Type\tReason\tAge\tFrom\tMessage');
  writer.line(1, '----\t------\t----\t----\t-------');
  const sorted = ([...events] as Event[]).sort((a, b) => lastSeen(a) - lastSeen(b));
  for (const event of sorted) {
    const first = writer.age(event.eventTime ?? event.firstTimestamp);
    const { series, count = 0 } = event;
    const repeated = series === undefined ? undefined : writer.age(series.lastObservedTime);
    const age =
      repeated !== undefined
        ? `${repeated} (x${series!.count} over ${first})`
        : count > 1
          ? `${writer.age(event.lastTimestamp)} (x${count} over ${first})`
          : first;
    const message = (event.message ?? '').trim();
    const { fieldPath = '' } = event.involvedObject;
    const source = event.source?.component || event.reportingComponent || '';
    const shown = fieldPath === '' ? message : `${fieldPath}: ${message}`;
    writer.line(1, [event.type, event.reason, age, source, shown].join('\t'));
  }
}

/** An event that has no last time, as those of the scheduler, comes first. Models pkg/util/event SortableEvents. */
function lastSeen(event: Event): number {
  return Date.parse(event.lastTimestamp ?? '') || 0;
}
