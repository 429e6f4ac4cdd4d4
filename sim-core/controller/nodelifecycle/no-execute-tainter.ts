import type { Node } from 'kubernetes-types/core/v1';
import type { Clock } from '../../clock/clock.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { isServerError } from '../util/pod-control.ts';
import { hasTaint, removeTaints, swapTaints } from '../util/node-taints.ts';
import { NOT_READY, readyCondition, UNREACHABLE } from './taints.ts';

/** How often upstream looks at its queue, in milliseconds. */
const EVICTION_PERIOD = 100;
/** --node-eviction-rate 0.1: from one node to the next, in milliseconds. */
const TIME_BETWEEN_NODES = 10_000;

const NOT_READY_TAINT = { key: NOT_READY, effect: 'NoExecute' } as const;
const UNREACHABLE_TAINT = { key: UNREACHABLE, effect: 'NoExecute' } as const;

/**
 * Taints nodes that are not ready so that their pods must go: one after the other and not fast, in case it is the
 * network that fails and not the nodes.
 *
 * Models zoneNoExecuteTainter and doNoExecuteTaintingPass of pkg/controller/nodelifecycle, for a single zone.
 */
export class NoExecuteTainter {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #nodes: Lister<Node>;
  readonly #queue = new Set<string>();
  /** When the next node may be tainted. */
  #nextAt = 0;
  #isWorking = false;

  constructor(client: RestClient, clock: Clock, nodes: Lister<Node>) {
    this.#client = client;
    this.#clock = clock;
    this.#nodes = nodes;
  }

  /** Brings the taints of a node in line with its condition Ready. Models processTaintBaseEviction. */
  async process(node: Node): Promise<void> {
    const wanted = wantedTaint(node);
    if (wanted === undefined) {
      this.#queue.delete(node.metadata!.name!);
      await removeTaints(this.#client, node, [UNREACHABLE_TAINT]);
      await removeTaints(this.#client, node, [NOT_READY_TAINT]);
    } else if (hasTaint(node, opposite(wanted))) {
      await swapTaints(this.#client, node, [wanted], [opposite(wanted)], this.#clock.now());
    } else if (!hasTaint(node, wanted)) {
      this.#queue.add(node.metadata!.name!);
      if (!this.#isWorking) this.#clock.schedule(EVICTION_PERIOD, () => void this.#work());
      this.#isWorking = true;
    }
  }

  async #work(): Promise<void> {
    for (const name of this.#queue) {
      if (this.#clock.now() < this.#nextAt) {
        this.#clock.schedule(this.#nextAt - this.#clock.now(), () => void this.#work());
        return;
      }
      this.#nextAt = this.#clock.now() + TIME_BETWEEN_NODES;
      this.#queue.delete(name);
      await this.#taint(name);
    }
    this.#isWorking = false;
  }

  /** A node that could not be tainted comes back with the next look at it. */
  async #taint(name: string): Promise<void> {
    const node = this.#nodes.getByKey(name);
    const wanted = node && wantedTaint(node);
    if (node === undefined || wanted === undefined) return;
    try {
      await swapTaints(this.#client, node, [wanted], [opposite(wanted)], this.#clock.now());
    } catch (error) {
      if (!isServerError(error)) throw error;
    }
  }
}

const opposite = (taint: typeof NOT_READY_TAINT | typeof UNREACHABLE_TAINT) =>
  taint === NOT_READY_TAINT ? UNREACHABLE_TAINT : NOT_READY_TAINT;

/** Undefined: the node is ready. */
function wantedTaint(node: Node) {
  const status = readyCondition(node)?.status;
  return status === 'False' ? NOT_READY_TAINT : status === 'Unknown' ? UNREACHABLE_TAINT : undefined;
}
