import type { Node } from 'kubernetes-types/core/v1';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';

const ANNOTATION = 'node.alpha.kubernetes.io/ttl';

/** How long kubelets may keep Secrets and ConfigMaps, in seconds, by the size of the cluster. */
const BOUNDARIES: readonly { readonly max: number; readonly min: number; readonly ttl: number }[] = [
  { min: 0, max: 100, ttl: 0 },
  { min: 90, max: 500, ttl: 15 },
  { min: 450, max: 1000, ttl: 30 },
  { min: 900, max: 2000, ttl: 60 },
  { min: 1800, max: Infinity, ttl: 300 },
];

/** Tells nodes how long they may cache. Models pkg/controller/ttl Controller. */
export class TtlController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #nodes: Lister<Node>;
  #boundary = 0;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    const nodes = context.informers.for<Node>(RESOURCES.nodes);
    this.#nodes = nodes.lister;
    nodes.addHandler({
      onAdd: (node) => {
        const { max } = BOUNDARIES[this.#boundary]!;
        if (this.#nodes.size > max) this.#boundary++;
        this.#queue.add(node.metadata!.name!);
      },
      onUpdate: (_, node) => {
        if (!this.#isRight(node)) this.#queue.add(node.metadata!.name!);
      },
      onDelete: () => {
        if (this.#nodes.size < BOUNDARIES[this.#boundary]!.min) this.#boundary--;
      },
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 1, (name) => this.#sync(name));
  }

  get #wanted(): string {
    return String(BOUNDARIES[this.#boundary]!.ttl);
  }

  #isRight({ metadata }: Node): boolean {
    return metadata!.annotations?.[ANNOTATION] === this.#wanted;
  }

  async #sync(name: string): Promise<void> {
    const node = this.#nodes.getByKey(name);
    if (node === undefined || this.#isRight(node)) return;
    const patch = { metadata: { annotations: { [ANNOTATION]: this.#wanted } } };
    await this.#context.client.patch(RESOURCES.nodes, name, 'strategic', patch);
  }
}
