import type { Namespace } from 'kubernetes-types/core/v1';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { controllerRateLimiter } from '../../client-go/util/workqueue/rate-limiter.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';
import { deleteNamespaceContent } from './namespaced-resources-deleter.ts';

const WORKERS = 10;
/** Every kube-apiserver shall have seen that the namespace goes, and what was made in it last shall be there. */
const GRACE_PERIOD = 5000;
/** What is left over is looked for at least once a minute. */
const MAX_BACKOFF = 60_000;

/** Empties namespaces that are being deleted. Models pkg/controller/namespace NamespaceController. */
export class NamespaceController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #namespaces: Lister<Namespace>;

  constructor(context: ControllerContext) {
    this.#context = context;
    const limiter = controllerRateLimiter(context.clock, 5, MAX_BACKOFF);
    this.#queue = new WorkQueue(context.clock, context.context, limiter);
    const namespaces = context.informers.for<Namespace>(RESOURCES.namespaces);
    this.#namespaces = namespaces.lister;
    const onChange = ({ metadata }: Namespace) => {
      if (metadata!.deletionTimestamp !== undefined) this.#queue.addAfter(metadata!.name!, GRACE_PERIOD);
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
