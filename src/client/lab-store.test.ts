import { describe, expect, it, vi } from 'vitest';
import type { BlockData } from './block.ts';
import type { LabActivity, LogEntry, RunResult, ToPage, ToWorker } from '../worker/protocol.ts';
import type { WorkerLike } from './lab-client.ts';
import { LabStore } from './lab-store.ts';

const activity = (revision: number): LabActivity => ({
  ...{ trace: [], events: [] },
  status: { revision, past: 0, time: revision, quiet: true, prompt: '# ' },
});
const resultAt = (revision: number): RunResult => ({
  ...{ outputs: [], stdout: '', stderr: '', exit: 0, activity: activity(revision) },
  ...{ revision: { before: revision - 1, after: revision }, time: { from: revision - 1, to: revision } },
});

/** A worker whose lab counts its commands: its revision is how many there were. */
class CountingWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  readonly received: ToWorker[] = [];
  /** Openings wait for {@link finish}. */
  held = false;
  #commands = 0;

  postMessage(message: ToWorker): void {
    this.received.push(message);
    if (message.type === 'open' && this.held) return;
    queueMicrotask(() => this.answer(message));
  }
  terminate(): void {}
  say(message: ToPage): void {
    this.onmessage?.({ data: message } as MessageEvent<unknown>);
  }
  answer(message: ToWorker): void {
    const { id } = message;
    if (message.type === 'open') {
      this.#commands = message.log?.entries.length ?? 0;
      this.say({ type: 'done', id, activity: activity(this.#commands), entries: [] });
    } else if (message.type === 'run') {
      const { kind, code, user, id: block } = message.block;
      const entry: LogEntry = {
        ...{ at: this.#commands++, user, kind, line: code, stdin: '' },
        ...(block !== '' && { block }),
      };
      this.say({ type: 'done', id, result: resultAt(this.#commands), entries: [entry] });
    } else if (message.type !== 'stop' && message.type !== 'edited') {
      this.say({ type: 'done', id, entries: [], activity: activity(this.#commands) });
    }
  }
  opened(): (readonly string[])[] {
    return this.received.flatMap((message) =>
      message.type === 'open' ? [(message.log?.entries ?? []).map(({ line }) => line)] : [],
    );
  }
}

function setUp(path = '/note/') {
  const worker = new CountingWorker();
  const store = new LabStore(
    path,
    () => worker,
    1,
    () => Promise.resolve('tab'),
  );
  for (const [index, id] of ['a', 'b', 'c'].entries()) {
    const data: BlockData = {
      ...{
        id,
        index,
        kind: 'bash',
        title: id,
        isolated: false,
        shape: 'kubeadm',
        user: 'kubernetes-admin',
        seed: 1,
      },
      result: resultAt(0),
    };
    store.register(data, `run ${id}`);
  }
  const phases = () => ['a', 'b', 'c'].map((id) => store.block(id).phase);
  return { store, worker, phases };
}
const lines = (store: LabStore) => store.page().timeline.entries.map(({ line }) => line);

describe('LabStore', () => {
  it('rewinds to a command: the lab is made anew, later results are of no time', async () => {
    const { store, worker, phases } = setUp();
    await store.run('c');
    expect(phases()).toEqual(['done', 'done', 'done']);
    await store.goTo(1);
    expect(worker.opened()).toEqual([[], ['run a']]);
    expect(phases()).toEqual(['done', 'static', 'static']);
    expect(store.page()).toMatchObject({
      status: { revision: 1 },
      undo: 'rewind',
      timeline: { position: 1 },
    });
    expect(lines(store)).toEqual(['run a', 'run b', 'run c']);
    store.dispose();
  });

  it('forks where a command runs in the past, and goes back to what it left', async () => {
    const { store, phases } = setUp();
    await store.run('c');
    await store.goTo(1);
    await store.runLine('other', {});
    expect(lines(store)).toEqual(['run a', 'other']);
    const [fork] = store.page().timeline.forks;
    expect(fork!.map(({ line }) => line)).toEqual(['run a', 'run b', 'run c']);
    await store.goTo(3, fork!);
    expect(lines(store)).toEqual(['run a', 'run b', 'run c']);
    expect(store.page().timeline.forks.map((log) => log.map(({ line }) => line))).toEqual([
      ['run a', 'other'],
    ]);
    expect(phases()).toEqual(['static', 'static', 'static']);
    // What ran in that log needs not run again.
    expect(store.pendingBefore('c')).toEqual([]);
    store.dispose();
  });

  it('takes a rewind back', async () => {
    const { store, worker, phases } = setUp();
    await store.run('c');
    await store.goTo(0);
    store.undo();
    expect(phases()).toEqual(['done', 'done', 'done']);
    expect(store.page()).toMatchObject({ undo: undefined, timeline: { position: 3 } });
    await store.runLine('more', {});
    expect(worker.opened().at(-1)).toEqual(['run a', 'run b', 'run c']);
    store.dispose();
  });

  it('stays where it is when a replay is ended', async () => {
    const { store, worker, phases } = setUp();
    await store.run('b');
    worker.held = true;
    const rewound = store.goTo(1);
    await vi.waitFor(() => expect(worker.opened()).toHaveLength(2));
    const { id } = worker.received.at(-1)!;
    worker.say({ type: 'progress', id, status: activity(0).status, replayed: { done: 0, total: 1 } });
    expect(store.page().replaying).toEqual({ done: 0, total: 1 });
    store.stop();
    expect(worker.received.at(-1)).toMatchObject({ type: 'stop' });
    worker.say({ type: 'failed', id, message: 'cancelled', cancelled: true });
    await rewound;
    expect(phases()).toEqual(['done', 'done', 'static']);
    expect(store.page()).toMatchObject({
      replaying: undefined,
      undo: undefined,
      failure: '',
      timeline: { position: 2 },
    });
    store.dispose();
  });

  it('prepares a cluster before a block runs in it, and says so', async () => {
    const { store, worker } = setUp();
    worker.held = true;
    const running = store.run('a');
    await vi.waitFor(() => expect(worker.opened()).toHaveLength(1));
    expect(store.block('a')).toMatchObject({ phase: 'running', preparing: true });
    worker.held = false;
    worker.answer(worker.received[0]!);
    await running;
    expect(store.block('a')).toMatchObject({ phase: 'done', preparing: false });
    store.dispose();
  });

  it('takes a saved lab without running anything of it', async () => {
    const { store, worker } = setUp();
    await store.run('a');
    const saved = { ...store.save(), edits: { b: 'changed', unknown: 'x' } };
    const other = setUp();
    other.store.load(saved);
    expect(other.worker.received).toEqual([]);
    expect(other.store.block('b').code).toBe('changed');
    expect(other.store.page().undo).toBe('load');
    expect(other.store.pendingBefore('c')).toEqual(['b']);
    await other.store.run('b');
    expect(other.worker.opened()).toEqual([['run a']]);
    expect(() => other.store.load({ ...saved, seed: 2 })).toThrow('seed');
    expect(worker.opened()).toEqual([[]]);
    other.store.dispose();
    store.dispose();
  });

  it('opens the cluster of its page, broken if it is a page of labs', async () => {
    const { store, worker } = setUp('/docs/cka/labs/etcd-port/');
    await store.run('b');
    const specs = worker.received.flatMap((message) => (message.type === 'open' ? [message.lab] : []));
    expect(specs).toEqual([{ id: 'page', shape: 'kubeadm', seed: 1, scenario: 'etcd-port' }]);
    expect(store.save().scenario).toBe('etcd-port');
    store.dispose();
  });

  it.each([
    ['/docs/cka/labs/etcd-port/', undefined, '장애 실습의 기록이 아니다'],
    ['/docs/cka/labs/etcd-port/', 'etcd-ca', '다른 장애 실습(etcd-ca)의 기록이다'],
    ['/note/', 'etcd-ca', '다른 장애 실습(etcd-ca)의 기록이다'],
  ])('takes no lab that began otherwise: %s, %s', (path, scenario, message) => {
    const { store } = setUp(path);
    const saved = { v: 1, seed: 1, page: '', entries: [], edits: {}, ...(scenario && { scenario }) } as const;
    expect(() => store.load(saved)).toThrow(message);
    expect(store.page().undo).toBeUndefined();
    store.dispose();
  });

  it('resets, and takes that back', async () => {
    const { store, phases } = setUp();
    await store.run('b');
    store.reset();
    expect(phases()).toEqual(['static', 'static', 'static']);
    expect(store.page()).toMatchObject({ undo: 'reset', timeline: { entries: [], position: 0 } });
    store.undo();
    expect(phases()).toEqual(['done', 'done', 'static']);
    expect(lines(store)).toEqual(['run a', 'run b']);
    store.dispose();
  });

  it('tells a worker that was started anew of the reader’s pace', async () => {
    const { store, worker } = setUp();
    store.setPace({ mode: 'pause', speed: 10 });
    await store.run('a');
    expect(worker.received.map(({ type }) => type)).toContain('pace');
    await store.goTo(0);
    expect(worker.received.at(-1)).toMatchObject({ type: 'pace', pace: { mode: 'pause', speed: 10 } });
    store.dispose();
  });
});
