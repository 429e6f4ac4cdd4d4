import type { Node } from 'kubernetes-types/core/v1';

/** --unhealthy-zone-threshold: the part of a zone's nodes that must not be ready for it to count as disrupted. */
const UNHEALTHY_ZONE_THRESHOLD = 0.55;
/** --large-cluster-size-threshold: in zones that are not larger a disruption stops evictions. */
const LARGE_CLUSTER_THRESHOLD = 50;
/** --node-eviction-rate and --secondary-node-eviction-rate, in nodes a second. */
export const EVICTION_RATE = 0.1;
const SECONDARY_EVICTION_RATE = 0.01;
const EXCLUDED = 'node.kubernetes.io/exclude-disruption';
const REGION = 'topology.kubernetes.io/region';
const ZONE = 'topology.kubernetes.io/zone';

export type ZoneState = 'Initial' | 'Normal' | 'FullDisruption' | 'PartialDisruption';

/** What names a node's zone: region and zone, "" without both. Models component-helpers/node/topology GetZoneKey. */
export function zoneKeyOf({ metadata }: Node): string {
  const [region = '', zone = ''] = [metadata!.labels?.[REGION], metadata!.labels?.[ZONE]];
  return region === '' && zone === '' ? '' : `${region}:\0:${zone}`;
}

/** False for a node that says that it does not speak for its zone. Models isNodeExcludedFromDisruptionChecks. */
export function countsForItsZone({ metadata }: Node): boolean {
  return metadata!.labels?.[EXCLUDED] === undefined;
}

/** `nodes`: for each node of the zone whether it is ready. Models ComputeZoneState. */
export function computeZoneState(nodes: readonly boolean[]): ZoneState {
  const notReady = nodes.filter((isReady) => !isReady).length;
  if (notReady > 0 && notReady === nodes.length) return 'FullDisruption';
  const isPartial = notReady > 2 && notReady / nodes.length >= UNHEALTHY_ZONE_THRESHOLD;
  return isPartial ? 'PartialDisruption' : 'Normal';
}

/** How many nodes a second may lose their pods in a zone of `size`. Models setLimiterInZone. */
function evictionRate(state: ZoneState, size: number): number {
  if (state !== 'PartialDisruption') return EVICTION_RATE;
  return size > LARGE_CLUSTER_THRESHOLD ? SECONDARY_EVICTION_RATE : 0;
}

/** What follows from a look at all zones. */
interface DisruptionChange {
  /** Zones whose rate is another now. */
  readonly rates: ReadonlyMap<string, number>;
  /** No node is ready any more: it is this side that is cut off, so no pod must go. */
  readonly entersFullDisruption: boolean;
  /** Some node is ready again: all that was not heard of them meanwhile does not count. */
  readonly leavesFullDisruption: boolean;
}

/** The state of each zone, by its key. Models the zoneStates of pkg/controller/nodelifecycle and handleDisruption. */
export class ZoneStates {
  readonly #states = new Map<string, ZoneState>();

  /** True if the zone was not known. */
  add(zone: string): boolean {
    if (this.#states.has(zone)) return false;
    this.#states.set(zone, 'Initial');
    return true;
  }

  /** `zones`: for each node that counts whether it is ready. */
  update(zones: ReadonlyMap<string, readonly boolean[]>): DisruptionChange {
    const states = new Map([...zones].map(([zone, nodes]) => [zone, computeZoneState(nodes)]));
    for (const zone of zones.keys()) this.add(zone);
    for (const zone of this.#states.keys()) if (!zones.has(zone)) this.#states.delete(zone);
    const isFull = (all: ReadonlyMap<string, ZoneState>) =>
      [...all.values()].every((state) => state === 'FullDisruption');
    const [isNow, was] = [isFull(states), isFull(this.#states)];
    const rates = new Map<string, number>();
    if (!(isNow && was)) {
      for (const [zone, state] of states) {
        // A cut that is over begins anew with every zone.
        if (!isNow && !was && this.#states.get(zone) === state) continue;
        this.#states.set(zone, state);
        rates.set(zone, isNow ? 0 : evictionRate(state, zones.get(zone)!.length));
      }
    }
    return { rates, entersFullDisruption: isNow && !was, leavesFullDisruption: was && !isNow };
  }
}
