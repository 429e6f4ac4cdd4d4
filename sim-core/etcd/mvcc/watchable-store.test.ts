import { describe, expect, test } from 'vitest';
import { WatchableStore } from './watchable-store.ts';
import type { WatcherConfig, WatchSink } from './watcher.ts';

/** A sink with room for `room` responses; keeps what it took as "put a@2+put b@2" and its end. */
class Recorder implements WatchSink {
  readonly seen: string[] = [];
  room: number;

  constructor(room = Infinity) {
    this.room = room;
  }

  send(...[events, revision]: Parameters<WatchSink['send']>): boolean {
    if (this.room === 0) return false;
    this.room--;
    const texts = events.map(
      ({ type, kv, previous }) =>
        `${type} ${kv.key}@${kv.modRevision}${previous ? ` was ${previous.value}` : ''}`,
    );
    this.seen.push(texts.join('+') || `progress@${revision}`);
    return true;
  }

  cancelled(error: Error): void {
    this.seen.push(error.message);
  }
}

function newStore(): WatchableStore {
  return new WatchableStore({ attach: () => {}, detach: () => {} });
}

function write(store: WatchableStore, ...changes: string[]): void {
  const txn = store.write();
  for (const change of changes) {
    const [key, value] = change.split('=') as [string, string | undefined];
    if (value === undefined) txn.deleteRange(key, undefined);
    else txn.put(key, value, '0');
  }
  txn.end();
}

function watch(store: WatchableStore, sink: WatchSink, config: Partial<WatcherConfig> = {}) {
  const defaults = {
    key: 'a',
    end: undefined,
    startRevision: 0,
    previous: false,
    noPut: false,
    noDelete: false,
  };
  return store.watch(sink, { ...defaults, ...config });
}

describe('WatchableStore', () => {
  test('sends the changes of one transaction together', () => {
    const store = newStore();
    const sink = new Recorder();
    watch(store, sink, { end: '' });
    write(store, 'a=1', 'b=1', 'c=1');
    write(store, 'b', 'a=2');
    expect(sink.seen).toEqual(['put a@2+put b@2+put c@2', 'delete b@3+put a@3']);
  });

  test.each<[string, Partial<WatcherConfig>, string[]]>([
    ['one key', { key: 'b' }, ['put b@2', 'delete b@4']],
    ['a range', { key: 'b', end: 'd' }, ['put b@2', 'put c@3', 'delete b@4']],
    ['from a key on', { key: 'c', end: '' }, ['put c@3', 'put d@5']],
    ['without puts', { key: 'a', end: '', noPut: true }, ['delete b@4']],
    ['without deletes', { key: 'b', end: 'c', noDelete: true }, ['put b@2']],
    ['with the previous value', { key: 'b', previous: true }, ['put b@2', 'delete b@4 was 1']],
    ['from a future revision', { key: 'a', end: '', startRevision: 4 }, ['delete b@4', 'put d@5']],
  ])('a watch of %s gets its changes only', (_name, config, seen) => {
    const [store, past] = [newStore(), newStore()];
    const [live, late] = [new Recorder(), new Recorder()];
    watch(store, live, config);
    for (const change of ['b=1', 'c=1', 'b', 'd=1']) {
      write(store, change);
      write(past, change);
    }
    expect(live.seen).toEqual(seen);
    watch(past, late, { ...config, startRevision: config.startRevision ?? 1 });
    expect(late.seen.join('+')).toBe(seen.join('+'));
  });

  test('a change reaches watchers of the same range as the same event', () => {
    const store = newStore();
    const events: unknown[] = [];
    const sink = { send: (batch: readonly unknown[]) => (events.push(...batch), true), cancelled: () => {} };
    watch(store, sink, { end: '' });
    watch(store, sink, { end: 'z' });
    write(store, 'a=1');
    expect(events).toHaveLength(2);
    expect(events[0]).toBe(events[1]);
  });

  test('previous is the value before the transaction, and nothing for a key that is made', () => {
    const store = newStore();
    const sink = new Recorder();
    write(store, 'a=1');
    watch(store, sink, { previous: true });
    write(store, 'a=2', 'a');
    write(store, 'a=3');
    expect(sink.seen).toEqual(['put a@3 was 1+delete a@3 was 1', 'put a@4']);
  });

  test('a watcher whose sink is full catches up from the log when it has room', () => {
    const store = newStore();
    const sink = new Recorder(1);
    const watcher = watch(store, sink);
    for (const value of ['1', '2', '3']) write(store, `a=${value}`);
    expect(store.isSynced(watcher)).toBe(false);
    store.progress(watcher);
    store.resume(watcher);
    expect(sink.seen).toEqual(['put a@2']);
    sink.room = Infinity;
    store.resume(watcher);
    write(store, 'a=4');
    expect(sink.seen).toEqual(['put a@2', 'put a@3+put a@4', 'put a@5']);
    expect(store.isSynced(watcher)).toBe(true);
  });

  test('catching up comes in batches of a thousand revisions, none of them torn', () => {
    const store = newStore();
    for (let revision = 0; revision < 2_500; revision++) write(store, 'a=1', 'b=1');
    const sink = new Recorder(2);
    const watcher = watch(store, sink, { end: '', startRevision: 1 });
    sink.room = Infinity;
    store.resume(watcher);
    const revisions = sink.seen.map((batch) => batch.split('+').length / 2);
    expect(revisions).toEqual([1_000, 1_000, 500]);
    expect(sink.seen.join('+').split('+')).toHaveLength(5_000);
  });

  test('a compaction ends watches that begin before it, or that fell behind it, and no others', () => {
    const store = newStore();
    const [behind, synced, early, exact] = [new Recorder(1), new Recorder(), new Recorder(), new Recorder()];
    const watcher = watch(store, behind);
    watch(store, synced);
    for (const value of ['1', '2', '3', '4']) write(store, `a=${value}`);
    store.compact(4);
    behind.room = Infinity;
    store.resume(watcher);
    watch(store, early, { startRevision: 3 });
    watch(store, exact, { startRevision: 4 });
    write(store, 'a=5');
    const compacted = 'etcdserver: mvcc: required revision has been compacted';
    expect(behind.seen).toEqual(['put a@2', compacted]);
    expect(early.seen).toEqual([compacted]);
    expect(exact.seen).toEqual(['put a@4+put a@5', 'put a@6']);
    expect(synced.seen).toHaveLength(5);
  });

  test('a watch from the revision of a compacted deletion still sees it', () => {
    const store = newStore();
    write(store, 'a=1');
    write(store, 'a');
    store.compact(3);
    const sink = new Recorder();
    watch(store, sink, { startRevision: 3, previous: true });
    expect(sink.seen).toEqual(['delete a@3']);
  });

  test('progress goes to watchers that have caught up and begun', () => {
    const store = newStore();
    write(store, 'b=1');
    const [begun, future] = [new Recorder(), new Recorder()];
    store.progress(watch(store, begun));
    store.progress(watch(store, future, { startRevision: 9 }));
    expect([begun.seen, future.seen]).toEqual([['progress@2'], []]);
  });

  test('a cancelled watcher hears nothing more, synced or not', () => {
    const store = newStore();
    const [synced, behind] = [new Recorder(), new Recorder(0)];
    const watchers = [watch(store, synced), watch(store, behind)];
    write(store, 'a=1');
    for (const watcher of watchers) store.cancel(watcher);
    behind.room = Infinity;
    store.resume(watchers[1]!);
    write(store, 'a=2');
    expect([synced.seen, behind.seen]).toEqual([['put a@2'], []]);
  });
});
