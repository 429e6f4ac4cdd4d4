import type { Namespace, ServiceAccount } from 'kubernetes-types/core/v1';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';
import { isNamespaceTerminating } from '../util/pod-control.ts';

const DEFAULT = 'default';

/**
 * Sees that every namespace has the ServiceAccount "default".
 * Models pkg/controller/serviceaccount ServiceAccountsController.
 */
export class ServiceAccountsController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #namespaces: Lister<Namespace>;
  readonly #accounts: Lister<ServiceAccount>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    const namespaces = context.informers.for<Namespace>(RESOURCES.namespaces);
    const accounts = context.informers.for<ServiceAccount>(RESOURCES.serviceAccounts);
    this.#namespaces = namespaces.lister;
    this.#accounts = accounts.lister;
    namespaces.addHandler({
      onAdd: ({ metadata }) => this.#queue.add(metadata!.name!),
      onUpdate: (_, { metadata }) => this.#queue.add(metadata!.name!),
    });
    accounts.addHandler({ onDelete: ({ metadata }) => this.#queue.add(metadata!.namespace!) });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 1, (namespace) => this.#sync(namespace));
  }

  async #sync(namespace: string): Promise<void> {
    const object = this.#namespaces.getByKey(namespace);
    if (object === undefined || object.status?.phase === 'Terminating') return;
    if (this.#accounts.get(namespace, DEFAULT) !== undefined) return;
    const account = {
      kind: 'ServiceAccount',
      apiVersion: 'v1',
      metadata: { name: DEFAULT, namespace },
    };
    try {
      await this.#context.client.create(RESOURCES.serviceAccounts, account, { namespace });
    } catch (error) {
      if (!isReason(error, 'AlreadyExists') && !isNamespaceTerminating(error)) throw error;
    }
  }
}
