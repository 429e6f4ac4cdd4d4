import type { Endpoints, Pod, Service } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister, splitKey } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { isNamespaceTerminating, isServerError } from '../util/pod-control.ts';
import { isHeadless, selectedPods, servicesOf, servicesToUpdate } from '../util/service-pods.ts';
import { TriggerTimeTracker, withTriggerTime } from '../util/trigger-time-tracker.ts';
import { subsetsOf, truncated } from './subsets.ts';

const WORKERS = 5;
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
const HEADLESS = 'service.kubernetes.io/headless';

/** Keeps the Endpoints of services with a selector. Models pkg/controller/endpoint Controller. */
export class EndpointsController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #services: Lister<Service>;
  readonly #pods: Lister<Pod>;
  readonly #endpoints: Lister<Endpoints>;
  readonly #newest: MutationCache<Endpoints>;
  /** Made, but not seen yet. */
  readonly #made = new Set<string>();
  readonly #triggers = new TriggerTimeTracker();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    this.#recorder = recorderFor(context, 'endpoint-controller');
    const services = context.informers.for<Service>(RESOURCES.services);
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    const endpoints = context.informers.for<Endpoints>(RESOURCES.endpoints);
    this.#services = services.lister;
    this.#pods = pods.lister;
    this.#endpoints = endpoints.lister;
    this.#newest = new MutationCache(endpoints.lister);
    services.addHandler({
      onAdd: (service) => this.#queue.add(keyOf(service)),
      onUpdate: (_, service) => this.#queue.add(keyOf(service)),
      onDelete: (service) => this.#queue.add(keyOf(service)),
    });
    pods.addHandler({
      onAdd: (pod) => this.#onPod(pod),
      onUpdate: (old, pod) => this.#enqueue(servicesToUpdate(old, pod, this.#around(pod))),
      onDelete: (pod) => this.#onPod(pod),
    });
    endpoints.addHandler({
      onAdd: (object) => {
        if (this.#made.delete(keyOf(object))) this.#queue.add(keyOf(object));
      },
      onDelete: (object) => this.#queue.add(keyOf(object)),
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, WORKERS, (key) => this.#sync(key));
  }

  #onPod(pod: Pod): void {
    this.#enqueue(servicesOf(pod, this.#around(pod)));
  }

  #around({ metadata }: Pod): readonly Service[] {
    return this.#services.list(metadata!.namespace);
  }

  #enqueue(services: readonly Service[]): void {
    for (const service of services) this.#queue.addSettled(keyOf(service));
  }

  async #sync(key: string): Promise<void> {
    const { client } = this.#context;
    const { namespace, name } = splitKey(key);
    const service = this.#services.getByKey(key);
    const known = this.#newest.getByKey(key);
    if (known === undefined && this.#made.has(key)) return;
    if (service === undefined) {
      this.#triggers.forget(key);
      if (known === undefined) return;
      try {
        await client.delete(RESOURCES.endpoints, name, { namespace });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
      return;
    }
    if (service.spec?.selector === undefined || service.spec.type === 'ExternalName') return;
    const pods = selectedPods(service, this.#pods.list(namespace));
    const triggerTime = this.#triggers.compute(key, service, pods);
    const all = subsetsOf(service, pods);
    const fitting = truncated(all);
    const subsets = fitting ?? all;
    const { labels } = service.metadata!;
    if (known !== undefined) {
      const { [HEADLESS]: _, ...knownLabels } = known.metadata!.labels ?? {};
      const isMarked = known.metadata!.annotations?.[OVER_CAPACITY] !== undefined;
      if (
        semanticEqual(known.subsets, subsets) &&
        semanticEqual(knownLabels, labels) &&
        isMarked === (fitting !== undefined)
      ) {
        return;
      }
    }
    const { [OVER_CAPACITY]: _, ...annotations } = withTriggerTime(known?.metadata?.annotations, triggerTime);
    const { labels: _labels, annotations: _annotations, ...identity } = known?.metadata ?? {};
    const metadata = {
      ...identity,
      name,
      namespace,
      ...unlessEmpty('labels', { ...labels, ...(isHeadless(service) && { [HEADLESS]: '' }) }),
      ...unlessEmpty('annotations', { ...annotations, ...(fitting && { [OVER_CAPACITY]: 'truncated' }) }),
    };
    const object = { kind: 'Endpoints' as const, apiVersion: 'v1' as const, metadata, subsets };
    try {
      if (known === undefined) {
        await client.create(RESOURCES.endpoints, object, { namespace });
        if (this.#endpoints.getByKey(key) === undefined) this.#made.add(key);
      } else {
        this.#newest.mutation(await client.update<Endpoints>(RESOURCES.endpoints, object, { namespace }));
      }
    } catch (error) {
      if (known === undefined && isNamespaceTerminating(error)) return;
      this.#reportFailure(object, known === undefined, error);
      throw error;
    }
  }

  #reportFailure(object: Endpoints, isNew: boolean, error: unknown): void {
    if (!isServerError(error)) return;
    const { namespace, name } = object.metadata!;
    this.#recorder.event(
      subjectOf(object, RESOURCES.endpoints),
      'Warning',
      isNew ? 'FailedToCreateEndpoint' : 'FailedToUpdateEndpoint',
      isNew
        ? `Failed to create endpoint for service ${namespace}/${name}: ${error.message}`
        : `Failed to update endpoint ${namespace}/${name}: ${error.message}`,
    );
  }
}

/** As Go leaves empty maps out. */
function unlessEmpty(field: 'labels' | 'annotations', map: Record<string, string>): object {
  return Object.keys(map).length > 0 ? { [field]: map } : {};
}
