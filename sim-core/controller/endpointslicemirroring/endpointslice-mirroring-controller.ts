import type { Endpoints, Service } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { controllerRateLimiter } from '../../client-go/util/workqueue/rate-limiter.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { EndpointSliceTracker } from '../util/endpointslice-tracker.ts';
import { isNamespaceTerminating } from '../util/pod-control.ts';
import {
  type Changes,
  changesFor,
  MANAGED_BY,
  MAX_ENDPOINTS,
  NAME,
  SERVICE_LABEL,
} from './mirrored-slices.ts';

const WORKERS = 5;
const SYNC_BACKOFF = 1000;
const MAX_SYNC_BACKOFF = 100_000;
const SKIP_MIRROR = 'endpointslice.kubernetes.io/skip-mirror';
const LEADER = 'control-plane.alpha.kubernetes.io/leader';

/**
 * Mirrors Endpoints that somebody wrote for a service without a selector into EndpointSlices.
 * Models pkg/controller/endpointslicemirroring Controller.
 */
export class EndpointSliceMirroringController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #services: Lister<Service>;
  readonly #endpoints: Lister<Endpoints>;
  readonly #slices: Lister<EndpointSlice>;
  readonly #newest: MutationCache<EndpointSlice>;
  readonly #tracker: EndpointSliceTracker;

  constructor(context: ControllerContext) {
    this.#context = context;
    const limiter = controllerRateLimiter(context.clock, SYNC_BACKOFF, MAX_SYNC_BACKOFF);
    this.#queue = new WorkQueue(context.clock, context.context, limiter);
    this.#recorder = recorderFor(context, 'endpoint-slice-mirroring-controller');
    const services = context.informers.for<Service>(RESOURCES.services);
    const endpoints = context.informers.for<Endpoints>(RESOURCES.endpoints);
    const slices = context.informers.for<EndpointSlice>(RESOURCES.endpointSlices);
    slices.addIndex('mirrored', (slice) =>
      slice.metadata!.labels?.[MANAGED_BY] === NAME ? [serviceKey(slice)] : [],
    );
    this.#services = services.lister;
    this.#endpoints = endpoints.lister;
    this.#slices = slices.lister;
    this.#newest = new MutationCache(slices.lister);
    this.#tracker = new EndpointSliceTracker(slices.lister);
    endpoints.addHandler({
      onAdd: (object) => this.#onEndpoints(object),
      onUpdate: (old, object) => this.#onEndpoints(object, old),
      onDelete: (object) => this.#onEndpoints(object),
    });
    services.addHandler({
      onAdd: (service) => this.#onService(service),
      onUpdate: (old, service) => {
        if (hasSelector(old) !== hasSelector(service)) this.#queue.add(keyOf(service));
      },
      onDelete: (service) => this.#onService(service),
    });
    slices.addHandler({
      onAdd: (slice) => {
        const waiting = this.#tracker.observed(slice);
        if (waiting !== undefined) this.#queue.add(waiting);
      },
      onUpdate: (_, slice) => this.#onSlice(slice),
      onDelete: (slice) => this.#onSlice(slice),
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, WORKERS, (key) => this.#sync(key));
  }

  #onEndpoints(object: Endpoints, old: Endpoints = object): void {
    if (shouldMirror(object) || shouldMirror(old)) this.#queue.add(keyOf(object));
  }

  #onService(service: Service): void {
    if (!hasSelector(service)) this.#queue.add(keyOf(service));
  }

  #onSlice(slice: EndpointSlice): void {
    if (slice.metadata!.labels?.[MANAGED_BY] === NAME) this.#queue.add(serviceKey(slice));
  }

  async #sync(key: string): Promise<void> {
    const endpoints = this.#endpoints.getByKey(key);
    const service = this.#services.getByKey(key);
    const existing = this.#slices.byIndex('mirrored', key).map((slice) => this.#newest.newest(slice));
    if (
      endpoints === undefined ||
      !shouldMirror(endpoints) ||
      service === undefined ||
      hasSelector(service)
    ) {
      return this.#remove(existing);
    }
    if (this.#tracker.isStale(key)) return;
    const changes = changesFor(endpoints, existing);
    this.#report(endpoints, changes);
    await this.#finalize(key, endpoints, changes);
  }

  #report(endpoints: Endpoints, { invalidAddresses, skippedAddresses }: Changes): void {
    const subject = subjectOf(endpoints, RESOURCES.endpoints);
    if (invalidAddresses > 0) {
      const message = `Skipped ${invalidAddresses} invalid IP addresses when mirroring to EndpointSlices`;
      this.#recorder.event(subject, 'Warning', 'InvalidIPAddress', message);
    }
    if (skippedAddresses > 0) {
      const message = `A max of ${MAX_ENDPOINTS} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skippedAddresses + invalidAddresses} addresses were skipped`;
      this.#recorder.event(subject, 'Warning', 'TooManyAddressesToMirror', message);
    }
  }

  async #finalize(key: string, endpoints: Endpoints, { create, update, remove }: Changes): Promise<void> {
    const { client } = this.#context;
    const { namespace, deletionTimestamp } = endpoints.metadata!;
    const resource = RESOURCES.endpointSlices;
    try {
      for (const slice of deletionTimestamp === undefined ? create : []) {
        this.#tracker.made(await client.create<EndpointSlice>(resource, slice, { namespace }), key);
      }
    } catch (error) {
      if (isNamespaceTerminating(error)) return;
      throw error;
    }
    for (const slice of update) {
      const body = slice as { metadata: { name: string } };
      this.#newest.mutation(await client.update<EndpointSlice>(resource, body, { namespace }));
    }
    await this.#remove(remove);
  }

  async #remove(slices: readonly EndpointSlice[]): Promise<void> {
    for (const { metadata } of slices) {
      const { name, namespace } = metadata!;
      try {
        await this.#context.client.delete(RESOURCES.endpointSlices, name!, { namespace });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
    }
  }
}

const serviceKey = ({ metadata }: EndpointSlice): string =>
  `${metadata!.namespace}/${metadata!.labels?.[SERVICE_LABEL]}`;

const hasSelector = ({ spec }: Service): boolean => spec?.selector !== undefined;

function shouldMirror({ metadata }: Endpoints): boolean {
  return metadata!.labels?.[SKIP_MIRROR] !== 'true' && metadata!.annotations?.[LEADER] === undefined;
}
