import { describe, expect, it } from 'vitest';
import { formatPlace, parsePlace } from './lab-link.ts';

describe('a deep link', () => {
  it.each([
    ['#lab/terminal', { panel: 'terminal' }],
    [
      '#lab/etcd?key=/registry/pods/default/web&rev=432',
      { panel: 'etcd', key: '/registry/pods/default/web', revision: 432 },
    ],
    ['#lab/replay?step=7', { panel: 'replay', step: 7 }],
  ] as const)('%s', (fragment, place) => {
    expect(parsePlace(fragment)).toEqual(place);
    expect(formatPlace(place)).toBe(fragment);
  });

  it('carries keys with any character', () => {
    const place = { panel: 'etcd', key: '/registry/x/a?b&c=d#e %' } as const;
    expect(parsePlace(formatPlace(place))).toEqual(place);
  });

  it('is not every fragment', () => {
    for (const fragment of ['', '#role', '#lab/nowhere', '#lab=abc'])
      expect(parsePlace(fragment)).toBeUndefined();
    expect(parsePlace('#lab/etcd?rev=-1&step=x')).toEqual({ panel: 'etcd' });
  });
});
