import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../worker/protocol.ts';
import type { Storage } from './kept-lab.ts';
import { KeptLab } from './kept-lab.ts';
import { EMPTY_TIMELINE, extend, moveTo, switchTo } from './timeline.ts';

class MemoryStorage implements Storage {
  readonly all = new Map<string, unknown>();
  get = (key: string) => Promise.resolve(this.all.get(key));
  set = (key: string, value: unknown) => Promise.resolve(void this.all.set(key, value));
  delete = (key: string) => Promise.resolve(void this.all.delete(key));
  entries = () => Promise.resolve([...this.all]);
}
const entry = (line: string): LogEntry => ({ at: 0, user: 'u', kind: 'bash', line, stdin: '' });
const timeline = (...lines: string[]) => extend(EMPTY_TIMELINE, lines.map(entry));
const tab = (storage: Storage, name: string, page = '/a/') =>
  new KeptLab(page, 1, () => Promise.resolve(name), storage);

describe('a kept lab', () => {
  it('comes back with where it stood', async () => {
    const storage = new MemoryStorage();
    await tab(storage, 'one').save(moveTo(timeline('a', 'b'), 1), 1);
    expect(await tab(storage, 'one').load()).toEqual({ ...timeline('a', 'b'), position: 1 });
    expect(await tab(storage, 'one', '/b/').load()).toBeUndefined();
  });

  it('comes back with the branches that forks left behind, also after a reset', async () => {
    const storage = new MemoryStorage();
    const forked = extend(moveTo(timeline('a', 'b'), 1), [entry('a'), entry('c')]);
    await tab(storage, 'one').save(forked, 1);
    const loaded = (await tab(storage, 'one').load())!;
    expect(loaded).toEqual(forked);
    await tab(storage, 'one').save(switchTo(loaded, []), 2);
    const { entries, forks } = (await tab(storage, 'one').load())!;
    expect([entries, forks.map((fork) => fork.map(({ line }) => line))]).toEqual([
      [],
      [
        ['a', 'c'],
        ['a', 'b'],
      ],
    ]);
  });

  it('is each tab’s own; a new tab goes on from the newest', async () => {
    const storage = new MemoryStorage();
    await tab(storage, 'one').save(timeline('a'), 1);
    await tab(storage, 'two').save(timeline('b'), 2);
    await tab(storage, 'one').save(timeline('a', 'c'), 3);
    expect((await tab(storage, 'two').load())?.entries).toEqual([entry('b')]);
    expect((await tab(storage, 'new').load())?.entries).toEqual([entry('a'), entry('c')]);
  });

  it('is let go with its log, and with too many newer ones', async () => {
    const storage = new MemoryStorage();
    for (let index = 0; index < 8; index++) await tab(storage, `t${index}`).save(timeline('a'), index);
    expect([...storage.all.keys()]).toEqual([
      'log:/a/#t3',
      'log:/a/#t4',
      'log:/a/#t5',
      'log:/a/#t6',
      'log:/a/#t7',
    ]);
    await tab(storage, 't7').save(EMPTY_TIMELINE, 9);
    expect(storage.all.has('log:/a/#t7')).toBe(false);
  });

  it('is not there if it cannot be read, or if the browser refuses', async () => {
    const storage = new MemoryStorage();
    storage.all.set('log:/a/#one', { v: 1, seed: 1, savedAt: 1, entries: [{ line: 1 }], position: 1 });
    expect(await tab(storage, 'one').load()).toBeUndefined();
    const refusing = { ...storage, get: () => Promise.reject(new Error('denied')) };
    expect(await tab(refusing, 'one').load()).toBeUndefined();
  });
});
