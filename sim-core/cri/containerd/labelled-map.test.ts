import { expect, test } from 'vitest';
import { LabelledMap } from './labelled-map.ts';

const thing = (labels: Record<string, string>) => ({ status: { labels } });

test('things are found by labels, indexed or not, in the order in which they came', () => {
  const map = new LabelledMap<ReturnType<typeof thing>>('uid');
  const [a, b, c, d] = [
    thing({ uid: '1', name: 'x' }),
    thing({ uid: '2', name: 'x' }),
    thing({ uid: '1', name: 'y' }),
    thing({}),
  ];
  Object.entries({ a, b, c, d }).forEach(([id, item]) => map.set(id, item));
  expect([...map.values()]).toEqual([a, b, c, d]);
  expect([...map.values({ uid: '1' })]).toEqual([a, c]);
  expect([...map.values({ name: 'x' })]).toEqual([a, b]);
  expect([...map.values({ uid: '1', name: 'y' })]).toEqual([c]);
  expect([...map.values({ uid: '3' })]).toEqual([]);
  map.delete('a');
  map.delete('none');
  expect(map.get('a')).toBeUndefined();
  expect([...map.values({ uid: '1' })]).toEqual([c]);
  expect([...map.entries()].map(([id]) => id)).toEqual(['b', 'c', 'd']);
});
