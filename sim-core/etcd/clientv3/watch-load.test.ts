import { describe, expect, test } from 'vitest';
import { Context } from '../../clock/context.ts';
import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { PATIENCE } from '../../testing/scale.ts';
import { settle } from '../../testing/settle.ts';
import { EtcdServer } from '../server/etcd-server.ts';
import type { EtcdClient, KeyRange } from './client.ts';
import { MemoryClient } from './memory.ts';

const WATCHERS = 1_000;
const EVENTS = 100_000;
const KEYS = 4_000;

const keyOf = (index: number) => `/registry/pods/${String(index).padStart(4, '0')}`;

/** A watch that is cancelled and resumed where it was, and what it heard. */
class Follower {
  readonly first: number;
  readonly last: number;
  /** Waits between two responses, so that its queue fills up. */
  readonly isSlow: boolean;
  readonly revisions: number[] = [];
  readonly #client: EtcdClient;
  #next = 1;
  #context = new Context();
  #reading: Promise<void> = Promise.resolve();

  constructor(client: EtcdClient, rand: Rand) {
    this.#client = client;
    this.first = rand.int(KEYS);
    this.last = rand.int(3) === 0 ? this.first : Math.min(KEYS - 1, this.first + rand.int(20));
    this.isSlow = rand.int(10) === 0;
  }

  get isWatching(): boolean {
    return !this.#context.cancelled;
  }

  cancel(): void {
    this.#context.cancel();
  }

  async resume(): Promise<void> {
    await this.#reading;
    this.#context = new Context();
    this.#reading = this.#read(this.#context);
  }

  /** Resolves when everything up to `revision` was heard. */
  async caughtUp(revision: number): Promise<void> {
    while (this.#next <= revision && this.isWatching) await settle();
  }

  async #read(context: Context): Promise<void> {
    const range: KeyRange =
      this.first === this.last
        ? { key: keyOf(this.first) }
        : { key: keyOf(this.first), rangeEnd: keyOf(this.last + 1) };
    const options = { ...range, startRevision: this.#next, progressNotify: true, context };
    for await (const { header, events } of this.#client.watch(options)) {
      for (const { kv } of events) {
        this.revisions.push(kv.modRevision);
        this.#next = kv.modRevision + 1;
      }
      if (events.length === 0) this.#next = header.revision + 1;
      if (this.isSlow) await settle();
    }
  }
}

describe('watch under load', () => {
  const name = `${WATCHERS} watchers hear each of ${EVENTS} changes once, in order, however often they are cancelled and resumed`;
  test(name, { timeout: PATIENCE }, async () => {
    const rand = new Rand('load');
    const clock = new VirtualClock({ start: 0, settle });
    const server = new EtcdServer({ clock, rand: rand.fork('etcd') }, { name: 'default' });
    server.start();
    const clients = Array.from({ length: 10 }, () => new MemoryClient(server));
    const followers = Array.from(
      { length: WATCHERS },
      (_, index) => new Follower(clients[index % 10]!, rand),
    );
    for (const follower of followers) await follower.resume();

    let revision = 1;
    /** For each key, the revisions that changed it. */
    const changes: number[][] = Array.from({ length: KEYS }, () => []);
    for (let event = 0; event < EVENTS; event++) {
      const index = rand.int(KEYS);
      const key = keyOf(index);
      const isPut = rand.int(5) > 0;
      const { header } = isPut
        ? await clients[0]!.put(key, String(event))
        : await clients[0]!.delete({ key });
      // Deleting what is not there changes nothing.
      if (header.revision > revision) changes[index]!.push(header.revision);
      revision = header.revision;
      if (event % 20 === 0) {
        const follower = followers[rand.int(WATCHERS)]!;
        if (follower.isWatching) follower.cancel();
        else await follower.resume();
      }
      if (event % 500 === 0) await settle();
    }

    for (const follower of followers) if (!follower.isWatching) await follower.resume();
    for (const client of clients) await client.requestProgress();
    for (const follower of followers) await follower.caughtUp(revision);
    let heard = 0;
    for (const follower of followers) {
      const expected = changes
        .slice(follower.first, follower.last + 1)
        .flat()
        .sort((a, b) => a - b);
      expect(follower.revisions).toEqual(expected);
      heard += expected.length;
    }
    expect(heard).toBeGreaterThan(EVENTS);
    for (const follower of followers) follower.cancel();
  });
});
