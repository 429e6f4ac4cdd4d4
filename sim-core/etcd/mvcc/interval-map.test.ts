import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IntervalMap } from './interval-map.ts';

function stab(map: IntervalMap<string>, key: string): string[] {
  const found: string[] = [];
  map.stab(key, (value) => found.push(value));
  return found.sort();
}

describe('IntervalMap', () => {
  test('finds the intervals that contain a key: begin included, end not', () => {
    const map = new IntervalMap<string>();
    map.set('b', 'd', 'b-d');
    map.set('a', 'e', 'a-e');
    map.set('c', '', 'c-');
    const table = {
      '0': [],
      a: ['a-e'],
      b: ['a-e', 'b-d'],
      c: ['a-e', 'b-d', 'c-'],
      d: ['a-e', 'c-'],
      e: ['c-'],
      z: ['c-'],
    };
    for (const [key, found] of Object.entries(table)) expect(stab(map, key), key).toEqual(found);
    map.delete('a', 'e');
    expect(stab(map, 'b')).toEqual(['b-d']);
    expect(map.get('a', 'e')).toBeUndefined();
    map.delete('a', 'e');
  });

  test('refuses an empty interval and one that is there', () => {
    const map = new IntervalMap<number>();
    expect(() => map.set('b', 'b', 1)).toThrow('interval ["b", "b") is empty or there already');
    map.set('a', 'b', 1);
    expect(() => map.set('a', 'b', 2)).toThrow(/there already/);
  });

  test('answers as a list of intervals would, whatever is added and taken away', () => {
    const bound = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const step = fc.record({ add: fc.boolean(), begin: bound, end: fc.oneof(bound, fc.constant('')) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const map = new IntervalMap<string>();
        const model = new Map<string, readonly [string, string]>();
        for (const { add, begin, end } of steps) {
          if (end !== '' && end <= begin) continue;
          const name = `${begin}-${end}`;
          if (!add) {
            map.delete(begin, end);
            model.delete(name);
          } else if (!model.has(name)) {
            map.set(begin, end, name);
            model.set(name, [begin, end]);
          }
          for (const key of ['', 'a', 'aa', 'b', 'c', 'd', 'dd', 'e', 'f', 'g']) {
            const expected = [...model].filter(
              ([, [low, high]]) => key >= low && (high === '' || key < high),
            );
            expect(stab(map, key)).toEqual(expected.map(([value]) => value).sort());
          }
        }
      }),
    );
  });
});
