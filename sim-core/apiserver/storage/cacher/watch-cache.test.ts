import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { ChangeRecords } from './cache-watcher.ts';
import { WatchCache } from './watch-cache.ts';

const object = (name: string, labels?: Record<string, string>): KubeObject => ({
  metadata: { name, ...(labels !== undefined && { labels }) },
});

describe('WatchCache', () => {
  test('scans keys of a prefix in order', () => {
    const cache = new WatchCache(10);
    cache.replace(
      ['/b/2', '/a/1', '/b/1', '/c/1'].map((key) => [key, object(key)] as const),
      5,
    );
    const seen: string[] = [];
    cache.scan('/b/', (_object, key) => void seen.push(key));
    expect(seen).toEqual(['/b/1', '/b/2']);
  });

  test('remembers changes after a revision', () => {
    const cache = new WatchCache(10);
    cache.replace([], 5);
    cache.apply('/a', object('a'), 6);
    cache.apply('/b', object('b'), 8);
    cache.apply('/a', undefined, 9);
    expect(cache.since(6).map(({ key, revision }) => `${key}@${revision}`)).toEqual(['/b@8', '/a@9']);
    expect(cache.since(9)).toEqual([]);
    expect(cache.get('/a')).toBeUndefined();
  });

  test('forgets old changes and says from when on it is complete', () => {
    const cache = new WatchCache(3);
    cache.replace([], 0);
    for (let revision = 1; revision <= 6; revision++) cache.apply('/a', object('a'), revision);
    expect(cache.oldest).toBe(3);
    expect(cache.since(cache.oldest).map(({ revision }) => revision)).toEqual([4, 5, 6]);
  });
});

describe('WatchCache by trigger', () => {
  const on = (node: string): KubeObject => ({ metadata: {}, spec: { nodeName: node } });
  const newCache = () => new WatchCache(4, ({ spec }) => spec.nodeName as string);
  const keysOn = (cache: WatchCache, node: string, prefix = '/') => {
    const keys: string[] = [];
    cache.visit({ prefix, trigger: node }, (_object, key) => void keys.push(key));
    return keys;
  };

  test('finds the objects of a value in key order, below a prefix', () => {
    const cache = newCache();
    cache.replace([['/b/x', on('n1')], ['/a/y', on('n1')], ['/a/z', on('n2')]], 1); // prettier-ignore
    expect(keysOn(cache, 'n1')).toEqual(['/a/y', '/b/x']);
    expect(keysOn(cache, 'n1', '/b/')).toEqual(['/b/x']);
    expect(keysOn(cache, 'n3')).toEqual([]);
  });

  test('follows objects that move, change and go', () => {
    const cache = newCache();
    cache.apply('/a/x', on(''), 1);
    cache.apply('/a/x', on('n1'), 2);
    cache.apply('/a/x', on('n1'), 3);
    expect([keysOn(cache, ''), keysOn(cache, 'n1')]).toEqual([[], ['/a/x']]);
    cache.apply('/a/x', undefined, 4);
    expect(keysOn(cache, 'n1')).toEqual([]);
  });
});

describe('WatchCache by label', () => {
  const labelled = (value?: string) => object('x', value === undefined ? undefined : { app: value });
  const key = (index: number) => `/a/${String(index).padStart(3, '0')}`;
  /** Which objects are looked at, and how many of them match. */
  const look = (cache: WatchCache, value: string) => {
    const keys: string[] = [];
    cache.visit({ prefix: '/', label: { key: 'app', value } }, (_object, found) => void keys.push(found));
    return keys;
  };

  test('looks at those alone that have the label, among many, whatever becomes of them', () => {
    const cache = new WatchCache(4);
    for (let index = 0; index < 200; index++) {
      cache.apply(key(index), labelled(index % 20 === 0 ? 'web' : 'db'), index + 1);
    }
    expect(look(cache, 'web')).toHaveLength(10);
    expect(look(cache, 'other')).toEqual([]);
    cache.apply(key(1), labelled('web'), 201);
    cache.apply(key(0), labelled(), 202);
    cache.apply(key(20), undefined, 203);
    expect(look(cache, 'web').slice(0, 2)).toEqual([key(1), key(40)]);
    cache.replace([[key(5), labelled('web')]], 204);
    expect(look(cache, 'web')).toEqual([key(5)]);
  });

  test('looks at all of a few', () => {
    const cache = new WatchCache(4);
    cache.apply(key(0), labelled('web'), 1);
    cache.apply(key(1), labelled('db'), 2);
    expect(look(cache, 'web')).toEqual([key(0), key(1)]);
  });
});

describe('ChangeRecords', () => {
  const selection = {
    prefix: '/',
    matches: ({ metadata }: KubeObject) => metadata.labels?.['on'] === 'yes',
  };
  const on = object('x', { on: 'yes' });
  const off = object('x', { on: 'no' });
  test.each([
    ['creation inside', undefined, on, 'ADDED'],
    ['creation outside', undefined, off, undefined],
    ['entering', off, on, 'ADDED'],
    ['staying', on, on, 'MODIFIED'],
    ['leaving', on, off, 'DELETED'],
    ['deletion inside', on, undefined, 'DELETED'],
    ['deletion outside', off, undefined, undefined],
  ] as const)('%s', (_name, previous, current, want) => {
    const records = new ChangeRecords({ key: '/x', revision: 7, object: current, previous });
    expect(records.for(selection)?.type).toBe(want);
  });

  test('a deletion shows the last selected form at the revision of the change', () => {
    const records = new ChangeRecords({ key: '/x', revision: 7, object: off, previous: on });
    expect(records.for(selection)?.object.metadata).toEqual({
      name: 'x',
      labels: { on: 'yes' },
      resourceVersion: '7',
    });
  });

  test('watchers with the same view share one record', () => {
    const records = new ChangeRecords({ key: '/x', revision: 7, object: on, previous: undefined });
    expect(records.for(selection)).toBe(records.for({ prefix: '/' }));
  });
});
