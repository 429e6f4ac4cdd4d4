import { decodedEqual } from '../../../../apimachinery/copy.ts';
import type { Json, JsonObject, KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { GoLiteral, goStruct, invalid, required } from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelName } from '../../../../apimachinery/validation/labels.ts';
import { validateImmutableField } from '../../../../apimachinery/validation/object-meta.ts';

const DEFAULT_NAMESPACE = 'default';
const SYSTEM_NAMESPACE = 'kube-system';
const TEXT_LIMIT = 128;
const NOTE_LIMIT = 1024;

/**
 * What both versions of the API demand; `controllerField` is what the version calls the reporting controller.
 * Models pkg/apis/core/validation/events.go legacyValidateEvent.
 */
export function validateEvent(object: KubeObject, controllerField: string): FieldError[] {
  const namespace = object.metadata.namespace ?? '';
  const involved: string = object.involvedObject?.namespace ?? '';
  const mismatch = [invalid('involvedObject.namespace', involved, 'does not match event.namespace')];
  if (!object.eventTime) {
    const agree =
      involved === '' ? namespace === '' || namespace === DEFAULT_NAMESPACE : namespace === involved;
    return agree ? [] : mismatch;
  }
  const errors: FieldError[] = [];
  if (involved === '' && namespace !== DEFAULT_NAMESPACE && namespace !== SYSTEM_NAMESPACE) {
    errors.push(...mismatch);
  }
  const controller: string = object.reportingComponent ?? '';
  if (controller === '') errors.push(required(controllerField));
  errors.push(...validateLabelName(controller, controllerField));
  errors.push(...validateText(object, 'reportingInstance'));
  errors.push(...validateText(object, 'action'), ...validateText(object, 'reason'));
  if ((object.message ?? '').length > NOTE_LIMIT) {
    errors.push(invalid('message', '', `can have at most ${NOTE_LIMIT} characters`));
  }
  return errors;
}

function validateText(object: KubeObject, field: string): FieldError[] {
  const text: string = object[field] ?? '';
  if (text === '') return [required(field)];
  return text.length > TEXT_LIMIT ? [invalid(field, '', `can have at most ${TEXT_LIMIT} characters`)] : [];
}

/**
 * What a new event of events.k8s.io must be besides, in its stored form.
 * Models pkg/apis/core/validation/events.go ValidateEventCreate.
 */
export function validateNewStyleEvent(object: KubeObject): FieldError[] {
  const errors = validateSeries(object);
  const mustBeUnset = (field: string) => invalid(field, '', 'needs to be unset');
  if (!object.eventTime) errors.push(required('eventTime'));
  const type: string = object.type ?? '';
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalid('type', '', `has invalid value: ${type}`));
  if (object.firstTimestamp) errors.push(mustBeUnset('firstTimestamp'));
  if (object.lastTimestamp) errors.push(mustBeUnset('lastTimestamp'));
  if (object.count) errors.push(mustBeUnset('count'));
  if (object.source?.component || object.source?.host) errors.push(mustBeUnset('source'));
  return errors;
}

/** Models validateV1EventSeries. */
function validateSeries({ series }: KubeObject): FieldError[] {
  if (series === undefined) return [];
  const errors: FieldError[] = [];
  if ((series.count ?? 0) < 2) errors.push(invalid('series.count', '', 'should be at least 2'));
  if (!series.lastObservedTime) errors.push(required('series.lastObservedTime'));
  return errors;
}

/** In upstream's order; it asks for the reason twice. */
const IMMUTABLE = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'reason',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
] as const;
const TIMES: readonly string[] = ['firstTimestamp', 'lastTimestamp', 'eventTime'];
const OBJECT_REFERENCE = {
  Kind: 'kind',
  Namespace: 'namespace',
  Name: 'name',
  UID: 'uid',
  APIVersion: 'apiVersion',
  ResourceVersion: 'resourceVersion',
  FieldPath: 'fieldPath',
};
/** What messages call them: the internal type's names. */
const INTERNAL_NAMES: Readonly<Record<string, string>> = { reportingComponent: 'reportingController' };

/** The internal type of a field that is no text, and its fields: messages show all of them. */
const STRUCTS: Readonly<Record<string, readonly [type: string, fields: Readonly<Record<string, string>>]>> = {
  involvedObject: ['core.ObjectReference', OBJECT_REFERENCE],
  related: ['core.ObjectReference', OBJECT_REFERENCE],
  source: ['core.EventSource', { Component: 'component', Host: 'host' }],
};

function shownOf(field: string, value: Json | undefined): Json | GoLiteral | undefined {
  const struct = STRUCTS[field];
  if (TIMES.includes(field)) return new GoLiteral(goTime(value as string | null | undefined));
  if (struct === undefined) return value ?? (field === 'count' ? 0 : '');
  if (value === undefined && field === 'related') return value;
  const [type, fields] = struct;
  const texts = Object.entries(fields).map(([name, key]) => [name, (value as JsonObject)?.[key] ?? '']);
  return goStruct(type, Object.fromEntries(texts));
}

/** A time as Go prints it: the beginning of all time where there is none. */
const goTime = (time: string | null | undefined) =>
  `${(time ?? '0001-01-01T00:00:00Z').replace('T', ' ').replace(/(?:\.0+)?Z$/, '')} +0000 UTC`;

/** An event of events.k8s.io only ever gets its series. Models ValidateEventUpdate. */
export function validateNewStyleEventUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  return [
    ...(decodedEqual(object.series, old.series) ? [] : validateSeries(object)),
    ...IMMUTABLE.flatMap((field) => {
      const shown = shownOf(field, object[field]);
      return validateImmutableField(object[field], old[field], INTERNAL_NAMES[field] ?? field, shown);
    }),
  ];
}
