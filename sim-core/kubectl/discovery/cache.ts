import type { RestClient } from '../../client-go/rest/client.ts';
import type { Clock } from '../../clock/clock.ts';
import { discover, type ServerResources } from './discovery-client.ts';

/** How long kubectl believes what it found out about a server. */
const TIME_TO_LIVE = 6 * 3_600_000;

interface Entry {
  readonly at: number;
  readonly resources: ServerResources;
}

/** What stands in ~/.kube/cache/discovery: kept between runs, for each server. */
export class DiscoveryCache {
  readonly #entries = new Map<string, Entry>();

  get(key: string, now: number): ServerResources | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && now - entry.at < TIME_TO_LIVE ? entry.resources : undefined;
  }

  async fetch(key: string, client: RestClient, clock: Clock): Promise<ServerResources> {
    const resources = await discover(client);
    this.#entries.set(key, { at: clock.now(), resources });
    return resources;
  }

  drop(key: string): void {
    this.#entries.delete(key);
  }
}
