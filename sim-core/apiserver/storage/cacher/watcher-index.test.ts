import { expect, test } from 'vitest';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Selection } from './selection.ts';
import type { CacheEvent } from './watch-cache.ts';
import { WatcherIndex } from './watcher-index.ts';

const on = (node: string): KubeObject => ({ metadata: { name: 'web' }, spec: { nodeName: node } });
const watcher = (name: string, selection: object) => ({
  name,
  selection: { prefix: '/pods/', ...selection },
});

function indexed() {
  const index = new WatcherIndex<ReturnType<typeof watcher>>(({ spec }) => spec.nodeName as string);
  const watchers = [
    watcher('node01', { trigger: 'node01' }),
    watcher('everything', {}),
    watcher('web', { key: '/pods/web' }),
    watcher('node02', { trigger: 'node02' }),
    watcher('db', { key: '/pods/db' }),
  ];
  for (const each of watchers) index.add(each);
  return { index, watchers };
}

function concerned<W extends { selection: Selection }>(index: WatcherIndex<W>, change: CacheEvent): W[] {
  const found: W[] = [];
  index.visit(change, (watcher) => found.push(watcher));
  return found;
}

test.each([
  ['made on a node', undefined, on('node01'), ['everything', 'web', 'node01']],
  ['changed on it', on('node01'), on('node01'), ['everything', 'web', 'node01']],
  ['moved', on('node01'), on('node02'), ['everything', 'web', 'node02', 'node01']],
  ['gone', on('node02'), undefined, ['everything', 'web', 'node02']],
  ['not on a node', undefined, on(''), ['everything', 'web']],
])('a pod %s concerns those who watch it, its node, or all', (_what, previous, object, names) => {
  const { index } = indexed();
  const found = concerned(index, { key: '/pods/web', revision: 2, object, previous });
  expect(found.map(({ name }) => name)).toEqual(names);
});

test('who is taken out is told nothing more', () => {
  const { index, watchers } = indexed();
  for (const each of watchers) index.delete(each);
  expect([...index.all]).toEqual([]);
  expect(
    concerned(index, { key: '/pods/web', revision: 2, object: on('node01'), previous: undefined }),
  ).toEqual([]);
});

test('without a trigger everybody is asked', () => {
  const index = new WatcherIndex<ReturnType<typeof watcher>>(undefined);
  index.add(watcher('node01', { trigger: 'node01' }));
  expect(
    concerned(index, { key: '/pods/web', revision: 2, object: on('node02'), previous: undefined }),
  ).toHaveLength(1);
});

test('who watches a label hears of objects that have it, get it, and lose it', () => {
  const index = new WatcherIndex<ReturnType<typeof watcher>>(undefined);
  const web = watcher('web', { label: { key: 'app', value: 'web' } });
  const db = watcher('db', { label: { key: 'app', value: 'db' } });
  for (const each of [web, db, watcher('all', {})]) index.add(each);
  const of = (app?: string): KubeObject => ({ metadata: app === undefined ? {} : { labels: { app } } });
  const names = (previous: KubeObject | undefined, object: KubeObject | undefined) =>
    concerned(index, { key: '/pods/x', revision: 2, object, previous }).map(({ name }) => name);
  expect(names(undefined, of('web'))).toEqual(['all', 'web']);
  expect(names(of('web'), of('web'))).toEqual(['all', 'web']);
  expect(names(of('web'), of('db'))).toEqual(['all', 'db', 'web']);
  expect(names(of('db'), of())).toEqual(['all', 'db']);
  index.delete(web);
  expect(names(of('web'), undefined)).toEqual(['all']);
});
