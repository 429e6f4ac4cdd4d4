import type { Node } from 'kubernetes-types/core/v1';

const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';

/**
 * Names of nodes by zone, listed so that zones take turns: the first nodes looked at are spread.
 * Models pkg/scheduler/backend/cache nodeTree.
 */
export class NodeTree {
  readonly #zones = new Map<string, Set<string>>();
  readonly #zoneOf = new Map<string, string>();
  #list: readonly string[] | undefined;

  /** A new or changed node. */
  set(node: Node): void {
    const name = node.metadata!.name!;
    const zone = zoneKey(node);
    if (this.#zoneOf.get(name) === zone) return;
    this.delete(name);
    this.#zoneOf.set(name, zone);
    const members = this.#zones.get(zone);
    if (members === undefined) this.#zones.set(zone, new Set([name]));
    else members.add(name);
    this.#list = undefined;
  }

  delete(name: string): void {
    const zone = this.#zoneOf.get(name);
    if (zone === undefined) return;
    this.#zoneOf.delete(name);
    const members = this.#zones.get(zone)!;
    members.delete(name);
    if (members.size === 0) this.#zones.delete(zone);
    this.#list = undefined;
  }

  /** One of each zone, then the next of each zone, and so on. */
  list(): readonly string[] {
    if (this.#list !== undefined) return this.#list;
    const list: string[] = [];
    const turns = [...this.#zones.values()].map((members) => members.values());
    for (let left = turns; left.length > 0;) {
      left = left.filter((members) => {
        const { value, done } = members.next();
        if (!done) list.push(value);
        return !done;
      });
    }
    return (this.#list = list);
  }
}

function zoneKey({ metadata }: Node): string {
  const labels = metadata?.labels ?? {};
  return `${labels[REGION] ?? ''}:${labels[ZONE] ?? ''}`;
}
