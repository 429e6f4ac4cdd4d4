import type { Pod, Service } from 'kubernetes-types/core/v1';
import type { Endpoint, EndpointPort, EndpointSlice } from 'kubernetes-types/discovery/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister, splitKey } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';
import { controllerRef } from '../util/owner.ts';
import { isNamespaceTerminating } from '../util/pod-control.ts';
import { isPodReady } from '../util/pods.ts';
import { isReachable, selectedPods, targetPort } from '../util/service-pods.ts';

const WORKERS = 5;
const SERVICE_LABEL = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const NAME = 'endpointslice-controller.k8s.io';
/** --max-endpoints-per-slice */
const MAX_ENDPOINTS = 100;

type Content = Pick<EndpointSlice, 'endpoints' | 'ports'>;

/** Keeps the EndpointSlices of services with a selector. Models pkg/controller/endpointslice Controller. */
export class EndpointSliceController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #services: Lister<Service>;
  readonly #pods: Lister<Pod>;
  readonly #slices: Lister<EndpointSlice>;
  readonly #newest: MutationCache<EndpointSlice>;
  /** Slices that were made and not seen yet, with their service. Models EndpointSliceTracker. */
  readonly #made = new Map<string, string>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    const services = context.informers.for<Service>(RESOURCES.services);
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    const slices = context.informers.for<EndpointSlice>(RESOURCES.endpointSlices);
    slices.addIndex('service', (slice) =>
      slice.metadata!.labels?.[MANAGED_BY] === NAME
        ? [`${slice.metadata!.namespace}/${slice.metadata!.labels[SERVICE_LABEL]}`]
        : [],
    );
    this.#services = services.lister;
    this.#pods = pods.lister;
    this.#slices = slices.lister;
    this.#newest = new MutationCache(slices.lister);
    services.addHandler({
      onAdd: (service) => this.#queue.add(keyOf(service)),
      onUpdate: (_, service) => this.#queue.add(keyOf(service)),
      onDelete: (service) => this.#queue.add(keyOf(service)),
    });
    pods.addHandler({
      onAdd: (pod) => this.#onPod(pod),
      onUpdate: (old, pod) => {
        this.#onPod(pod);
        if (!semanticEqual(old.metadata?.labels, pod.metadata?.labels)) this.#onPod(old);
      },
      onDelete: (pod) => this.#onPod(pod),
    });
    slices.addHandler({
      onAdd: (slice) => {
        const service = this.#made.get(keyOf(slice));
        if (service === undefined) return;
        this.#made.delete(keyOf(slice));
        this.#queue.add(service);
      },
      onDelete: ({ metadata }) => {
        const service = metadata!.labels?.[SERVICE_LABEL];
        if (service !== undefined) this.#queue.add(`${metadata!.namespace}/${service}`);
      },
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, WORKERS, (key) => this.#sync(key));
  }

  #onPod(pod: Pod): void {
    if (!pod.status?.podIP) return;
    for (const service of this.#services.list(pod.metadata!.namespace)) {
      const selector = Object.entries(service.spec?.selector ?? {});
      if (selector.length === 0) continue;
      if (selector.every(([key, value]) => pod.metadata!.labels?.[key] === value)) {
        this.#queue.addSettled(keyOf(service));
      }
    }
  }

  async #sync(key: string): Promise<void> {
    const { namespace } = splitKey(key);
    const { client } = this.#context;
    const service = this.#services.getByKey(key);
    if (service === undefined || service.metadata!.deletionTimestamp !== undefined) return;
    if (service.spec?.selector === undefined || service.spec.type === 'ExternalName') return;
    if ([...this.#made.values()].includes(key)) return;
    const wanted = contentsOf(service, selectedPods(service, this.#pods.list(namespace)));
    const known = this.#slices.byIndex('service', key).map((slice) => this.#newest.newest(slice));
    const labels = {
      ...service.metadata!.labels,
      ...(service.spec.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
      [MANAGED_BY]: NAME,
      [SERVICE_LABEL]: service.metadata!.name!,
    };
    try {
      for (const [index, content] of wanted.entries()) {
        const slice = known[index];
        if (slice === undefined) {
          const object = newSlice(service, labels, content);
          const made = await client.create<EndpointSlice>(RESOURCES.endpointSlices, object, { namespace });
          if (this.#slices.getByKey(keyOf(made)) === undefined) this.#made.set(keyOf(made), key);
        } else if (
          !semanticEqual(slice.endpoints, content.endpoints) ||
          !semanticEqual(slice.ports, content.ports) ||
          !semanticEqual(slice.metadata!.labels, labels)
        ) {
          const metadata = { ...slice.metadata, name: slice.metadata!.name!, labels };
          const kind = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' };
          const body = { ...slice, ...kind, metadata, ...content };
          this.#newest.mutation(
            await client.update<EndpointSlice>(RESOURCES.endpointSlices, body, { namespace }),
          );
        }
      }
      for (const slice of known.slice(wanted.length)) {
        await client.delete(RESOURCES.endpointSlices, slice.metadata!.name!, { namespace });
      }
    } catch (error) {
      if (!isNamespaceTerminating(error) && !isReason(error, 'NotFound')) throw error;
    }
  }
}

function newSlice(service: Service, labels: Record<string, string>, content: Content): object {
  const { name, namespace } = service.metadata!;
  return {
    kind: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels,
      ownerReferences: [controllerRef(service, RESOURCES.services)],
    },
    addressType: 'IPv4',
    ...content,
  };
}

/** Endpoints by the ports that they answer on, at most a hundred together; one empty slice for none. */
function contentsOf(service: Service, pods: readonly Pod[]): Content[] {
  const byPorts = new Map<string, { ports: EndpointPort[]; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    const ports = (service.spec!.ports ?? []).flatMap((port): EndpointPort[] => {
      const number = targetPort(pod, port);
      if (number === undefined) return [];
      return [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP' }];
    });
    const key = JSON.stringify(ports);
    const group = byPorts.get(key) ?? { ports, endpoints: [] };
    byPorts.set(key, group);
    group.endpoints.push(endpointOf(service, pod));
  }
  if (byPorts.size === 0) return [{ endpoints: [], ports: [] }];
  return [...byPorts.values()].flatMap(({ ports, endpoints }) =>
    Array.from({ length: Math.ceil(endpoints.length / MAX_ENDPOINTS) }, (_, index) => ({
      ports,
      endpoints: endpoints.slice(index * MAX_ENDPOINTS, (index + 1) * MAX_ENDPOINTS),
    })),
  );
}

function endpointOf(service: Service, pod: Pod): Endpoint {
  const { namespace, name, uid, deletionTimestamp } = pod.metadata!;
  return {
    addresses: [pod.status!.podIP!],
    conditions: {
      ready: isReachable(service, pod),
      serving: isPodReady(pod),
      terminating: deletionTimestamp !== undefined,
    },
    ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace: namespace!, name: name!, uid: uid! },
  };
}
