import { describe, expect, it } from 'vitest';
import { computeZoneState, countsForItsZone, zoneKeyOf, ZoneStates } from './zone-states.ts';

const zone = (ready: number, silent: number) => [
  ...Array<boolean>(ready).fill(true),
  ...Array<boolean>(silent).fill(false),
];

describe('computeZoneState', () => {
  it.each([
    [0, 0, 'Normal'],
    [0, 1, 'FullDisruption'],
    [1, 2, 'Normal'],
    [3, 3, 'Normal'],
    [2, 3, 'PartialDisruption'],
    [9, 11, 'PartialDisruption'],
    [10, 11, 'Normal'],
  ])('%d ready, %d not: %s', (ready, silent, state) => {
    expect(computeZoneState(zone(ready, silent))).toBe(state);
  });
});

describe('ZoneStates', () => {
  const changes = (...looks: Record<string, boolean[]>[]) => {
    const states = new ZoneStates();
    return looks.map((zones) => {
      const { rates, entersFullDisruption, leavesFullDisruption } = states.update(
        new Map(Object.entries(zones)),
      );
      return [Object.fromEntries(rates), entersFullDisruption, leavesFullDisruption];
    });
  };

  it('sets rates where a zone changes', () => {
    expect(
      changes(
        { a: zone(3, 0), b: zone(60, 0) },
        { a: zone(3, 0), b: zone(60, 0) },
        { a: zone(1, 5), b: zone(20, 40) },
        { a: zone(0, 6), b: zone(60, 0) },
        { a: zone(6, 0), b: zone(60, 0) },
      ),
    ).toEqual([
      [{ a: 0.1, b: 0.1 }, false, false],
      [{}, false, false],
      [{ a: 0, b: 0.01 }, false, false],
      [{ a: 0.1, b: 0.1 }, false, false],
      [{ a: 0.1 }, false, false],
    ]);
  });

  it('stops all when no zone has a ready node, and begins anew after that', () => {
    expect(
      changes(
        { a: zone(3, 0), b: zone(0, 2) },
        { a: zone(0, 3), b: zone(0, 2) },
        { a: zone(0, 3), b: zone(0, 2) },
        { a: zone(1, 5), b: zone(0, 2) },
      ),
    ).toEqual([
      [{ a: 0.1, b: 0.1 }, false, false],
      [{ a: 0, b: 0 }, true, false],
      [{}, false, false],
      [{ a: 0, b: 0.1 }, false, true],
    ]);
  });

  it('forgets zones without nodes', () => {
    const states = new ZoneStates();
    expect(states.add('a')).toBe(true);
    expect(states.add('a')).toBe(false);
    states.update(new Map([['b', [true]]]));
    expect(states.add('a')).toBe(true);
  });
});

it('names zones by their labels', () => {
  const labels = { 'topology.kubernetes.io/region': 'r', 'topology.kubernetes.io/zone': 'z' };
  expect(zoneKeyOf({ metadata: {} })).toBe('');
  expect(zoneKeyOf({ metadata: { labels } })).toBe('r:\0:z');
  expect(countsForItsZone({ metadata: { labels } })).toBe(true);
  expect(countsForItsZone({ metadata: { labels: { 'node.kubernetes.io/exclude-disruption': '' } } })).toBe(
    false,
  );
});
