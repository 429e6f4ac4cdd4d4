import type { Node, Pod, Service } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister, splitKey } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { controllerRateLimiter } from '../../client-go/util/workqueue/rate-limiter.ts';
import { RetryError, runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { EndpointSliceTracker } from '../util/endpointslice-tracker.ts';
import { isNamespaceTerminating, isServerError } from '../util/pod-control.ts';
import { selectedPods, servicesOf, servicesToUpdate } from '../util/service-pods.ts';
import { TriggerTimeTracker, withTriggerTime } from '../util/trigger-time-tracker.ts';
import { MANAGED_BY, NAME, reconcileSlices, SERVICE_LABEL, type SliceChanges } from './reconciler.ts';

const WORKERS = 5;
const SYNC_BACKOFF = 1000;
const MAX_SYNC_BACKOFF = 100_000;
/** What others do to slices is looked at this much later. */
const SLICE_CHANGE_DELAY = 1000;

/** Keeps the EndpointSlices of services with a selector. Models pkg/controller/endpointslice Controller. */
export class EndpointSliceController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #services: Lister<Service>;
  readonly #pods: Lister<Pod>;
  readonly #nodes: Lister<Node>;
  readonly #slices: Lister<EndpointSlice>;
  readonly #newest: MutationCache<EndpointSlice>;
  readonly #tracker: EndpointSliceTracker;
  readonly #triggers = new TriggerTimeTracker();

  constructor(context: ControllerContext) {
    this.#context = context;
    const limiter = controllerRateLimiter(context.clock, SYNC_BACKOFF, MAX_SYNC_BACKOFF);
    this.#queue = new WorkQueue(context.clock, context.context, limiter);
    this.#recorder = recorderFor(context, 'endpoint-slice-controller');
    const services = context.informers.for<Service>(RESOURCES.services);
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    const slices = context.informers.for<EndpointSlice>(RESOURCES.endpointSlices);
    slices.addIndex('service', (slice) =>
      isOwn(slice) ? [`${slice.metadata!.namespace}/${slice.metadata!.labels![SERVICE_LABEL]}`] : [],
    );
    this.#services = services.lister;
    this.#pods = pods.lister;
    this.#nodes = context.informers.for<Node>(RESOURCES.nodes).lister;
    this.#slices = slices.lister;
    this.#newest = new MutationCache(slices.lister);
    this.#tracker = new EndpointSliceTracker(slices.lister);
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
    slices.addHandler({
      onAdd: (slice) => {
        const service = this.#tracker.observed(slice);
        if (service !== undefined) this.#queue.add(service);
        else if (isOwn(slice) && this.#tracker.isForeign(slice)) this.#enqueueLater(slice);
      },
      onUpdate: (old, slice) => {
        const isLost = isOwn(old) && !isOwn(slice);
        if (isLost || (isOwn(slice) && this.#tracker.isForeign(slice))) {
          this.#enqueueLater(old);
          this.#enqueueLater(slice);
        }
      },
      onDelete: (slice) => {
        if (isOwn(slice) && this.#tracker.deleted(slice)) this.#enqueueLater(slice);
      },
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

  /** Somebody else changed a slice: its service gets it back in a while. Models queueServiceForEndpointSlice. */
  #enqueueLater({ metadata }: EndpointSlice): void {
    const service = metadata!.labels?.[SERVICE_LABEL];
    if (service !== undefined) this.#queue.addAfter(`${metadata!.namespace}/${service}`, SLICE_CHANGE_DELAY);
  }

  async #sync(key: string): Promise<void> {
    const { namespace } = splitKey(key);
    const service = this.#services.getByKey(key);
    if (service === undefined) {
      this.#triggers.forget(key);
      return;
    }
    if (service.spec?.selector === undefined || service.spec.type === 'ExternalName') return;
    if (this.#tracker.isStale(key)) return;
    const pods = selectedPods(service, this.#pods.list(namespace));
    const existing = this.#slices
      .byIndex('service', key)
      .filter(({ metadata }) => metadata!.deletionTimestamp === undefined)
      .map((slice) => withLists(this.#newest.newest(slice)));
    const triggerTime = this.#triggers.compute(key, service, pods);
    const changes = reconcileSlices(service, pods, existing, (node) => this.#nodes.get('', node));
    try {
      await this.#finalize(key, service, changes, triggerTime);
      if (changes.lost.length > 0) throw new RetryError(lostText(service, changes.lost));
    } catch (error) {
      if (!isServerError(error) && !(error instanceof RetryError)) throw error;
      const { name } = service.metadata!;
      const message = `Error updating Endpoint Slices for Service ${namespace}/${name}: ${error.message}`;
      const subject = subjectOf(service, RESOURCES.services);
      this.#recorder.event(subject, 'Warning', 'FailedToUpdateEndpointSlices', message);
      throw error;
    }
  }

  async #finalize(
    key: string,
    service: Service,
    { create, update, remove }: SliceChanges,
    triggerTime: string | undefined,
  ): Promise<void> {
    const { client } = this.#context;
    const { namespace, deletionTimestamp } = service.metadata!;
    const resource = RESOURCES.endpointSlices;
    const stamped = (slice: EndpointSlice) => {
      const { annotations: known, ...metadata } = slice.metadata!;
      const annotations = withTriggerTime(known, triggerTime);
      const hasSome = Object.keys(annotations).length > 0;
      return {
        ...slice,
        kind: 'EndpointSlice',
        apiVersion: 'discovery.k8s.io/v1',
        metadata: { ...metadata, name: metadata.name!, ...(hasSome && { annotations }) },
        ports: orNull(slice.ports),
        endpoints: orNull(slice.endpoints),
      };
    };
    try {
      for (const slice of deletionTimestamp === undefined ? create : []) {
        const {
          metadata: { name: _, ...metadata },
          ...content
        } = stamped(slice);
        const body = { ...content, metadata };
        this.#tracker.made(await client.create<EndpointSlice>(resource, body, { namespace }), key);
      }
    } catch (error) {
      if (isNamespaceTerminating(error)) return;
      throw error;
    }
    for (const slice of update) {
      const written = await client.update<EndpointSlice>(resource, stamped(slice), { namespace });
      this.#tracker.wrote(this.#newest.mutation(written));
    }
    for (const slice of remove) {
      this.#tracker.removing(slice);
      await client.delete(resource, slice.metadata!.name!, { namespace });
    }
  }
}

const isOwn = ({ metadata }: EndpointSlice): boolean => metadata!.labels?.[MANAGED_BY] === NAME;

const lostText = ({ metadata }: Service, pods: readonly Pod[]): string => {
  const texts = pods.map(
    ({ metadata: { name } = {}, spec }) =>
      `skipping Pod ${name} for Service ${metadata!.namespace}/${metadata!.name}: Node ${spec?.nodeName ?? ''} Not Found`,
  );
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
};

/** The controllers speak protobuf, which knows no empty lists: the server stores null. */
const orNull = <T>(list: readonly T[] | undefined): readonly T[] | null =>
  list === undefined || list.length === 0 ? null : list;

const withLists = ({ endpoints, ports, ...slice }: EndpointSlice): EndpointSlice => ({
  ...slice,
  // The server's null stands for no endpoints.
  endpoints: (endpoints as typeof endpoints | null) ?? [],
  ports: ports ?? [],
});
