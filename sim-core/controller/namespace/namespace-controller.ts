import type { Namespace } from 'kubernetes-types/core/v1';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';
import { deleteNamespaceContent } from './namespaced-resources-deleter.ts';

const WORKERS = 10;

/** Empties namespaces that are being deleted. Models pkg/controller/namespace NamespaceController. */
export class NamespaceController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #namespaces: Lister<Namespace>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    const namespaces = context.informers.for<Namespace>(RESOURCES.namespaces);
    this.#namespaces = namespaces.lister;
    const onChange = ({ metadata }: Namespace) => {
      if (metadata!.deletionTimestamp !== undefined) this.#queue.add(metadata!.name!);
    };
    namespaces.addHandler({ onAdd: onChange, onUpdate: (_, namespace) => onChange(namespace) });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, WORKERS, (name) => this.#sync(name));
  }

  async #sync(name: string): Promise<void> {
    if (this.#namespaces.getByKey(name) === undefined) return;
    const { client, clock } = this.#context;
    const seconds = await deleteNamespaceContent(client, clock, name);
    if (seconds !== undefined) this.#queue.addAfter(name, seconds * 1000, { periodic: seconds > 5 });
  }
}
