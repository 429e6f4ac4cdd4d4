import type { Node } from 'kubernetes-types/core/v1';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { Lister } from '../../client-go/tools/cache/store.ts';
import { isServerError } from '../util/pod-control.ts';
import { hasTaint, removeTaints, swapTaints } from '../util/node-taints.ts';
import { NOT_READY, readyCondition, UNREACHABLE } from './taints.ts';
import { EVICTION_RATE, zoneKeyOf } from './zone-states.ts';

/** How often upstream looks at its queues, in milliseconds. */
const EVICTION_PERIOD = 100;

const NOT_READY_TAINT = { key: NOT_READY, effect: 'NoExecute' } as const;
const UNREACHABLE_TAINT = { key: UNREACHABLE, effect: 'NoExecute' } as const;

/** The nodes of one zone that wait for their taint, by name. */
interface ZoneQueue {
  readonly names: Set<string>;
  /** Nodes a second; 0: none. */
  rate: number;
  /** When the next node may be tainted. */
  nextAt: number;
  timer: Timer | undefined;
}

/**
 * Taints nodes that are not ready so that their pods must go: zone by zone one after the other and not fast, in case
 * it is the network that fails and not the nodes.
 *
 * Models zoneNoExecuteTainter, RateLimitedTimedQueue and doNoExecuteTaintingPass of pkg/controller/nodelifecycle.
 */
export class NoExecuteTainter {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #nodes: Lister<Node>;
  readonly #zones = new Map<string, ZoneQueue>();

  constructor(client: RestClient, clock: Clock, nodes: Lister<Node>) {
    this.#client = client;
    this.#clock = clock;
    this.#nodes = nodes;
  }

  /** Brings the taints of a node in line with a status of its condition Ready. Models processTaintBaseEviction. */
  async process(node: Node, ready: string): Promise<void> {
    const wanted = wantedTaint(ready);
    if (wanted === undefined) {
      await this.markReachable(node);
    } else if (hasTaint(node, opposite(wanted))) {
      await swapTaints(this.#client, node, [wanted], [opposite(wanted)], this.#clock.now());
    } else if (!hasTaint(node, wanted)) {
      const zone = this.#zoneOf(zoneKeyOf(node));
      zone.names.add(node.metadata!.name!);
      this.#plan(zone);
    }
  }

  /** Takes the taints off, and what is planned back. Models markNodeAsReachable. */
  async markReachable(node: Node): Promise<void> {
    await removeTaints(this.#client, node, [UNREACHABLE_TAINT]);
    await removeTaints(this.#client, node, [NOT_READY_TAINT]);
    this.#zones.get(zoneKeyOf(node))?.names.delete(node.metadata!.name!);
  }

  /** How many nodes of a zone are tainted a second; 0: none. Models SwapLimiter. */
  setRate(key: string, rate: number): void {
    const zone = this.#zoneOf(key);
    if (zone.rate === rate) return;
    const now = this.#clock.now();
    const mustWait = zone.rate === 0 || now < zone.nextAt;
    zone.rate = rate;
    zone.nextAt = mustWait && rate > 0 ? now + 1000 / rate : now;
    zone.timer?.cancel();
    zone.timer = undefined;
    this.#plan(zone);
  }

  #zoneOf(key: string): ZoneQueue {
    const known = this.#zones.get(key);
    if (known !== undefined) return known;
    const zone: ZoneQueue = { names: new Set(), rate: EVICTION_RATE, nextAt: 0, timer: undefined };
    this.#zones.set(key, zone);
    return zone;
  }

  #plan(zone: ZoneQueue): void {
    if (zone.timer !== undefined || zone.names.size === 0 || zone.rate === 0) return;
    const delay = Math.max(EVICTION_PERIOD, zone.nextAt - this.#clock.now());
    zone.timer = this.#clock.schedule(delay, () => void this.#work(zone));
  }

  async #work(zone: ZoneQueue): Promise<void> {
    const [name] = zone.names;
    if (name !== undefined) {
      zone.nextAt = this.#clock.now() + 1000 / zone.rate;
      zone.names.delete(name);
      await this.#taint(name);
    }
    zone.timer = undefined;
    this.#plan(zone);
  }

  /** A node that could not be tainted comes back with the next look at it. */
  async #taint(name: string): Promise<void> {
    const node = this.#nodes.getByKey(name);
    const wanted = node && wantedTaint(readyCondition(node)?.status);
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
function wantedTaint(ready: string | undefined) {
  return ready === 'False' ? NOT_READY_TAINT : ready === 'Unknown' ? UNREACHABLE_TAINT : undefined;
}
