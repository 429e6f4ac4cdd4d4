import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Rand } from '../clock/rand.ts';
import type { InformerScope } from '../client-go/informers/factory.ts';
import type { RestClient } from '../client-go/rest/client.ts';
import { EventNames } from '../client-go/tools/record/event-names.ts';
import { EventRecorder } from '../client-go/tools/record/event-recorder.ts';
import { EventSink } from '../client-go/tools/record/event-sink.ts';

/** What every controller is given. Models cmd/kube-controller-manager/app ControllerContext. */
export interface ControllerContext {
  readonly clock: Clock;
  /** The controller's own. */
  readonly rand: Rand;
  /** Cancelled when the controller must stop. */
  readonly context: Context;
  /** A client with the controller's own identity. */
  readonly client: RestClient;
  /** Shared by all controllers; an informer that the constructor asks for is started by the manager. */
  readonly informers: InformerScope;
}

/**
 * A control loop. The constructor asks for informers and adds handlers; `run` is called when the
 * informers have their first list, and resolves when the context is cancelled.
 */
export interface Controller {
  run(): Promise<void>;
}

/** A recorder of events in the name of `component`. */
export function recorderFor(
  { client, clock, rand, context }: ControllerContext,
  component: string,
): EventRecorder {
  const sink = new EventSink(client, clock, context);
  return new EventRecorder(sink, clock, new EventNames(clock, rand.fork('event-names')), { component });
}
