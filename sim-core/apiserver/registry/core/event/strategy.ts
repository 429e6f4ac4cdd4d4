import type { KubeObject } from '../../../../apimachinery/object.ts';
import { nameIsPathSegment } from '../../../../apimachinery/validation/names.ts';
import { column, translateTimestampSince, wideColumn } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { checks } from '../../checks.ts';

/** Events are kept so long: --event-ttl. */
export const EVENT_TTL_SECONDS = 60 * 60;

/** Times and texts that Go's type always prints. */
function fillDefaults(object: KubeObject): void {
  object.involvedObject ??= {};
  object.source ??= {};
  object.firstTimestamp ??= null;
  object.lastTimestamp ??= null;
  object.eventTime ??= null;
  object.reportingComponent ??= '';
  object.reportingInstance ??= '';
  if (object.series) object.series.lastObservedTime ??= null;
}

/** Models pkg/registry/core/event/strategy.go. */
export const eventStrategy: Strategy = {
  needs: [checks.core],
  fillDefaults,
  // Nobody but the store looks at the metadata of an event of the core group.
  validateName: nameIsPathSegment,
  allowCreateOnUpdate: true,
  validate: (object) => checks.core.loaded.validateEvent(object, 'reportingComponent'),
  validateUpdate: (object) => checks.core.loaded.validateEvent(object, 'reportingComponent'),
  selectableFields(object) {
    const { involvedObject: involved = {}, source = {} } = object;
    return {
      'involvedObject.kind': involved.kind ?? '',
      'involvedObject.namespace': involved.namespace ?? '',
      'involvedObject.name': involved.name ?? '',
      'involvedObject.uid': involved.uid ?? '',
      'involvedObject.apiVersion': involved.apiVersion ?? '',
      'involvedObject.resourceVersion': involved.resourceVersion ?? '',
      'involvedObject.fieldPath': involved.fieldPath ?? '',
      reason: object.reason ?? '',
      reportingComponent: object.reportingComponent ?? '',
      source: source.component || object.reportingComponent || '',
      type: object.type ?? '',
    };
  },
};

/** Models printers.go printEvent: when it was seen first. */
const firstSeen = (object: KubeObject, now: number) =>
  translateTimestampSince(object.firstTimestamp ?? object.eventTime, now);

const EVENT = 'io.k8s.api.core.v1.Event';

export const eventColumns: readonly TableColumn[] = [
  column('Last Seen', 'string', { of: EVENT, field: 'lastTimestamp' }, (object, now) => {
    const last = object.series?.lastObservedTime ?? object.lastTimestamp;
    return last ? translateTimestampSince(last, now) : firstSeen(object, now);
  }),
  column('Type', 'string', { of: EVENT, field: 'type' }, (object) => object.type ?? ''),
  column('Reason', 'string', { of: EVENT, field: 'reason' }, (object) => object.reason ?? ''),
  column('Object', 'string', { of: EVENT, field: 'involvedObject' }, ({ involvedObject: involved }) =>
    involved?.kind ? `${involved.kind.toLowerCase()}/${involved.name ?? ''}` : (involved?.name ?? ''),
  ),
  wideColumn(
    'Subobject',
    'string',
    { of: 'io.k8s.api.core.v1.ObjectReference', field: 'fieldPath' },
    (object) => object.involvedObject?.fieldPath ?? '',
  ),
  wideColumn('Source', 'string', { of: EVENT, field: 'source' }, (object) => {
    const component = object.source?.component || object.reportingComponent || '';
    const instance = object.source?.host || object.reportingInstance || '';
    return instance ? `${component}, ${instance}` : component;
  }),
  column('Message', 'string', { of: EVENT, field: 'message' }, (object) => (object.message ?? '').trim()),
  wideColumn('First Seen', 'string', { of: EVENT, field: 'firstTimestamp' }, firstSeen),
  wideColumn(
    'Count',
    'string',
    { of: EVENT, field: 'count' },
    (object) => object.series?.count || object.count || 1,
  ),
  {
    name: 'Name',
    type: 'string',
    format: 'name',
    description: { of: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', field: 'name' },
    priority: 1,
    cell: (object) => object.metadata.name,
  },
];
