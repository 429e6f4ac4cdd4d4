import type { EndpointAddress, EndpointSubset, Endpoints, Pod, Service } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister, splitKey } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';
import { isNamespaceTerminating } from '../util/pod-control.ts';
import { isReachable, selectedPods, targetPort } from '../util/service-pods.ts';

const WORKERS = 5;

/** Keeps the Endpoints of services with a selector. Models pkg/controller/endpoint Controller. */
export class EndpointsController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #services: Lister<Service>;
  readonly #pods: Lister<Pod>;
  readonly #endpoints: Lister<Endpoints>;
  readonly #newest: MutationCache<Endpoints>;
  /** Made, but not seen yet. */
  readonly #made = new Set<string>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
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
      onUpdate: (old, pod) => {
        this.#onPod(pod);
        if (!semanticEqual(old.metadata?.labels, pod.metadata?.labels)) this.#onPod(old);
      },
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
    if (!pod.status?.podIP) return;
    for (const service of this.#services.list(pod.metadata!.namespace)) {
      if (service.spec?.selector === undefined) continue;
      if (selectedPods(service, [pod]).length > 0 || pod.metadata!.deletionTimestamp !== undefined) {
        this.#queue.addSettled(keyOf(service));
      }
    }
  }

  async #sync(key: string): Promise<void> {
    const { client } = this.#context;
    const { namespace, name } = splitKey(key);
    const service = this.#services.getByKey(key);
    const known = this.#newest.getByKey(key);
    if (known === undefined && this.#made.has(key)) return;
    if (service === undefined) {
      if (known === undefined) return;
      try {
        await client.delete(RESOURCES.endpoints, name, { namespace });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
      return;
    }
    if (service.spec?.selector === undefined || service.spec.type === 'ExternalName') return;
    const subsets = subsetsOf(service, selectedPods(service, this.#pods.list(namespace)));
    const headless = service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
    const labels = {
      ...service.metadata!.labels,
      ...headless,
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    };
    if (
      known !== undefined &&
      semanticEqual(known.subsets, subsets) &&
      semanticEqual(known.metadata!.labels, labels)
    ) {
      return;
    }
    const metadata = { ...known?.metadata, name, namespace, labels };
    const object = { kind: 'Endpoints', apiVersion: 'v1', metadata, subsets };
    try {
      if (known === undefined) {
        await client.create(RESOURCES.endpoints, object, { namespace });
        if (this.#endpoints.getByKey(key) === undefined) this.#made.add(key);
      } else {
        this.#newest.mutation(await client.update<Endpoints>(RESOURCES.endpoints, object, { namespace }));
      }
    } catch (error) {
      if (!isNamespaceTerminating(error)) throw error;
    }
  }
}

/**
 * Addresses by the ports that they answer on: pods whose named ports have different numbers come
 * into different subsets. Models k8s.io/kubernetes/pkg/api/v1/endpoints RepackSubsets.
 */
function subsetsOf(service: Service, pods: readonly Pod[]): EndpointSubset[] {
  const byPorts = new Map<string, EndpointSubset>();
  for (const pod of pods) {
    const ports = (service.spec!.ports ?? []).flatMap((port) => {
      const number = targetPort(pod, port);
      if (number === undefined) return [];
      return [{ ...(port.name && { name: port.name }), port: number, protocol: port.protocol ?? 'TCP' }];
    });
    if (ports.length === 0 && (service.spec!.ports ?? []).length > 0) continue;
    const key = JSON.stringify(ports);
    const subset: EndpointSubset = byPorts.get(key) ?? { ports };
    byPorts.set(key, subset);
    const list = isReachable(service, pod) ? 'addresses' : 'notReadyAddresses';
    subset[list] = [...(subset[list] ?? []), addressOf(pod)];
  }
  return [...byPorts.values()];
}

function addressOf(pod: Pod): EndpointAddress {
  const { namespace, name, uid } = pod.metadata!;
  return {
    ip: pod.status!.podIP!,
    ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace: namespace!, name: name!, uid: uid! },
  };
}
