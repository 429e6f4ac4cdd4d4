import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabSpec, ToPage, ToWorker } from '../worker/protocol.ts';
import type { WorkerLike } from './lab-client.ts';
import { LabClient, UnresponsiveError } from './lab-client.ts';

const LAB: LabSpec = { id: 'page', shape: 'kubeadm', seed: 1 };
const BLOCK = { id: 'b', kind: 'bash', code: 'x', user: 'kubernetes-admin' } as const;
const ENTRY = { at: 0, user: 'kubernetes-admin', kind: 'bash', line: 'x', stdin: '' } as const;

class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  readonly received: ToWorker[] = [];
  terminated = false;

  postMessage(message: ToWorker): void {
    this.received.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
  say(message: ToPage): void {
    this.onmessage?.({ data: message } as MessageEvent<unknown>);
  }
  last(): ToWorker {
    return this.received.at(-1)!;
  }
}

function setUp() {
  const workers: FakeWorker[] = [];
  const client = new LabClient(
    () => {
      workers.push(new FakeWorker());
      return workers.at(-1)!;
    },
    { onOpened: () => {}, onActivity: () => {} },
  );
  return { client, workers };
}
const flush = () => vi.advanceTimersByTimeAsync(0);

describe('LabClient', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('starts no worker before something runs', () => {
    expect(setUp().workers).toHaveLength(0);
  });

  it('opens a lab once and keeps the log of what ran', async () => {
    const { client, workers } = setUp();
    for (let run = 0; run < 2; run++) {
      const result = client.run(LAB, BLOCK, { follow: false });
      if (run === 0) {
        workers[0]!.say({ type: 'done', id: workers[0]!.last().id, entries: [] });
      }
      await flush();
      workers[0]!.say({ type: 'done', id: workers[0]!.last().id, result: {} as never, entries: [ENTRY] });
      await result;
    }
    expect(workers[0]!.received.map(({ type }) => type)).toEqual(['open', 'run', 'run']);
    expect(client.logOf(LAB).entries).toEqual([ENTRY, ENTRY]);
  });

  it('ends a worker that is silent for two seconds under a program, and restores the lab', async () => {
    const { client, workers } = setUp();
    client.restore(LAB, { v: 1, seed: 1, entries: [ENTRY] });
    const result = client.run(LAB, BLOCK, { follow: false });
    const failed = expect(result).rejects.toBeInstanceOf(UnresponsiveError);
    workers[0]!.say({ type: 'done', id: workers[0]!.last().id, entries: [] });
    await flush();
    workers[0]!.say({ type: 'alive', id: 0, guest: true });
    await vi.advanceTimersByTimeAsync(1900);
    expect(workers[0]!.terminated).toBe(false);
    await vi.advanceTimersByTimeAsync(600);
    expect(workers[0]!.terminated).toBe(true);
    await failed;

    void client.run(LAB, BLOCK, { follow: false }).catch(() => {});
    expect(workers[1]!.last()).toMatchObject({ type: 'open', log: { entries: [ENTRY] } });
  });

  it('leaves a worker alone that says it is alive', async () => {
    const { client, workers } = setUp();
    void client.run(LAB, BLOCK, { follow: false }).catch(() => {});
    for (let second = 0; second < 30; second++) {
      workers[0]!.say({ type: 'alive', id: 0, guest: false });
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(workers[0]!.terminated).toBe(false);
    client.terminate();
  });

  it('opens a lab again after it failed', async () => {
    const { client, workers } = setUp();
    const result = client.run(LAB, BLOCK, { follow: false });
    const failed = expect(result).rejects.toThrow('broken');
    workers[0]!.say({ type: 'done', id: workers[0]!.last().id, entries: [] });
    await flush();
    workers[0]!.say({ type: 'failed', id: workers[0]!.last().id, message: 'broken' });
    await failed;
    void client.run(LAB, BLOCK, { follow: false }).catch(() => {});
    expect(workers[0]!.last().type).toBe('open');
    client.terminate();
  });

  it('refuses a message that is not of the protocol', () => {
    const { client, workers } = setUp();
    void client.run(LAB, BLOCK, { follow: false }).catch(() => {});
    expect(() => workers[0]!.say({ type: 'hello', id: 1 } as never)).toThrow(TypeError);
    client.terminate();
  });
});
