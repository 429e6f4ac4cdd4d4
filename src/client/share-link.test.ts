import { describe, expect, it } from 'vitest';
import type { SavedLab } from './command-log.ts';
import { parseSavedLab, SavedLabError } from './command-log.ts';
import { fromFragment, toFragment } from './share-link.ts';

const LAB: SavedLab = {
  ...{ v: 1, seed: 1, page: '/docs/note/' },
  entries: [
    {
      at: 0,
      user: 'kubernetes-admin',
      kind: 'bash',
      line: 'echo "가나다" | cat',
      stdin: '',
      block: 'b',
      stop: 12.5,
    },
    { at: 20, user: 'kubernetes-admin', kind: 'bash', line: 'vi x', stdin: '', edits: ['new\n', null] },
    { at: 20, user: 'root', kind: 'component', line: 'stop etcd controlplane', stdin: '' },
  ],
  edits: { b: '<img src=x onerror=alert(1)>' },
};

describe('a share link', () => {
  it('carries a lab there and back', async () => {
    const fragment = await toFragment(LAB);
    expect(fragment).toMatch(/^#lab=[A-Za-z0-9_-]+$/);
    expect(await fromFragment(fragment)).toEqual(LAB);
  });

  it('says that it is broken', async () => {
    const fragment = await toFragment(LAB);
    for (const broken of [fragment.slice(0, -20), '#lab=', '#lab=%%%', '#lab=AAAA']) {
      await expect(fromFragment(broken), broken).rejects.toBeInstanceOf(SavedLabError);
    }
  });

  it('does not unfold without end', async () => {
    const bomb = { ...LAB, edits: { b: 'x'.repeat(3_000_000) } };
    await expect(fromFragment(await toFragment(bomb))).rejects.toThrow('너무 크다');
  });
});

describe('a lab file', () => {
  it.each([
    ['not JSON', '{'],
    ['another version', '{"v":2,"entries":[]}'],
    ['no entries', '{"v":1,"seed":1}'],
    ['no seed', '{"v":1,"entries":[]}'],
    ['an unknown kind', JSON.stringify({ ...LAB, entries: [{ ...LAB.entries[0], kind: 'eval' }] })],
    ['a line that is no text', JSON.stringify({ ...LAB, entries: [{ ...LAB.entries[0], line: 7 }] })],
    ['time that goes back', JSON.stringify({ ...LAB, entries: [...LAB.entries].reverse() })],
    ['endless time', JSON.stringify({ ...LAB, entries: [{ ...LAB.entries[0], at: 1e15 }] })],
  ])('is refused: %s', (_, text) => {
    expect(() => parseSavedLab(text)).toThrow(SavedLabError);
  });

  it('keeps nothing that it does not know', () => {
    const { entries } = parseSavedLab(JSON.stringify({ ...LAB, entries: [{ ...LAB.entries[0], extra: 1 }] }));
    expect(entries[0]).toEqual(LAB.entries[0]);
  });
});
