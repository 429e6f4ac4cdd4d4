import type { ConfigMap, Namespace } from 'kubernetes-types/core/v1';
import { deepEqual } from '../../../apimachinery/copy.ts';
import { isReason } from '../../../apimachinery/status.ts';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../../controller-context.ts';
import { isNamespaceTerminating } from '../../util/pod-control.ts';

const NAME = 'kube-root-ca.crt';
const ANNOTATIONS = {
  'kubernetes.io/description':
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
};

/**
 * Puts the cluster's CA into the ConfigMap kube-root-ca.crt of every namespace.
 * Models pkg/controller/certificates/rootcacertpublisher Publisher.
 */
export class RootCaCertPublisher implements Controller {
  readonly #context: ControllerContext;
  readonly #rootCa: string;
  readonly #queue: WorkQueue;
  readonly #namespaces: Lister<Namespace>;
  readonly #configMaps: Lister<ConfigMap>;

  /** `rootCa` is PEM text. */
  constructor(context: ControllerContext, rootCa: string) {
    this.#context = context;
    this.#rootCa = rootCa;
    this.#queue = new WorkQueue(context.clock, context.context);
    const namespaces = context.informers.for<Namespace>(RESOURCES.namespaces);
    const configMaps = context.informers.for<ConfigMap>(RESOURCES.configMaps);
    this.#namespaces = namespaces.lister;
    this.#configMaps = configMaps.lister;
    namespaces.addHandler({
      onAdd: ({ metadata }) => this.#queue.add(metadata!.name!),
      onUpdate: (_, { metadata }) => this.#queue.add(metadata!.name!),
    });
    const onConfigMap = ({ metadata }: ConfigMap) => {
      if (metadata!.name === NAME) this.#queue.add(metadata!.namespace!);
    };
    configMaps.addHandler({ onUpdate: (_, object) => onConfigMap(object), onDelete: onConfigMap });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 1, (namespace) => this.#sync(namespace));
  }

  async #sync(namespace: string): Promise<void> {
    const object = this.#namespaces.getByKey(namespace);
    if (object === undefined || object.status?.phase === 'Terminating') return;
    const data = { 'ca.crt': this.#rootCa };
    const known = this.#configMaps.get(namespace, NAME);
    const { client } = this.#context;
    if (known === undefined) {
      const metadata = { name: NAME, annotations: ANNOTATIONS };
      const configMap = { kind: 'ConfigMap', apiVersion: 'v1', metadata, data };
      try {
        await client.create(RESOURCES.configMaps, configMap, { namespace });
      } catch (error) {
        if (!isReason(error, 'AlreadyExists') && !isNamespaceTerminating(error)) throw error;
      }
      return;
    }
    const annotations = known.metadata!.annotations ?? {};
    const isDescribed = Object.keys(annotations).some((key) => key in ANNOTATIONS);
    if (deepEqual(known.data, data) && isDescribed) return;
    const metadata = { ...known.metadata, name: NAME, annotations: { ...annotations, ...ANNOTATIONS } };
    const next = { ...known, kind: 'ConfigMap', apiVersion: 'v1', metadata, data };
    await client.update(RESOURCES.configMaps, next, { namespace });
  }
}
