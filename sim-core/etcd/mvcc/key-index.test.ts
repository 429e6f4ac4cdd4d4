import { describe, expect, test } from 'vitest';
import { KeyIndex } from './key-index.ts';
import { formatModification } from './revision.ts';

type Step = readonly ['put' | 'tombstone', main: number, sub?: number];

/** put(2) put(4) tombstone(6) put(8) put(10) tombstone(12) put(14) put(14.1) tombstone(16): three lives. */
const LIVES: readonly Step[] = [
  ['put', 2],
  ['put', 4],
  ['tombstone', 6],
  ['put', 8],
  ['put', 10],
  ['tombstone', 12],
  ['put', 14],
  ['put', 14, 1],
  ['tombstone', 16],
];

function newIndex(steps: readonly Step[]): KeyIndex {
  const index = new KeyIndex('foo');
  for (const [kind, main, sub = 0] of steps) {
    if (kind === 'tombstone') index.tombstone(main, sub);
    else
      index.put({ key: 'foo', value: '', createRevision: 1, modRevision: main, version: 1, lease: '0' }, sub);
  }
  return index;
}

/** "{2.0, 4.0, 6.0(t)} {}": the oldest generation first. */
function show(index: KeyIndex): string {
  return index
    .generations()
    .map((generation) => `{${generation.map(formatModification).join(', ')}}`)
    .join(' ');
}

describe('KeyIndex', () => {
  test('puts and tombstones make generations', () => {
    expect(show(newIndex(LIVES))).toBe('{2.0, 4.0, 6.0(t)} {8.0, 10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}');
    expect(show(newIndex(LIVES.slice(0, 5)))).toBe('{2.0, 4.0, 6.0(t)} {8.0, 10.0}');
    expect(show(newIndex([]))).toBe('{}');
  });

  test.each([
    [1, undefined],
    [2, '2.0'],
    [3, '2.0'],
    [4, '4.0'],
    [5, '4.0'],
    [6, undefined],
    [7, undefined],
    [8, '8.0'],
    [9, '8.0'],
    [10, '10.0'],
    [11, '10.0'],
    [12, undefined],
    [13, undefined],
    [14, '14.1'],
    [15, '14.1'],
    [16, undefined],
    [17, undefined],
  ])('a read at %i sees %s', (atRevision, seen) => {
    const found = newIndex(LIVES).get(atRevision);
    expect(found && formatModification(found)).toBe(seen);
  });

  test.each([
    [1, '{2.0, 4.0, 6.0(t)} {8.0, 10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}', undefined],
    [2, '{2.0, 4.0, 6.0(t)} {8.0, 10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}', '2.0'],
    [3, '{2.0, 4.0, 6.0(t)} {8.0, 10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}', '2.0'],
    [4, '{4.0, 6.0(t)} {8.0, 10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}', '4.0'],
    [5, '{4.0, 6.0(t)} {8.0, 10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}', '4.0'],
    [6, '{6.0(t)} {8.0, 10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}', '6.0(t)'],
    [7, '{8.0, 10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}', undefined],
    [8, '{8.0, 10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}', '8.0'],
    [9, '{8.0, 10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}', '8.0'],
    [10, '{10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}', '10.0'],
    [11, '{10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {}', '10.0'],
    [12, '{12.0(t)} {14.0, 14.1, 16.0(t)} {}', '12.0(t)'],
    [13, '{14.0, 14.1, 16.0(t)} {}', undefined],
    [14, '{14.1, 16.0(t)} {}', '14.1'],
    [15, '{14.1, 16.0(t)} {}', '14.1'],
    [16, '{16.0(t)} {}', '16.0(t)'],
    [17, '{}', undefined],
  ])('compacting at %i leaves %s and keeps %s', (atRevision, left, kept) => {
    const index = newIndex(LIVES);
    const found = index.compact(atRevision);
    expect(show(index)).toBe(left);
    expect(found && formatModification(found)).toBe(kept);
    expect(index.isEmpty).toBe(left === '{}');
  });

  test('compacting step by step leaves what compacting at once does', () => {
    for (let atRevision = 1; atRevision <= 17; atRevision++) {
      const slowly = newIndex(LIVES);
      for (let step = 1; step <= atRevision; step++) slowly.compact(step);
      const once = newIndex(LIVES);
      once.compact(atRevision);
      expect(show(slowly)).toBe(show(once));
    }
  });

  test('keep names what compact keeps, tombstones aside, and changes nothing', () => {
    for (let atRevision = 1; atRevision <= 17; atRevision++) {
      const index = newIndex(LIVES);
      const kept = index.keep(atRevision);
      expect(show(index)).toBe(show(newIndex(LIVES)));
      const compacted = newIndex(LIVES).compact(atRevision);
      const expected = compacted === undefined || compacted.kv.version === 0 ? undefined : compacted;
      expect(kept && formatModification(kept)).toBe(expected && formatModification(expected));
    }
  });

  test('a tombstone for a key that is not there, or a change in the past, is refused', () => {
    expect(() => newIndex([['tombstone', 2]])).toThrow(/does not exist/);
    expect(() =>
      newIndex([
        ['put', 2],
        ['tombstone', 3],
        ['tombstone', 4],
      ]),
    ).toThrow(/does not exist/);
    expect(() =>
      newIndex([
        ['put', 2],
        ['put', 2],
      ]),
    ).toThrow('put of "foo" at 2.0 is not after 2.0');
  });
});
