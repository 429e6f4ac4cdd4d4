import { describe, expect, it } from 'vitest';
import type { EtcdChange, EtcdKey } from '../worker/protocol.ts';
import { groupOf, keysAt, treeRows } from './etcd-tree.ts';

const key = (name: string, modRevision: number): EtcdKey => ({
  ...{ key: name, createRevision: modRevision, modRevision, version: 1, lease: '0' },
});
const change = (type: 'put' | 'delete', name: string, modRevision: number): EtcdChange => ({
  ...{ ...key(name, modRevision), type, time: 0 },
});
const BASE = [key('/registry/minions/node01', 3)];
const CHANGES = [
  change('put', '/registry/pods/default/web', 5),
  change('delete', '/registry/pods/default/web', 7),
  change('put', '/registry/pods/default/web', 9),
];

describe('keysAt', () => {
  it.each([
    [4, []],
    [6, [['/registry/pods/default/web', 5, false]]],
    [8, [['/registry/pods/default/web', 7, true]]],
    [9, [['/registry/pods/default/web', 9, false]]],
  ])('revision %i', (revision, expected) => {
    const states = keysAt(BASE, CHANGES, revision);
    expect(states[0]).toMatchObject({ key: '/registry/minions/node01', modRevision: 3 });
    expect(states.slice(1).map((state) => [state.key, state.modRevision, state.deleted])).toEqual(expected);
  });
});

describe('treeRows', () => {
  it('shows groups, the keys of open ones, and what a search finds', () => {
    const states = keysAt(BASE, CHANGES, 9);
    const names = (open: string[], search: string) =>
      treeRows(states, new Set(open), search).map((row) =>
        row.type === 'group' ? row.prefix : row.state.key,
      );
    expect(names([], '')).toEqual(['/registry/minions', '/registry/pods']);
    expect(names(['/registry/pods'], '')).toEqual([
      '/registry/minions',
      '/registry/pods',
      '/registry/pods/default/web',
    ]);
    expect(names([], 'WEB')).toEqual(['/registry/pods', '/registry/pods/default/web']);
  });

  it('is quick with ten thousand keys', () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      key(`/registry/configmaps/default/c${index}`, index + 1),
    );
    const start = performance.now();
    const rows = treeRows(keysAt(many, [], 20_000), new Set(['/registry/configmaps']), '');
    expect(rows).toHaveLength(10_001);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

it('groupOf names the resource', () => {
  expect(groupOf('/registry/pods/default/web')).toBe('/registry/pods');
  expect(groupOf('/registry/minions/node01')).toBe('/registry/minions');
  expect(groupOf('compact_rev_key')).toBe('/');
});
