import type { Event, ObjectReference } from 'kubernetes-types/core/v1';
import type { GroupVersionKind } from '../../../apimachinery/object.ts';
import { apiVersionOf, formatTime } from '../../../apimachinery/object.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { EventNames } from './event-names.ts';
import type { EventSink } from './event-sink.ts';

export type EventType = 'Normal' | 'Warning';

/** What an event is about. Kind and apiVersion must be there: objects from lists have none. */
export interface EventSubject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: {
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
  /** "spec.containers{nginx}". */
  readonly fieldPath?: string;
}

export interface EventSource {
  /** "deployment-controller", "kubelet", … */
  readonly component: string;
  readonly host?: string;
}

/**
 * Writes Events about objects, in the background: {@link event} returns at once.
 *
 *     recorder.event(subjectOf(pod, RESOURCES.pods), 'Normal', 'Killing', 'Stopping container nginx');
 *
 * Models k8s.io/client-go/tools/record EventRecorder.
 */
export class EventRecorder {
  readonly #sink: EventSink;
  readonly #clock: Clock;
  readonly #names: EventNames;
  readonly #source: EventSource;

  constructor(sink: EventSink, clock: Clock, names: EventNames, source: EventSource) {
    this.#sink = sink;
    this.#clock = clock;
    this.#names = names;
    this.#source = source;
  }

  event(subject: EventSubject, type: EventType, reason: string, message: string): void {
    const time = formatTime(this.#clock.now());
    const involvedObject = referenceTo(subject);
    const namespace = subject.metadata.namespace || 'default';
    const event: Event = {
      kind: 'Event',
      apiVersion: 'v1',
      metadata: { name: this.#names.next(subject.metadata.name ?? ''), namespace },
      involvedObject,
      reason,
      message,
      source: this.#source,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type,
      reportingComponent: this.#source.component,
      reportingInstance: this.#source.host ?? '',
    };
    this.#sink.record(event);
  }
}

/** Models k8s.io/client-go/tools/reference GetReference. */
export function referenceTo(subject: EventSubject): ObjectReference {
  const { namespace, name, uid, resourceVersion } = subject.metadata;
  return {
    kind: subject.kind,
    ...(namespace && { namespace }),
    ...(name && { name }),
    ...(uid && { uid }),
    apiVersion: subject.apiVersion,
    ...(resourceVersion && { resourceVersion }),
    ...(subject.fieldPath && { fieldPath: subject.fieldPath }),
  };
}

/** The subject for an object of a known kind; objects from lists do not say theirs. */
export function subjectOf(
  object: { readonly metadata?: EventSubject['metadata'] },
  kind: GroupVersionKind,
  fieldPath?: string,
): EventSubject {
  return {
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
    metadata: object.metadata ?? {},
    ...(fieldPath !== undefined && { fieldPath }),
  };
}
