import type { JsonObject } from '../../../apimachinery/object.ts';

/** A query or path parameter, before it is written in the form of one version of OpenAPI. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly type: 'string' | 'boolean' | 'integer';
  readonly description: string;
}

const query = (name: string, type: Parameter['type'], description: string): Parameter => ({
  name,
  in: 'query',
  type,
  description,
});
const path = (name: string, description: string): Parameter => ({
  name,
  in: 'path',
  type: 'string',
  description,
});

export const NAMESPACE = path('namespace', 'the namespace that the objects are in');
export const nameOf = (kind: string): Parameter => path('name', `name of the ${kind}`);
export const PATH = path('path', 'path to the resource');
export const PRETTY = query('pretty', 'string', 'If "true", the answer is indented.');

const DRY_RUN = query('dryRun', 'string', 'All: every stage of the request runs, but nothing is stored.');
const FIELD_MANAGER = query(
  'fieldManager',
  'string',
  'Who makes the change; at most 128 printable characters.',
);
const FIELD_VALIDATION = query(
  'fieldValidation',
  'string',
  'What becomes of unknown and duplicate fields: Ignore drops them, Warn (the default) drops them with a warning, Strict refuses the request.',
);
const FORCE = query('force', 'boolean', 'Takes fields over from others; for apply patches only.');

const LABEL_SELECTOR = query('labelSelector', 'string', 'Only objects with these labels.');
const FIELD_SELECTOR = query('fieldSelector', 'string', 'Only objects with these fields.');
const RESOURCE_VERSION = query('resourceVersion', 'string', 'How new the answer must be.');
const RESOURCE_VERSION_MATCH = query('resourceVersionMatch', 'string', 'How resourceVersion is applied.');
const TIMEOUT = query('timeoutSeconds', 'integer', 'How long the request may take.');
const LIMIT = query('limit', 'integer', 'How many objects the answer holds at most.');
const CONTINUE = query('continue', 'string', 'Where the list goes on, from the answer before.');
const SEND_INITIAL_EVENTS = query('sendInitialEvents', 'boolean', 'A watch begins with what is there.');
const BOOKMARKS = query('allowWatchBookmarks', 'boolean', 'A watch may contain BOOKMARK events.');
const WATCH = query('watch', 'boolean', 'Changes as they happen instead of a list.');

const GRACE_PERIOD = query(
  'gracePeriodSeconds',
  'integer',
  'How long the object may take to end; 0: at once.',
);
const ORPHAN = query('orphanDependents', 'boolean', 'Deprecated: use propagationPolicy.');
const PROPAGATION = query('propagationPolicy', 'string', 'Orphan, Background or Foreground.');

export const CREATE_PARAMETERS = [DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION];
export const PATCH_PARAMETERS = [...CREATE_PARAMETERS, FORCE];
export const DELETE_PARAMETERS = [DRY_RUN, GRACE_PERIOD, ORPHAN, PROPAGATION];
export const LIST_PARAMETERS = [
  BOOKMARKS,
  CONTINUE,
  FIELD_SELECTOR,
  LABEL_SELECTOR,
  LIMIT,
  RESOURCE_VERSION,
  RESOURCE_VERSION_MATCH,
  SEND_INITIAL_EVENTS,
  TIMEOUT,
  WATCH,
];
export const DELETE_COLLECTION_PARAMETERS = [
  CONTINUE,
  DRY_RUN,
  FIELD_SELECTOR,
  GRACE_PERIOD,
  LABEL_SELECTOR,
  LIMIT,
  ORPHAN,
  PROPAGATION,
  RESOURCE_VERSION,
  RESOURCE_VERSION_MATCH,
  SEND_INITIAL_EVENTS,
  TIMEOUT,
];

/** The parameter as version 2 or 3 writes it. */
export function parameterOf({ name, in: place, type, description }: Parameter, version: 2 | 3): JsonObject {
  return {
    name,
    in: place,
    description,
    ...(place === 'path' && { required: true }),
    ...(version === 2 ? { type, uniqueItems: true } : { schema: { type, uniqueItems: true } }),
  };
}
