import type { Container, Pod } from 'kubernetes-types/core/v1';
import { RESOURCES } from '../client-go/kubernetes/resources.ts';
import type { RestClient } from '../client-go/rest/client.ts';
import { EventNames } from '../client-go/tools/record/event-names.ts';
import type { EventType } from '../client-go/tools/record/event-recorder.ts';
import { EventRecorder, subjectOf } from '../client-go/tools/record/event-recorder.ts';
import { EventSink } from '../client-go/tools/record/event-sink.ts';
import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Rand } from '../clock/rand.ts';

/** The events of one kubelet, by what they are about. The methods are bound: hand them on as they are. */
export class KubeletEvents {
  readonly #recorder: EventRecorder;
  readonly #nodeName: string;

  /** Stops sending when `context` is cancelled. */
  constructor(client: RestClient, clock: Clock, rand: Rand, context: Context, nodeName: string) {
    this.#nodeName = nodeName;
    this.#recorder = new EventRecorder(
      new EventSink(client, clock, context),
      clock,
      new EventNames(clock, rand),
      {
        component: 'kubelet',
        host: nodeName,
      },
    );
  }

  readonly container = (
    pod: Pod,
    container: Container,
    type: EventType,
    reason: string,
    message: string,
  ): void => {
    const { initContainers, ephemeralContainers } = pod.spec!;
    const isIn = (list: readonly { name?: string }[] | undefined) =>
      list?.some(({ name }) => name === container.name) ?? false;
    const list = isIn(initContainers)
      ? 'initContainers'
      : isIn(ephemeralContainers)
        ? 'ephemeralContainers'
        : 'containers';
    const path = `spec.${list}{${container.name}}`;
    this.#recorder.event(subjectOf(pod, RESOURCES.pods, path), type, reason, message);
  };

  readonly pod = (pod: Pod, type: EventType, reason: string, message: string): void => {
    this.#recorder.event(subjectOf(pod, RESOURCES.pods), type, reason, message);
  };

  readonly node = (type: EventType, reason: string, message: string): void => {
    // Models getNodeRef: what refers to a node carries its name as its uid.
    const metadata = { name: this.#nodeName, uid: this.#nodeName };
    this.#recorder.event(subjectOf({ metadata }, RESOURCES.nodes), type, reason, message);
  };
}
