import type { KubeObject } from '../../../apimachinery/object.ts';
import { EVENT_TTL_SECONDS, eventColumns, eventStrategy } from '../core/event/strategy.ts';
import type { ResourceDefinition, TableColumn } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { checks } from '../checks.ts';

const row = rowsOf('events.k8s.io', 'v1', 'io.k8s.api.events.v1');

/** What the fields of an event are called in core, in the order in which they are written here. */
const NAMES: readonly (readonly [core: string, events: string])[] = [
  ['eventTime', 'eventTime'],
  ['series', 'series'],
  ['reportingComponent', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
  ['action', 'action'],
  ['reason', 'reason'],
  ['involvedObject', 'regarding'],
  ['related', 'related'],
  ['message', 'note'],
  ['type', 'type'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
];
/** The same in the order of core. */
const CORE_NAMES =
  `involvedObject reason message source firstTimestamp lastTimestamp count type eventTime series action
  related reportingComponent reportingInstance`
    .split(/\s+/)
    .map((core) => NAMES.find(([name]) => name === core)!);
/** Texts that only one of the two types prints when they are empty. */
const LEFT_OUT_IF_EMPTY = ['reportingController', 'reportingInstance', 'deprecatedCount'];

function toStored(object: KubeObject): KubeObject {
  const stored: KubeObject = { kind: 'Event', apiVersion: 'v1', metadata: object.metadata };
  for (const [core, events] of CORE_NAMES) {
    if (object[events] !== undefined) stored[core] = object[events];
  }
  eventStrategy.fillDefaults?.(stored);
  return stored;
}

function fromStored(stored: KubeObject): KubeObject {
  const object: KubeObject = {
    kind: 'Event',
    apiVersion: 'events.k8s.io/v1',
    metadata: stored.metadata,
  };
  for (const [core, events] of NAMES) {
    const value = stored[core];
    if (value === undefined || (!value && LEFT_OUT_IF_EMPTY.includes(events))) continue;
    object[events] = value;
  }
  return object;
}

/** Times and structures that Go's type always prints. */
function fillDefaults(object: KubeObject): void {
  object.eventTime ??= null;
  object.regarding ??= {};
  object.deprecatedSource ??= {};
  object.deprecatedFirstTimestamp ??= null;
  object.deprecatedLastTimestamp ??= null;
  if (object.series) object.series.lastObservedTime ??= null;
}

const asStored = (column: TableColumn): TableColumn => ({
  ...column,
  cell: (object, now) => column.cell(toStored(object), now),
});

/** Fields of the object that an event is about by which events can be selected. */
const REGARDING = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;

/** The newer form of core events, of which etcd holds one. Models pkg/registry/events/rest. */
export const eventsResources: readonly ResourceDefinition[] = [
  row({
    kind: 'Event',
    resource: 'events',
    shortNames: ['ev'],
    storagePrefix: 'events',
    conversion: { toStored, fromStored },
    internalGroup: '',
    hashedAs: { group: '', version: 'v1' },
    ttlSeconds: EVENT_TTL_SECONDS,
    strategy: {
      needs: [checks.core],
      fillDefaults,
      allowCreateOnUpdate: true,
      validate: (object) => [
        ...checks.core.loaded.validateEvent(toStored(object), 'reportingController'),
        ...checks.core.loaded.validateNewStyleEvent(toStored(object)),
      ],
      validateUpdate: (object, old) => [
        ...checks.core.loaded.validateEvent(toStored(object), 'reportingController'),
        ...checks.core.loaded.validateNewStyleEventUpdate(toStored(object), toStored(old)),
      ],
      selectableFields: ({ regarding = {}, reason, reportingController, type }) => ({
        ...Object.fromEntries(REGARDING.map((field) => [`regarding.${field}`, regarding[field] ?? ''])),
        reason: reason ?? '',
        reportingController: reportingController ?? '',
        type: type ?? '',
      }),
    },
    columns: eventColumns.map(asStored),
  }),
];
