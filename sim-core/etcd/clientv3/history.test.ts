import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Context } from '../../clock/context.ts';
import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { NO_REAL_ETCD, RealEtcd, realEtcdIsAtLeast, realEtcdVersion } from '../../testing/real-etcd.ts';
import { PATIENCE, scaled } from '../../testing/scale.ts';
import { settle } from '../../testing/settle.ts';
import { EtcdServer } from '../server/etcd-server.ts';
import type {
  Compare,
  EtcdClient,
  EtcdError,
  KeyRange,
  Operation,
  RangeOptions,
  Transaction,
  WatchEvent,
} from './client.ts';
import { MemoryClient } from './memory.ts';

/**
 * The same random histories on the store in memory and on a real etcd: the same answers, the same
 * errors, the same events. (The store in memory is held to a plain model in server/history.test.ts.)
 */
/** Each history has an etcd of its own, whose start is most of what a short one takes. */
const OPERATIONS = scaled(100, 1_000);
const HISTORIES = scaled(20, 100);

const key = fc.constantFrom('a', 'b', 'ba', 'bb', 'c', 'é', '한', '😀', '\udcff');
const value = fc.constantFrom('', '0', '1', '2', 'é', '\udc80');
const range = fc.record(
  { key, rangeEnd: fc.oneof(key, fc.constant('\0')) },
  { requiredKeys: ['key'] },
) as fc.Arbitrary<KeyRange>;
/** A revision relative to the present one; 0 stands for "now" as it does in requests. */
const back = fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.integer({ min: -2, max: 30 }));
const lease = fc.constantFrom('0', '0', '0', '71', '72', '73');
const rangeOptions = fc.record(
  {
    limit: fc.nat(4),
    sort: fc.record({
      target: fc.constantFrom(
        'key' as const,
        'version' as const,
        'create' as const,
        'mod' as const,
        'value' as const,
      ),
      order: fc.constantFrom('ascend' as const, 'descend' as const),
    }),
    keysOnly: fc.boolean(),
    countOnly: fc.boolean(),
    minModRevision: fc.nat(60),
    maxModRevision: fc.nat(60),
    minCreateRevision: fc.nat(60),
    maxCreateRevision: fc.nat(60),
  },
  { requiredKeys: [] },
);
const putOptions = fc.record(
  { lease, previous: fc.boolean(), ignoreValue: fc.boolean(), ignoreLease: fc.boolean() },
  { requiredKeys: [] },
);
const put = fc
  .record({ key, value, options: putOptions })
  .map(({ options, ...kv }) => ({ type: 'put' as const, ...kv, ...options }));
const remove = fc
  .record({ range, previous: fc.boolean() })
  .map(({ range: keys, previous }) => ({ type: 'delete' as const, ...keys, previous }));
const read = fc
  .record({ range, options: rangeOptions, back })
  .map(({ range: keys, options, back: ago }) => ({ type: 'range' as const, ...keys, ...options, back: ago }));

type Template = Exclude<Operation, { type: 'txn' }> & { readonly back?: number | undefined };
interface TxnTemplate {
  readonly type: 'txn';
  readonly compare: readonly Compare[];
  readonly success: readonly (Template | TxnTemplate)[];
  readonly failure: readonly (Template | TxnTemplate)[];
}

const numeric = fc.record({
  target: fc.constantFrom('version' as const, 'create' as const, 'mod' as const),
  operand: fc.nat(12),
});
const compare = fc
  .record({
    range,
    result: fc.constantFrom('=' as const, '!=' as const, '<' as const, '>' as const),
    of: fc.oneof(
      numeric,
      fc.record({ target: fc.constant('value' as const), operand: value }),
      fc.record({ target: fc.constant('lease' as const), operand: lease }),
    ),
  })
  .map(({ range: keys, result, of }): Compare => ({ ...keys, result, ...of }));
// In a transaction a real etcd may panic on a put after a deletion that has no end.
const removeUpTo = remove.filter(({ rangeEnd }) => rangeEnd !== '\0');
const { txn } = fc.letrec<{ txn: TxnTemplate; operation: Template | TxnTemplate }>((tie) => ({
  operation: fc.oneof({ maxDepth: 2 }, put, removeUpTo, read, tie('txn')),
  txn: fc.record({
    type: fc.constant('txn' as const),
    compare: fc.array(compare, { maxLength: 2 }),
    success: fc.array(tie('operation'), { maxLength: 3 }),
    failure: fc.array(tie('operation'), { maxLength: 3 }),
  }),
}));
const command = fc.oneof(
  { weight: 8, arbitrary: put },
  { weight: 3, arbitrary: remove },
  { weight: 5, arbitrary: read },
  { weight: 6, arbitrary: txn },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('compact' as const), back: fc.nat(40) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('grant' as const), id: lease }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('revoke' as const), id: lease }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('time-to-live' as const), id: lease }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('watch' as const),
      range,
      back,
      previous: fc.boolean(),
      noPut: fc.boolean(),
      noDelete: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel' as const), which: fc.nat() }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** One etcd with the watches that the history opened on it. */
class Side {
  readonly client: EtcdClient;
  readonly watches: { readonly events: unknown[]; readonly context: Context; created: Promise<void> }[] = [];

  constructor(client: EtcdClient) {
    this.client = client;
  }

  /** What the command answers, without what differs between any two servers. */
  async perform(step: Command, revision: number): Promise<unknown> {
    try {
      return stripped(await this.#answer(step, revision));
    } catch (error) {
      return `${(error as EtcdError).code}: ${(error as EtcdError).message}`;
    }
  }

  /** Resolves when the watches have seen as much as those of `other`. */
  async caughtUp(other: Side): Promise<void> {
    for (const [index, { events, created }] of this.watches.entries()) {
      await created;
      const isBehind = () =>
        events.length < other.watches[index]!.events.length && events.at(-1) !== COMPACTED;
      for (let wait = 0; isBehind() && wait < 1_000; wait++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }

  cancelAll(): void {
    for (const { context } of this.watches) context.cancel();
  }

  #answer(step: Command, revision: number): Promise<unknown> {
    const { client } = this;
    switch (step.type) {
      case 'put': {
        const { key: name, value: text, ...options } = step;
        return client.put(name, text, options);
      }
      case 'delete':
        return client.delete(step, step);
      case 'range': {
        const resolved = resolve(step, revision) as KeyRange & RangeOptions;
        return client.get(resolved, resolved);
      }
      case 'txn':
        return client.txn(resolve(step, revision) as Transaction);
      case 'compact':
        return client.compact(revision - step.back);
      case 'grant':
        return client.leaseGrant(1_000_000, step.id === '0' ? '74' : step.id);
      case 'revoke':
        return client.leaseRevoke(step.id === '0' ? '74' : step.id);
      case 'time-to-live':
        return client.leaseTimeToLive(step.id, { keys: true });
      case 'watch':
        return this.#watch(step, step.back === undefined ? 0 : Math.max(0, revision - step.back));
      case 'cancel':
        this.watches[step.which % this.watches.length]?.context.cancel();
        return Promise.resolve();
    }
  }

  async #watch(step: Extract<Command, { type: 'watch' }>, startRevision: number): Promise<void> {
    const events: unknown[] = [];
    const context = new Context();
    const { range: keys, previous, noPut, noDelete } = step;
    let create = () => {};
    const created = new Promise<void>((resolvePromise) => (create = resolvePromise));
    const options = { ...keys, previous, noPut, noDelete, startRevision, context, createdNotify: true };
    this.watches.push({ events, context, created });
    void (async () => {
      try {
        for await (const response of this.client.watch(options)) {
          create();
          events.push(...response.events.map((event: WatchEvent) => stripped(event)));
        }
      } catch (error) {
        events.push(`${(error as EtcdError).code}: ${(error as EtcdError).message}`);
      }
      create();
    })();
    await created;
  }
}

/** A template with its revision in the place of how far back it lies. */
function resolve(template: Template | TxnTemplate, revision: number): Operation {
  if (template.type === 'txn') {
    const inner = (operations: TxnTemplate['success']) =>
      operations.map((operation) => resolve(operation, revision));
    return { ...template, success: inner(template.success), failure: inner(template.failure) };
  }
  if (template.type !== 'range') return template;
  const { back: ago, ...rest } = template;
  return { ...rest, revision: ago === undefined ? 0 : Math.max(0, revision - ago) };
}

/** A copy without the ids of the server and without times. The server orders a lease's keys as it likes. */
function stripped(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer ?? null, (name, field: unknown) => {
      if (['clusterId', 'memberId', 'raftTerm'].includes(name)) return undefined;
      if (name === 'ttl' && field !== -1) return 'some';
      if (name === 'keys') return [...(field as string[])].sort();
      return field;
    }),
  );
}

function expectSame(answer: unknown, expected: unknown, step: Command): void {
  // Before 3.6 a transaction's puts are checked before its ranges: another error may come first.
  const isRefused = typeof answer === 'string' && typeof expected === 'string';
  if (step.type === 'txn' && isRefused && !realEtcdIsAtLeast('3.6')) return;
  expect(answer, JSON.stringify(step)).toEqual(expected);
}

/**
 * A real etcd takes up to 100 ms to find that a watch from the past has nothing more to tell; a
 * compaction that comes before ends it. What it told until then must be the same.
 */
function expectSameEvents(events: readonly unknown[], expected: readonly unknown[]): void {
  if (events.at(-1) !== COMPACTED) return expect(events).toEqual(expected);
  const told = events.slice(0, -1);
  expect(told).toEqual(expected.slice(0, told.length));
}

const COMPACTED = 'OutOfRange: etcdserver: mvcc: required revision has been compacted';

async function replay(commands: readonly Command[]): Promise<void> {
  const clock = new VirtualClock({ start: 0, settle });
  const server = new EtcdServer({ clock, rand: new Rand(1) }, { name: 'default' });
  server.start();
  const etcd = await RealEtcd.start();
  const memory = new Side(new MemoryClient(server));
  const real = new Side(etcd.client);
  try {
    for (const step of commands) {
      const revision = (await memory.client.get({ key: 'a' })).header.revision;
      if (step.type === 'compact' || step.type === 'cancel') {
        await settle();
        await real.caughtUp(memory);
      }
      const expected = await memory.perform(step, revision);
      expectSame(await real.perform(step, revision), expected, step);
      if (step.type === 'watch') {
        await settle();
        await real.caughtUp(memory);
      }
    }
    await settle();
    await real.caughtUp(memory);
    for (const [index, { events }] of real.watches.entries()) {
      expectSameEvents(events, memory.watches[index]!.events);
    }
  } finally {
    memory.cancelAll();
    real.cancelAll();
    await etcd.stop();
  }
}

if (realEtcdVersion === undefined) process.stderr.write(`random histories on a real etcd: ${NO_REAL_ETCD}\n`);

describe(`random histories on a real etcd ${realEtcdVersion ?? NO_REAL_ETCD}`, () => {
  afterAll(settle);

  test.skipIf(realEtcdVersion === undefined)(
    `read, fail and are watched as in memory: ${HISTORIES * OPERATIONS} operations`,
    { timeout: PATIENCE },
    async () => {
      const history = fc.array(command, { minLength: OPERATIONS, maxLength: OPERATIONS, size: 'max' });
      await fc.assert(fc.asyncProperty(history, replay), { numRuns: HISTORIES, endOnFailure: true });
    },
  );
});
