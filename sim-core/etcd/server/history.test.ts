import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { PATIENCE, scaled } from '../../testing/scale.ts';
import { settle } from '../../testing/settle.ts';
import type { Compare, KeyValue, Operation, WatchEvent, WatchResponse } from '../clientv3/client.ts';
import { EtcdServer } from './etcd-server.ts';
import type { ServerWatch, WatchReceiver, WatchStream } from './watch.ts';

const OPERATIONS = 100;
const HISTORIES = scaled(50, 1_000);

/** The store as plainly as it can be written: every revision's keys in a map of their own. */
class Model {
  readonly revisions: ReadonlyMap<string, KeyValue>[] = [new Map(), new Map()];
  readonly events: WatchEvent[] = [];
  compacted = -1;
  /** Leases by id, the one that was granted or renewed last at the end. */
  readonly leases = new Map<string, { readonly ttl: number; readonly expiry: number }>();

  get revision(): number {
    return this.revisions.length - 1;
  }

  /** Applies puts and deletions in order; returns how many keys each deletion found. */
  write(operations: readonly Operation[]): number[] {
    const before = this.revisions.at(-1)!;
    const now = new Map(before);
    const main = this.revisions.length;
    const deleted: number[] = [];
    const events: WatchEvent[] = [];
    for (const operation of operations) {
      if (operation.type === 'put') {
        const old = now.get(operation.key);
        const kv: KeyValue = {
          key: operation.key,
          value: operation.value,
          createRevision: old?.createRevision ?? main,
          modRevision: main,
          version: (old?.version ?? 0) + 1,
          lease: operation.lease ?? '0',
        };
        now.set(kv.key, kv);
        events.push({ type: 'put', kv, previous: before.get(kv.key) });
      } else if (operation.type === 'delete') {
        const keys = select(now, operation.key, operation.rangeEnd).map((kv) => kv.key);
        deleted.push(keys.length);
        for (const key of keys) {
          now.delete(key);
          const kv = { key, value: '', createRevision: 0, modRevision: main, version: 0, lease: '0' };
          events.push({ type: 'delete', kv, previous: before.get(key) });
        }
      }
    }
    if (events.length > 0) this.revisions.push(now);
    this.events.push(...events);
    return deleted;
  }

  grant(id: string, ttl: number, now: number): void {
    this.leases.delete(id);
    this.leases.set(id, { ttl, expiry: now + ttl * 1000 });
  }

  /** Deletes the lease's keys, in their order. */
  revoke(id: string): void {
    this.leases.delete(id);
    const keys = this.keysOf(id);
    this.write(keys.map((name) => ({ type: 'delete', key: name })));
  }

  keysOf(id: string): string[] {
    return select(this.revisions.at(-1)!, '', '\0')
      .filter((kv) => kv.lease === id)
      .map((kv) => kv.key);
  }

  /** Revokes what has run out, the first to run out first. */
  expire(now: number): void {
    const expired = [...this.leases].filter(([, { expiry }]) => expiry <= now);
    for (const [id] of expired.sort(([, a], [, b]) => a.expiry - b.expiry)) this.revoke(id);
  }
}

function within(key: string, begin: string, rangeEnd: string | undefined): boolean {
  if (rangeEnd === undefined) return key === begin;
  return key >= begin && (rangeEnd === '\0' || key < rangeEnd);
}

function select(kvs: ReadonlyMap<string, KeyValue>, begin: string, rangeEnd: string | undefined): KeyValue[] {
  return [...kvs.values()]
    .filter((kv) => within(kv.key, begin, rangeEnd))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A watch with room for a while, and what it was told. */
class Follower implements WatchReceiver {
  readonly events: WatchEvent[] = [];
  room: number;
  error: string | undefined;
  watch: ServerWatch | undefined;
  readonly first: number;
  readonly range: { readonly key: string; readonly rangeEnd?: string };

  constructor(range: Follower['range'], first: number, room: number) {
    this.range = range;
    this.first = first;
    this.room = room;
  }

  created(): void {}

  receive({ events }: WatchResponse): boolean {
    if (this.room <= 0) return false;
    this.room--;
    this.events.push(...events);
    return true;
  }

  cancelled(error: Error): void {
    this.error = error.message;
  }

  disconnected(): void {
    this.error = 'disconnected';
  }
}

const COMPACTED = 'etcdserver: mvcc: required revision has been compacted';

const key = fc.constantFrom('a', 'b', 'ba', 'bb', 'c', 'd', 'ㄱ', 'ㄴ');
const range = fc
  .record({ key, rangeEnd: fc.option(fc.oneof(key, fc.constant('\0')), { nil: undefined }) })
  .map(({ key: begin, rangeEnd }) => (rangeEnd === undefined ? { key: begin } : { key: begin, rangeEnd }));
/** A revision as a part of those there are (0 the oldest, 1 the next one to come), or -1: the compacted one. */
const part = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 1000 }).map((permille) => permille / 1000) },
  { weight: 1, arbitrary: fc.constant(-1) },
);
const leaseId = fc.constantFrom('7', '8', '9');
const put = fc.record(
  {
    type: fc.constant('put' as const),
    key,
    value: fc.string({ maxLength: 3 }),
    lease: fc.option(leaseId, { nil: '0' }),
  },
  { requiredKeys: ['type', 'key', 'value'] },
);
const del = range.map((found) => ({ type: 'delete' as const, ...found }));
const writes = fc.oneof(
  fc.uniqueArray(put, { maxLength: 4, selector: (operation) => operation.key }),
  del.map((operation) => [operation]),
);
const command = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('put' as const), operation: put }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), operation: del }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('txn' as const),
      key,
      target: fc.constantFrom('version' as const, 'mod' as const, 'create' as const),
      result: fc.constantFrom('=' as const, '!=' as const, '<' as const, '>' as const),
      part,
      success: writes,
      failure: writes,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), range, part, limit: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const), part }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('watch' as const), range, part, room: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('resume' as const), which: fc.nat(), room: fc.nat(5) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('grant' as const),
      id: leaseId,
      ttl: fc.integer({ min: 2, max: 20 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('revoke' as const, 'renew' as const), id: leaseId }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 8 }) }),
  },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

const COMPARE: Record<Compare['result'], (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
};
const PROPERTY = { version: 'version', mod: 'modRevision', create: 'createRevision' } as const;

async function replay(commands: readonly Command[]): Promise<void> {
  const clock = new VirtualClock({ start: 0, settle });
  const server = new EtcdServer({ clock, rand: new Rand(1) }, { name: 'controlplane' });
  server.start();
  const model = new Model();
  const stream = server.watch.openStream();
  const followers: Follower[] = [];
  for (const step of commands) {
    if (step.do === 'pass') {
      await clock.advance(step.seconds * 1000);
      model.expire(clock.now());
    } else perform(step, server, model, stream, followers, clock.now());
  }
  for (const follower of followers) {
    follower.room = Infinity;
    follower.watch?.resume();
    checkFollower(follower, model);
  }
  expect(server.kv.range({ key: 'a', rangeEnd: '\0' }).kvs).toEqual(
    select(model.revisions.at(-1)!, 'a', '\0'),
  );
}

const LEASE_NOT_FOUND = 'etcdserver: requested lease not found';

function perform(
  step: Exclude<Command, { readonly do: 'pass' }>,
  { kv, lease }: EtcdServer,
  model: Model,
  stream: WatchStream,
  followers: Follower[],
  now: number,
): void {
  /** True if an operation puts a key under a lease that is not there: then the request is refused. */
  const isLost = (operations: readonly Operation[]) =>
    operations.some(
      (operation) =>
        operation.type === 'put' && (operation.lease ?? '0') !== '0' && !model.leases.has(operation.lease!),
    );
  const revisionAt = (at: number) =>
    at < 0 ? Math.max(0, model.compacted) : Math.round(at * (model.revision + 1));
  switch (step.do) {
    case 'put': {
      const previous = model.revisions.at(-1)!.get(step.operation.key);
      if (isLost([step.operation])) return expect(() => kv.put(step.operation)).toThrow(LEASE_NOT_FOUND);
      const response = kv.put({ ...step.operation, previous: true });
      model.write([step.operation]);
      expect(response.previous).toEqual(previous);
      expect(response.header.revision).toBe(model.revision);
      return;
    }
    case 'delete': {
      const response = kv.deleteRange(step.operation);
      expect([response.deleted]).toEqual(model.write([step.operation]));
      expect(response.header.revision).toBe(model.revision);
      return;
    }
    case 'txn': {
      const operand = step.target === 'version' ? Math.round(Math.abs(step.part) * 3) : revisionAt(step.part);
      const found = model.revisions.at(-1)!.get(step.key)?.[PROPERTY[step.target]] ?? 0;
      const { key: compared, target, result, success, failure } = step;
      const request = { compare: [{ key: compared, target, result, operand }], success, failure };
      const succeeds = COMPARE[result](found, operand);
      if (isLost(succeeds ? success : failure)) return expect(() => kv.txn(request)).toThrow(LEASE_NOT_FOUND);
      const response = kv.txn(request);
      expect(response.succeeded).toBe(succeeds);
      const deleted = model.write(response.succeeded ? success : failure);
      expect(response.responses.flatMap((part) => (part.type === 'delete' ? [part.deleted] : []))).toEqual(
        deleted,
      );
      expect(response.header.revision).toBe(model.revision);
      return;
    }
    case 'read': {
      const revision = revisionAt(step.part);
      const read = () => kv.range({ ...step.range, revision, limit: step.limit });
      if (revision > model.revision) return expect(read).toThrow(/future revision/);
      if (revision > 0 && revision < model.compacted) return expect(read).toThrow(/has been compacted/);
      const all = select(model.revisions[revision || model.revision]!, step.range.key, step.range.rangeEnd);
      const kvs = step.limit > 0 ? all.slice(0, step.limit) : all;
      return expect(read()).toMatchObject({ kvs, count: all.length, more: kvs.length < all.length });
    }
    case 'compact': {
      const revision = revisionAt(step.part);
      if (revision <= model.compacted)
        return expect(() => kv.compact(revision)).toThrow(/has been compacted/);
      if (revision > model.revision) return expect(() => kv.compact(revision)).toThrow(/future revision/);
      kv.compact(revision);
      model.compacted = revision;
      return;
    }
    case 'watch': {
      const { key: begin, rangeEnd } = step.range;
      if (rangeEnd !== undefined && rangeEnd !== '\0' && rangeEnd <= begin) return;
      const startRevision = revisionAt(step.part);
      const follower = new Follower(step.range, startRevision || model.revision + 1, step.room);
      followers.push(follower);
      follower.watch = stream.watch(follower, { ...step.range, startRevision, previous: true });
      const tooLate = startRevision > 0 && startRevision < model.compacted;
      expect(follower.error).toBe(tooLate ? COMPACTED : undefined);
      return;
    }
    case 'grant': {
      const grant = () => lease.grant(step.ttl, step.id);
      if (model.leases.has(step.id)) return expect(grant).toThrow('etcdserver: lease already exists');
      expect(grant()).toMatchObject({ id: step.id, ttl: step.ttl });
      return model.grant(step.id, step.ttl, now);
    }
    case 'revoke': {
      const revoke = () => lease.revoke(step.id);
      if (!model.leases.has(step.id)) return expect(revoke).toThrow(LEASE_NOT_FOUND);
      expect(lease.timeToLive(step.id, true).keys).toEqual(model.keysOf(step.id));
      revoke();
      return model.revoke(step.id);
    }
    case 'renew': {
      const known = model.leases.get(step.id);
      const renew = () => lease.keepAlive(step.id);
      if (known === undefined) return expect(renew).toThrow(LEASE_NOT_FOUND);
      expect(renew().ttl).toBe(known.ttl);
      return model.grant(step.id, known.ttl, now);
    }
    case 'resume': {
      const follower = followers[step.which % followers.length];
      if (follower === undefined) return;
      follower.room += step.room;
      follower.watch?.resume();
    }
  }
}

/** What the watch was told is what happened, in order; all of it, or up to where a compaction overtook it. */
function checkFollower(follower: Follower, model: Model): void {
  const happened = model.events.filter(
    ({ kv }) =>
      kv.modRevision >= follower.first && within(kv.key, follower.range.key, follower.range.rangeEnd),
  );
  if (follower.error === undefined) expect(follower.events.length).toBe(happened.length);
  else {
    expect(follower.error).toBe(COMPACTED);
    expect(model.compacted).toBeGreaterThan(follower.first);
    const next = happened[follower.events.length];
    if (next !== undefined)
      expect(next.kv.modRevision).not.toBe(happened[follower.events.length - 1]?.kv.modRevision);
  }
  follower.events.forEach(({ type, kv, previous }, index) => {
    const expected = happened[index]!;
    expect({ type, kv }).toEqual({ type: expected.type, kv: expected.kv });
    if (previous !== undefined || kv.modRevision > model.compacted)
      expect(previous).toEqual(expected.previous);
  });
}

describe('random histories', () => {
  const name = `read and are watched as a model says that keeps every revision: ${HISTORIES * OPERATIONS} operations`;
  test(name, { timeout: PATIENCE }, async () => {
    const history = fc.array(command, { minLength: OPERATIONS, maxLength: OPERATIONS, size: 'max' });
    await fc.assert(fc.asyncProperty(history, replay), { numRuns: HISTORIES });
  });
});
