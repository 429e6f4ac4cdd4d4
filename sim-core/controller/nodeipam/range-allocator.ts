import type { Node } from 'kubernetes-types/core/v1';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';

/** How many /24 networks a /16 has. */
const NETWORKS = 256;

/**
 * Gives every node a /24 of the pod network. Models pkg/controller/nodeipam/ipam rangeAllocator.
 */
export class RangeAllocator implements Controller {
  readonly #context: ControllerContext;
  readonly #recorder;
  readonly #prefix: string;
  readonly #queue: WorkQueue;
  readonly #nodes: Lister<Node>;
  /** Networks that were given out and may not have come back through the informer yet. */
  readonly #taken = new Map<string, string>();

  /** `clusterCidr` is a /16: "192.168.0.0/16". */
  constructor(context: ControllerContext, clusterCidr: string) {
    const match = /^(\d+\.\d+)\.0\.0\/16$/.exec(clusterCidr);
    if (match === null) throw new Error(`the cluster CIDR must be a /16, got ${clusterCidr}`);
    this.#prefix = match[1]!;
    this.#context = context;
    this.#recorder = recorderFor(context, 'cidrAllocator');
    this.#queue = new WorkQueue(context.clock, context.context);
    const nodes = context.informers.for<Node>(RESOURCES.nodes);
    this.#nodes = nodes.lister;
    const onNode = (node: Node) => {
      if (node.spec?.podCIDR === undefined) this.#queue.add(node.metadata!.name!);
      else this.#taken.set(node.metadata!.name!, node.spec.podCIDR);
    };
    nodes.addHandler({
      onAdd: onNode,
      onUpdate: (_, node) => onNode(node),
      onDelete: (node) => this.#taken.delete(node.metadata!.name!),
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 1, (name) => this.#sync(name));
  }

  async #sync(name: string): Promise<void> {
    const node = this.#nodes.getByKey(name);
    if (node === undefined || node.spec?.podCIDR !== undefined) return;
    const cidr = this.#taken.get(name) ?? this.#nextFree();
    if (cidr === undefined) {
      this.#recorder.event(
        subjectOf(node, RESOURCES.nodes),
        'Normal',
        'CIDRNotAvailable',
        `Node ${name} status is now: CIDRNotAvailable`,
      );
      return;
    }
    this.#taken.set(name, cidr);
    const patch = { spec: { podCIDR: cidr, podCIDRs: [cidr] } };
    try {
      await this.#context.client.patch(RESOURCES.nodes, name, 'strategic', patch);
    } catch (error) {
      this.#taken.delete(name);
      if (!isReason(error, 'NotFound')) throw error;
    }
  }

  #nextFree(): string | undefined {
    const taken = new Set(this.#taken.values());
    for (let index = 0; index < NETWORKS; index++) {
      const cidr = `${this.#prefix}.${index}.0/24`;
      if (!taken.has(cidr)) return cidr;
    }
    return undefined;
  }
}
